"""One night: suites, gate, judge, leaks, citations, staleness, drift, persona; then the history and the page.

Everything of a night lies in its folder: the logs, the summaries and, once it is done, the report. A night that was
killed goes on when it is started again: a case that is in a log is not asked twice, and everything after the logs
follows from them, so the report is the same, timings aside. A lock keeps a second run out.
"""

from __future__ import annotations

import fcntl
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.errors import StoreBusy
from corpus.nightly import Night, NightFigure, NightStage, NightVerdict
from eval.comparing.compare import compare, likely_cause
from eval.comparing.gate import Gate, gate
from eval.nightly.attacks import Attacked, Sample, attacked
from eval.nightly.earlier import Earlier
from eval.nightly.history import History
from eval.nightly.questions import questions_stage
from eval.nightly.report import page
from eval.nightly.saved import saved_citations
from eval.nightly.stages import (
    attack_stage,
    citation_stage,
    drift_stage,
    gate_stage,
    judge_stage,
    people_stage,
    persona_stage,
    staleness_stage,
)
from eval.nightly.worst import worst_cases
from eval.running.log import Run
from eval.running.run import run_suite
from eval.running.summary import Summary, summarise
from eval.running.world import World, ingest_suite, opened
from eval.suites.suite import Suite
from ingest.report import Progress
from service.checking.verify import SavedCitation
from service.wiring import Wiring

