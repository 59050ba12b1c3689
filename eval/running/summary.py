"""A run in short: its figures, and of each case what every stage made of it, small enough to be committed.

Two runs are compared by their summaries; a baseline is a summary in the repository. The stages of a case are named by
digests, in the order in which they follow from each other, so that the first one that differs tells where a change
began.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import UsageError
from eval.comparing.bootstrap import interval
from eval.measures.catalog import STANDARD, measure
from eval.measures.measure import Figure, Floats, matrix
from eval.running.diagnose import cause
from eval.running.log import Run, read_log
from eval.running.record import Probe, Record, results_digest

STAGES = ("corpus", "evidence", "decision", "said", "cited", "persona")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CaseSummary(_Frozen):
    """One case. `stages` are digests by the names of `STAGES`; `rows` the numbers of each measure that applies."""

    question: str
    kind: str
    cause: str
    status: str
    confidence: float
    stages: dict[str, str]
    rules: tuple[str, ...] = ()
    rows: dict[str, tuple[float, ...]]


class ProbeSummary(_Frozen):
    """One sentence put to the contract."""

    kind: str
    text: str
    objected: bool


class Summary(_Frozen):
    """A run in short. `results` names them, timings aside."""

    suite: str
    fingerprint: str
    results: str
    engine: dict[str, str]
    documents: dict[str, str]
    made_by: dict[str, str]
    began: str
    measures: tuple[str, ...]
    cases: dict[str, CaseSummary]
    probes: tuple[ProbeSummary, ...]

    def table(self, name: str) -> tuple[list[str], Floats]:
        """Ids and rows of one measure."""
        kept = [(i, case.rows[name]) for i, case in self.cases.items() if name in case.rows]
        return [i for i, _ in kept], matrix([row for _, row in kept])

    def figure(self, name: str, *, with_interval: bool = True) -> Figure:
        """One measure over all cases."""
        _, rows = self.table(name)
        if not measure(name).says(rows):
            return Figure(name, None, 0)
        fold = measure(name).fold
        ends = interval(rows, fold) if with_interval else None
        return Figure(name, fold(rows), len(rows), ends.low if ends else None, ends.high if ends else None)

    def contract(self) -> tuple[Figure, Figure]:
        """ContractRecall, the share of planted mistakes objected to, and ContractPass, of true sentences let by."""
        wrong = [probe.objected for probe in self.probes if probe.kind]
        true = [not probe.objected for probe in self.probes if not probe.kind]
        return (
            Figure("ContractRecall", sum(wrong) / len(wrong) if wrong else None, len(wrong)),
            Figure("ContractPass", sum(true) / len(true) if true else None, len(true)),
        )

    def failed(self) -> list[str]:
        """Ids of the cases that failed."""
        return [i for i, case in self.cases.items() if case.cause]

    def causes(self) -> dict[str, int]:
        """How many cases failed for which cause, most first."""
        return dict(Counter(case.cause for case in self.cases.values() if case.cause).most_common())


def summarise(run: Run, measures: Sequence[str] = STANDARD) -> Summary:
    """The summary of a run, under any measures: nothing is asked again."""
    header = run.header
    return Summary(
        suite=header.suite,
        fingerprint=header.fingerprint(),
        results=results_digest(run.records, run.probes),
        engine={"version": header.version, **{key: str(value) for key, value in header.engine.items()}},
        documents=header.documents,
        made_by=header.made_by,
        began=header.began,
        measures=tuple(measures),
        cases={record.case.id: _case(record, measures) for record in run.records},
        probes=tuple(map(_probe, run.probes)),
    )


def load_summary(path: Path, measures: Sequence[str] = STANDARD) -> Summary:
    """The summary in a file, or that of the log in it. Raises `UsageError` where it is neither."""
    try:
        with path.open(encoding="utf-8") as file:
            opening = file.read(40)
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=str(path), next_step="Check the path") from error
    if opening.lstrip().startswith('{"format"'):
        return summarise(read_log(path), measures)
    try:
        return Summary.model_validate_json(path.read_text("utf-8"))
    except ValidationError as error:
        raise UsageError(
            "is neither a log nor a baseline", item=str(path), next_step="Make one with aether-eval run"
        ) from error


def _case(record: Record, measures: Sequence[str]) -> CaseSummary:
    answer = record.answer
    rows: dict[str, tuple[float, ...]] = {}
    for name in measures:
        row = measure(name).rows(record)
        if row is not None:
            rows[name] = row if isinstance(row, tuple) else (row,)
    return CaseSummary(
        question=record.case.question,
        kind=record.case.kind,
        cause=cause(record),
        status="crashed" if record.crashed else answer.status if answer else "judged",
        confidence=answer.confidence if answer else 0.0,
        stages=_stages(record),
        rules=tuple(sorted({v.rule for v in answer.violations if not v.mended})) if answer else (),
        rows=rows,
    )


def _stages(record: Record) -> dict[str, str]:
    answer = record.answer
    told: dict[str, object] = {"corpus": [(t.document, t.revision, t.parsed) for t in record.traces]}
    if answer:
        told |= {
            "evidence": [(e.document, e.start, e.end) for e in answer.evidence],
            "decision": (answer.confidence, answer.status == "refused"),
            "said": [s.text for s in answer.sentences],
            "cited": [(c.document, c.start, c.end) for c in answer.citations],
            "persona": (answer.text, [s.section for s in answer.sentences], [v.rule for v in answer.violations]),
        }
    return {name: _digest(told.get(name)) for name in STAGES}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:10]


def _probe(probe: Probe) -> ProbeSummary:
    return ProbeSummary(kind=probe.kind, text=probe.text, objected=probe.objected)
