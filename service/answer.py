"""The answer, as it leaves the process. Its JSON form is `Answer.model_dump_json()`; its schema is generated."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from corpus.citations import Citation

Status = Literal["grounded", "partial", "refused"]
SentenceKind = Literal["cited", "derived", "assumption", "judgement", "question", "notice"]
Reason = Literal["no_evidence", "conflicting", "stale_only", "underspecified", "out_of_scope", "unsafe"]
Failure = Literal[
    "contradiction:numerical",
    "contradiction:temporal",
    "contradiction:entity",
    "contradiction:relational",
    "contradiction:negation",
    "unsupported_addition",
    "fabricated_reference:citation",
    "fabricated_reference:identifier",
    "fabricated_reference:entity",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Verdict(_Frozen):
    """What the contract says of one sentence. `detail` names the text that lost; both are "" when it holds."""

    supported: bool
    failure: Failure | None = None
    check: str = ""
    detail: str = ""


class Sentence(_Frozen):
    """One sentence, list item, step, table row or code block. `text` is Markdown without citation marks."""

    text: str
    kind: SentenceKind
    citations: tuple[int, ...]
    verdict: Verdict


class EvidenceItem(_Frozen):
    """One passage as indexed, in rank order."""

    document: str
    text: str
    score: float
    start: int
    end: int
    section: tuple[str, ...]


class Refusal(_Frozen):
    """Why there is no answer, and what would settle it."""

    reason: Reason
    searched: str
    nearest: tuple[str, ...]
    would_settle_it: str


class Fingerprint(_Frozen):
    """What made this answer: the same fingerprint and question give the same answer."""

    version: str
    settings: str
    encoder: str
    lexical: str
    chunker: str
    index: str
    dense_share: float


class Answer(_Frozen):
    """One question, answered or refused.

    confidence  the decision's calibrated probability that the evidence answers the question, 0 to 1
    dropped     sentences that failed the contract, with the reason
    timing_ms   milliseconds by stage
    """

    id: str = ""
    question: str
    status: Status
    refusal: Refusal | None
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[EvidenceItem, ...]
    confidence: float
    dropped: tuple[Sentence, ...] = ()
    fingerprint: Fingerprint
    timing_ms: dict[str, float]
