"""The cases of a night that a person should look at: those that failed, new ones first."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.nightly import NightCase, NightEvidence, NightSentence
from eval.running.diagnose import cause
from eval.running.log import Run
from eval.running.record import Record
from eval.running.summary import Summary

_MOST, _PASSAGES, _LETTERS = 24, 3, 700
_GRAVEST = ("leaked", "crashed", "wrongly answered", "missing document", "wrongly refused")


def worst_cases(runs: Sequence[tuple[str, Run, Summary | None]]) -> list[NightCase]:
    """At most two dozen. Cases of restricted callers are left out: the report has readers who may not read them."""
    found = [
        _case(name, record, before)
        for name, run, before in runs
        for record in run.records
        if cause(record) and not record.case.principals
    ]
    found.sort(key=lambda case: (not case.new, case.cause not in _GRAVEST, case.cause, case.id))
    return found[:_MOST]


def _case(name: str, record: Record, before: Summary | None) -> NightCase:
    answer = record.answer
    said = [*answer.sentences, *answer.dropped] if answer else []
    last = before.cases.get(record.case.id) if before else None
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
