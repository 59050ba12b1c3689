"""What a run keeps: enough of each case to score it again without asking again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict

from eval.suites.case import Case
from service.answer import Answer


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Trace(_Frozen):
    """What became of one gold quote before anything was asked.

    present   the document is in the store
    parsed    the quote stands in the document's visible text, white space folded
    whole     one passage holds all of it
    revision  of the document, "" where it is not there
    """

    document: str
    present: bool
    parsed: bool
    whole: bool
    revision: str = ""


class Record(_Frozen):
    """One case, asked.

    answer    None where asking crashed; `error` then says how; None too of a claim with its evidence
    support   of a claim with its evidence, how likely the verifier holds it to be supported, 0 to 1
    verbatim  of each citation, whether its quote stands at its offsets in its revision
    traces    of each gold quote
    seconds   wall time of the answer
    """

    case: Case
    answer: Answer | None
    error: str = ""
    verbatim: tuple[bool, ...] = ()
    traces: tuple[Trace, ...] = ()
    seconds: float = 0.0
    support: float | None = None

    @property
    def crashed(self) -> bool:
        """Whether nothing came back."""
        return self.answer is None and self.support is None

    @property
    def refused(self) -> bool:
        """Whether the answer is a refusal; a crash is none."""
        return self.answer is not None and self.answer.status == "refused"


class Probe(_Frozen):
    """One sentence put to the sentence contract: what was done to it, and whether the contract objected.

    kind  "" for a sentence as it stands, else the kind of failure that was planted
    """

    kind: str
    text: str
    objected: bool
    check: str = ""


class Header(_Frozen):
    """What a run is: its first line.

    suite      name and digest of the cases
    documents  revision of every document in the store, by id
    made_by    what was asked for on the command line that can change an answer
    """

    format: int = 1
    suite: str
    cases: str
    version: str
    engine: dict[str, Any]
    documents: dict[str, str]
    made_by: dict[str, str]
    began: str = ""

    def fingerprint(self) -> str:
        """Names everything that decides the results; when the run began is no part of it."""
        body = self.model_dump(exclude={"began"})
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def results_digest(records: Iterable[Record], probes: Iterable[Probe] = ()) -> str:
    """Names the results, timings and costs in seconds aside: equal for equal fingerprints."""
    digest = hashlib.sha256()
    for record in records:
        body = record.model_dump(exclude={"seconds"})
        if body["answer"]:
            body["answer"] |= {"timing_ms": {}}
            if body["answer"].get("usage"):
                body["answer"]["usage"] |= {"seconds": 0.0}
        digest.update(json.dumps(body, sort_keys=True).encode())
    for probe in probes:
        digest.update(probe.model_dump_json().encode())
    return digest.hexdigest()[:16]
