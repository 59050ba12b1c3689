"""The cases of a night that a person should look at: those that failed, new ones first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpus.nightly import NightCase, NightEvidence, NightSentence
from eval.running.diagnose import cause
from eval.running.log import Run
from eval.running.record import Record
from eval.running.summary import Summary

_MOST, _PASSAGES, _LETTERS = 24, 3, 700
_GRAVEST = ("leaked", "crashed", "wrongly answered", "missing document", "wrongly refused")


def worst_cases(runs: Sequence[tuple[str, Run, Summary | None]]) -> list[NightCase]:
    """At most two dozen, one of each cause in turn; a case of two suites is shown once, under both their names.

    Cases of restricted callers are left out: the report has readers who may not read them.
    """
    found: dict[tuple[str, str], NightCase] = {}
    for name, run, before in runs:
        for record in run.records:
            if cause(record) and not record.case.principals:
                one = _case(name, record, before)
                same = found.get((one.id, one.cause))
                found[one.id, one.cause] = _both(same, one) if same else one
    ordered = sorted(found.values(), key=lambda c: (not c.new, c.cause not in _GRAVEST, c.cause, c.id))
    return _in_turn(ordered)[:_MOST]


def _both(first: NightCase, second: NightCase) -> NightCase:
    return first.model_copy(update={"suite": f"{first.suite}, {second.suite}", "new": first.new or second.new})


def _in_turn(cases: Sequence[NightCase]) -> list[NightCase]:
    """The new ones, then one of each cause, then the next of each."""
    seen: Counter[tuple[bool, str]] = Counter()
    ranks = []
    for case in cases:
        ranks.append(seen[case.new, case.cause])
        seen[case.new, case.cause] += 1
    order = sorted(range(len(cases)), key=lambda n: (not cases[n].new, ranks[n], n))
    return [cases[n] for n in order]


def _case(name: str, record: Record, before: Summary | None) -> NightCase:
    answer = record.answer
    said = [*answer.sentences, *answer.dropped] if answer else []
    last = before.cases.get(record.case.id) if before else None
    if record.support is not None:
        return _claim(name, record, record.support, new=last is not None and not last.cause)
    return NightCase(
        id=record.case.id,
        suite=name,
        question=record.case.question,
        cause=cause(record),
        expected=record.case.expected,
        answer=answer.text if answer else record.error,
        evidence=tuple(
            NightEvidence(document=e.document, text=e.text[:_LETTERS])
            for e in (answer.evidence[:_PASSAGES] if answer else ())
        ),
        sentences=tuple(NightSentence(text=s.text, supported=s.verdict.supported, check=s.verdict.check) for s in said),
        new=last is not None and not last.cause,
    )


def _claim(name: str, record: Record, support: float, *, new: bool) -> NightCase:
    """A claim that the verifier judged by its own evidence."""
    case = record.case
    return NightCase(
        id=case.id,
        suite=name,
        question=case.question,
        cause=cause(record),
        expected="supported by its evidence" if case.supported else "not wholly supported by its evidence",
        answer=f"support {support:.2f}",
        evidence=(NightEvidence(document="the claim's own", text=" ".join(case.evidence)[:_LETTERS]),),
        sentences=(),
        new=new,
    )
