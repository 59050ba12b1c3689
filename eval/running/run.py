"""A suite, asked case by case into a log.

A case that crashes is noted with its error and scores as failed; nothing stops a run but the caller. A run that was
killed goes on where it stopped when it is started again with the same log.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from eval.running.asking import asked
from eval.running.log import LogWriter, Run, read_log
from eval.running.probe import probes
from eval.running.record import Header, Record
from eval.running.trace import Tracer
from eval.running.world import World
from eval.suites.case import Case
from eval.suites.suite import Suite
from ingest.report import Progress, Silent
from service.answer import Answer
from service.grounding.verifier import Pair

_PROBED = 24


def run_suite(
    suite: Suite, world: World, out: Path, *, made_by: Mapping[str, str] | None = None, progress: Progress | None = None
) -> Run:
    """Ask every case that the log `out` lacks; read the whole log back. Raises `UsageError` on another run's log."""
    progress = progress or Silent()
    tracer = Tracer(world.store)
    with LogWriter(out, header_of(suite, world, made_by or {})) as log:
        progress.stage(f"ask {suite.name}", len(suite.cases), "cases")
        progress.advance(len(log.done))
        for case in suite.cases:
            if case.id not in log.done:
                log.write(_record(case, world, tracer))
                progress.advance(1)
        sentences = probes(suite.cases, world, most=_PROBED)
        progress.stage("probe the contract", len(sentences), "sentences")
        for probe in sentences[log.probed :]:
            log.probe(probe)
    return read_log(out)


def header_of(suite: Suite, world: World, made_by: Mapping[str, str]) -> Header:
    """What the run is."""
    return Header(
        suite=suite.name,
        cases=suite.digest(),
        version=version("aether-assistant"),
        engine={"settings": world.settings.digest(), "encoder": world.settings.encoder},
        documents={card.id: card.revision for card in world.store.documents.cards()},
        made_by=dict(made_by),
        began=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _record(case: Case, world: World, tracer: Tracer) -> Record:
    """The case, asked. Whatever goes wrong belongs to the record."""
    began = time.perf_counter()
    answer: Answer | None = None
    support: float | None = None
    error = ""
    try:
        if case.evidence:
            (opinion,) = world.verifier.verify([Pair(case.question, case.evidence)])
            support = opinion.supported
        else:
            answering = asked(case, world.ask, world.store)
            began = time.perf_counter()  # earlier turns belong to the conversation and not to this answer
            answer = answering()
    except Exception as crash:  # a crash of the engine is a result
        error = " ".join(f"{type(crash).__name__}: {crash}".split())[:500]
    seconds = round(time.perf_counter() - began, 4)
    verbatim = tuple(tracer.stands(citation) for citation in answer.citations) if answer else ()
    traces = tracer.traces(case)
    return Record(
        case=case, answer=answer, error=error, verbatim=verbatim, traces=traces, seconds=seconds, support=support
    )
