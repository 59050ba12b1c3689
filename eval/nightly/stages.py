"""The parts of a night after the suites were asked: each says in a line how it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from corpus.errors import AetherError
from corpus.nightly import NightStage
from eval.comparing.gate import Gate
from eval.datasets.wice import wice
from eval.judging.agreement import agreement, rated
from eval.judging.checked import check_judge, check_on_claims, corrected, judged_sentences
from eval.judging.embedded import LABEL, EmbeddedJudge
from eval.judging.known import known_sentences
from eval.nightly.drift import drift
from eval.running.log import Run
from eval.running.summary import Summary
from eval.suites.suite import Suite
from ingest.store.store import Store
from service.checking.verify import SavedCitation, fates
from service.settings import Settings
from service.wiring import Wiring

_OLD_DAYS = 365
_AGREES = 0.5
_LABELLED = 4
_SHOWN = 8


def gate_stage(verdict: Gate) -> NightStage:
    """Floors and regressions."""
    broken = [f"{finding.name}: {finding.detail}" for finding in verdict.findings if not finding.passed]
    held = f"{len(verdict.findings)} floors and comparisons hold"
    return NightStage(
        name=f"gate {verdict.suite}",
        verdict="fine" if verdict.passed else "bad",
        summary=held if verdict.passed else f"{len(broken)} broken. Likely cause: {verdict.cause}",
        details=tuple(broken),
    )


def judge_stage(suite: Suite, store: Store, run: Run, settings: Settings) -> NightStage:
    """The judge on known sentences, and the faithfulness corrected by what it misses."""
    judge = EmbeddedJudge(Wiring(settings).verifier)
    checked = check_judge(judge, known_sentences(suite, store))
    said = judged_sentences(judge, run.records)
    labelled, others = said[::_LABELLED], [value for n, (value, _) in enumerate(said) if n % _LABELLED]
    told = [
        f"{kind.kind}: {kind.seen} of {kind.shown} seen, recall {kind.recall:.0%}, precision {kind.precision:.0%}"
        for kind in checked.kinds
    ]
    told.append(f"precision {checked.precision:.0%} of what it objects to")
    if checked.restated_shown:
        told.append(f"{checked.restated:.0%} of {checked.restated_shown} true sentences in other words pass")
    faithful = ""
    if len(labelled) >= 2 and len(others) >= 2:
        found = corrected(others, labelled)
        faithful = f"; faithfulness {found.value:.3f} [{found.low:.3f}, {found.high:.3f}], corrected"
        told.append(
            f"raw faithfulness {found.raw:.3f}, {found.labelled} labelled and {found.unlabelled} other sentences"
        )
    return NightStage(
        name="judge",
        verdict="fine" if checked.trusted else "untrusted",
        summary=f"{checked.passed:.0%} of true sentences pass, {checked.recall:.0%} of mistakes are seen{faithful}",
        details=(*told, LABEL),
    )


def people_stage(data: Path, settings: Settings) -> NightStage:
    """The judge against people: MTRAG's ratings of answers and WiCE's labels of claims, where these are at hand."""
    name, judge = "judge against people", EmbeddedJudge(Wiring(settings).verifier)
    try:
        found = agreement(rated(data, judge))
        claims = check_on_claims(judge, wice(data / "wice"))
    except AetherError:
        return NightStage(name=name, verdict="fine", summary="no answers rated by people are on this machine")
    return NightStage(
        name=name,
        verdict="fine" if found.reported >= _AGREES else "look",
        summary=f"Spearman with people {found.reported:.2f} on the reported half of {found.n} answers",
        details=(
            f"Spearman {found.fitting:.2f} on the other half; RAGAS with a language model reaches 0.58",
            f"claims labelled by people: {claims.passed:.0%} of {claims.true_shown} true ones pass, "
            f"{claims.recall:.0%} of the others are seen",
        ),
    )


def attack_stage(summaries: Sequence[Summary]) -> NightStage:
    """Injected orders and forbidden documents: how many got through."""
    asked = [case for s in summaries for case in s.cases.values() if "NothingLeaked" in case.rows]
    leaked = [case.question for case in asked if case.rows["NothingLeaked"][0] < 1]
    return NightStage(
        name="planted orders and forbidden documents",
        verdict="bad" if leaked else "fine",
        summary=f"{len(leaked)} of {len(asked)} attempts got through",
        details=tuple(leaked),
    )


def citation_stage(runs: Sequence[Run], saved: Sequence[SavedCitation], store: Store) -> NightStage:
    """The citations of last night, and of saved answers, records and reviews, in today's documents."""
    earlier = [c for run in runs for r in run.records if r.answer for c in r.answer.citations]
    if not earlier and not saved:
        return NightStage(name="citation drift", verdict="fine", summary="no earlier answers to check")
    counts, kept = fates(store, earlier), fates(store, saved)
    lost = sum(found["changed"] + found["gone"] for found in (counts, kept))
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    if saved:
        told += "; of what was saved " + ", ".join(f"{count} {name}" for name, count in kept.items())
    return NightStage(name="citation drift", verdict="look" if lost else "fine", summary=told)


def staleness_stage(store: Store, today: date) -> NightStage:
    """Documents that nobody touched for a year, or that say of themselves that they no longer hold."""
    old, ended = [], []
    for card in store.documents.cards():
        changed = card.modified_at[:10]
        if changed and (today - date.fromisoformat(changed)).days > _OLD_DAYS:
            old.append(f"{card.id} ({changed})")
        if card.status.lower() in ("superseded", "deprecated", "obsolete"):
            ended.append(f"{card.id} ({card.status})")
    return NightStage(
        name="staleness",
        verdict="look" if old else "fine",
        summary=f"{len(old)} documents untouched for a year, {len(ended)} superseded or deprecated",
        details=(*old[:_SHOWN], *ended[:_SHOWN]),
    )


def drift_stage(before: Summary | None, after: Summary) -> NightStage:
    """Confidences of the same suite last night and tonight."""
    if before is None:
        return NightStage(name=f"drift {after.suite}", verdict="fine", summary="no earlier night to compare with")
    found = drift([c.confidence for c in before.cases.values()], [c.confidence for c in after.cases.values()])
    return NightStage(
        name=f"drift {after.suite}",
        verdict="look" if found.alarming else "fine",
        summary=f"confidence: Kolmogorov-Smirnov distance {found.distance:.3f}, p {found.p:.3f}",
    )


def persona_stage(summaries: Sequence[Summary]) -> NightStage:
    """Rules of the persona that answers broke."""
    cases = [case for s in summaries for case in s.cases.values()]
    broken = Counter(rule for case in cases for rule in case.rules)
    answers = sum(bool(case.rules) for case in cases)
    return NightStage(
        name="persona",
        verdict="look" if broken else "fine",
        summary=f"{answers} of {len(cases)} answers break a rule",
        details=tuple(f"{rule}: {count}" for rule, count in broken.most_common()),
    )