KEPT = 90
_LOUD: dict[NightVerdict, str] = {"bad": "Not fine", "untrusted": "Not to be trusted"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One suite of the night: its run, its summary, and that of the night before."""

    suite: Suite
    run: Run
    summary: Summary
    before: Summary | None
    verdict: Gate


def nightly(
    suites: Sequence[Suite],
    home: Path,
    night: str,
    progress: Progress,
    *,
    sample: Sample,
    store: Path | None = None,
    saved: Path | None = None,
    keep: int = KEPT,
) -> Night:
    """The report of a night (an ISO date), kept in `home`. Raises `StoreBusy` while another run holds the lock.

    suites  the first is the one that the judge is checked on
    sample  of the attacks that are tried
    store   asked as it is; else one is made of the suites' documents
    saved   folder of answers, records and reviews as JSON, whose citations are followed
    """
    with _locked(home):
        history = History(home / "history.db")
        earlier = Earlier.than(night, home, history)
        folder = home / "nights" / night
        place = store or home / "store"
        if store is None:
            for suite in suites:
                ingest_suite(suite, place)
        with opened(place) as world:
            asked = [_ask(suite, world, folder, earlier, progress) for suite in suites]
            kept = saved_citations(saved, place / "journal")
            stages = _stages(asked, earlier, kept, world, date.fromisoformat(night), sample.data)
        progress.stage("attack", sample.attacks, "attacks")
        tried = attacked(night, sample)
        report = _report(night, asked, stages, tried)
        history.keep(report)
        report = report.model_copy(update={"trends": tuple(history.trends(night))})
        _write(folder, report)
        for old in history.drop(keep):
            shutil.rmtree(home / "nights" / old, ignore_errors=True)
    return report


def _ask(suite: Suite, world: World, folder: Path, earlier: Earlier, progress: Progress) -> Asked:
    run = run_suite(suite, world, folder / f"{suite.name}.jsonl", progress=progress)
    summary = summarise(run)
    (folder / f"{suite.name}.summary.json").write_text(summary.model_dump_json(), "utf-8")
    verdict = gate(summary, suite.floors, earlier.baseline(suite.name))
    passed = None if verdict.passed else earlier.passed(suite.name)
    if passed:  # much more may have changed since the baseline
        cause = likely_cause(compare(passed, summary)) or verdict.cause
        verdict = verdict.model_copy(update={"cause": cause})
    return Asked(suite, run, summary, earlier.summary(suite.name), verdict)


def _stages(
    asked: Sequence[Asked],
    earlier: Earlier,
    saved: Sequence[SavedCitation],
    world: World,
    today: date,
    data: Path,
) -> list[NightStage]:
    summaries = [one.summary for one in asked]
    first = asked[0]
    return [
        *(gate_stage(one.verdict) for one in asked),
        judge_stage(first.suite, world.store, first.run, world.settings),
        people_stage(data, world.settings),
        attack_stage(summaries),
        citation_stage(earlier.runs(), saved, world.store),
        earlier.settled(staleness_stage(world.store, today)),
        *(drift_stage(one.before, one.summary) for one in asked),
        questions_stage(world.settings.store / "journal", today, Wiring(world.settings).embedder),
        earlier.settled(persona_stage(summaries)),
    ]


def _report(night: str, asked: Sequence[Asked], judged: Sequence[NightStage], tried: Attacked) -> Night:
    stages = (*judged, *tried.stages)
    verdict = _verdict(stages)
    causes = sum((Counter(one.summary.causes()) for one in asked), Counter[str]())
    return Night(
        night=night,
        verdict=verdict,
        headline=_headline(asked, stages),
        changed=tuple(line for one in asked for line in _changed(one)),
        cause=next((one.verdict.cause for one in asked if not one.verdict.passed), ""),
        stages=stages,
        figures=(*(figure for one in asked for figure in _figures(one)), *tried.figures),
        trends=(),
        worst=tuple(worst_cases([(one.suite.name, one.run, one.before) for one in asked])),
        causes=dict(causes.most_common()),
        fingerprints={one.suite.name: one.summary.fingerprint for one in asked},
        results={one.suite.name: one.summary.results for one in asked},
    )


def _verdict(stages: Sequence[NightStage]) -> NightVerdict:
    said = {stage.verdict for stage in stages}
    order: tuple[NightVerdict, ...] = ("bad", "untrusted", "look")
    return next((verdict for verdict in order if verdict in said), "fine")


def _headline(asked: Sequence[Asked], stages: Sequence[NightStage]) -> str:
    """How many cases came out as they should, and of each bad verdict the first part with its reason."""
    total = sum(len(one.summary.cases) for one in asked)
    good = total - sum(len(one.summary.failed()) for one in asked)
    known = [one.before for one in asked if one.before]
    cases = sum(len(before.cases) for before in known)
    held = cases - sum(len(before.failed()) for before in known)
    of = "" if cases == total else f" of {cases}"
    last = f", {held}{of} the night before" if known else ""
    told = [f"{good} of {total} cases came out as they should{last}."]
    for verdict, words in _LOUD.items():
        parts = [stage for stage in stages if stage.verdict == verdict]
        if parts:
            others = f", and {', '.join(stage.name for stage in parts[1:])}" if parts[1:] else ""
            told.append(f"{words}: {parts[0].name} ({parts[0].summary}){others}.")
    if len(told) == 1:
        told.append("All floors hold.")
        looks = [f"{stage.name} ({stage.summary})" for stage in stages if stage.verdict == "look"]
        told += [f"Worth a look: {'; '.join(looks)}."] if looks else []
    return " ".join(told)


def _changed(one: Asked) -> Iterator[str]:
    """What differs from the night before, in sentences."""
    if one.before is None:
        yield f"{one.suite.name}: first night, nothing to compare with"
        return
    found = compare(one.before, one.summary)
    for key, (old, new) in found.engine.items():
        yield f"{one.suite.name}: {key} was {old} and is {new}"
    for title, documents in (("gone", found.gone), ("changed", found.changed), ("added", found.added)):
        if documents:
            more = f" and {len(documents) - 5} more" if len(documents) > 5 else ""
            yield f"{one.suite.name}: {len(documents)} documents {title}: {', '.join(documents[:5])}{more}"
    if found.broken or found.mended:
        cause = likely_cause(found)
        yield (
            f"{one.suite.name}: {len(found.broken)} cases broke and {len(found.mended)} mended"
            f"{f', probably because of the {cause}' if cause else ''}"
        )
    for d in found.differences:
        if d.worse or d.better:
            went = "fell" if d.after < d.before else "rose"
            yield f"{one.suite.name}: {d.name} {went} from {d.before:.3f} to {d.after:.3f}"


def _figures(one: Asked) -> Iterator[NightFigure]:
    worse = {d.name for d in one.verdict.comparison.differences if d.worse} if one.verdict.comparison else set()
    known = {f.name: f.value for f in one.before.contract()} if one.before else {}
    for figure in (*(one.summary.figure(name) for name in one.summary.measures), *one.summary.contract()):
        if figure.value is None:
            continue
        is_known = one.before and figure.name in one.before.measures
        last = one.before.figure(figure.name, with_interval=False).value if one.before and is_known else None
        yield NightFigure(
            suite=one.suite.name,
            name=figure.name,
            value=figure.value,
            low=figure.low,
            high=figure.high,
            n=figure.n,
            before=last if last is not None else known.get(figure.name),
            worse=figure.name in worse,
        )


def _write(folder: Path, report: Night) -> None:
    """The page and the JSON, each whole or not at all."""
    for name, content in (("report.json", report.model_dump_json(indent=1)), ("report.html", page(report))):
        draft = folder / f".{name}"
        draft.write_text(content, "utf-8")
        draft.replace(folder / name)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """The only run over `home`. The lock goes with the process, so a killed run leaves none."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy("another nightly run is at work", item=str(home), next_step="Let it finish") from error
        yield
