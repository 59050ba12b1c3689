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
    """What the contract says of one sentence. `detail` names the text that lost; both are "" when it holds.

    caution  a command in the sentence that destroys data or interrupts a service, "" without one
    score    the verifier's probability that the cited spans support the sentence, 0 to 1; None where none was asked
    """

    supported: bool
    failure: Failure | None = None
    check: str = ""
    detail: str = ""
    score: float | None = None
    caution: str = ""


class Sentence(_Frozen):
    """One sentence, list item, step, table row or code block. `text` is Markdown without citation marks.

    section  heading of the answer that it stands under; "" where the answer has none
    formula  of a derived sentence, how its value follows from the cited ones: `200 ms = 0.2 s`
    """

    text: str
    kind: SentenceKind
    citations: tuple[int, ...]
    verdict: Verdict
    section: str = ""
    formula: str = ""

    @classmethod
    def notice(cls, text: str) -> Sentence:
        """Fixed text of the program, which rests on nothing."""
        return cls(text=text, kind="notice", citations=(), verdict=Verdict(supported=True))


class EvidenceItem(_Frozen):
    """One passage as indexed, in rank order."""

    document: str
    text: str
    score: float
    start: int
    end: int
    section: tuple[str, ...]


class Refusal(_Frozen):
    """Why there is no answer, and what would settle it. `line`: of the policy that refused it, "" where none did."""

    reason: Reason
    searched: str
    nearest: tuple[str, ...]
    would_settle_it: str
    line: str = ""


class Fingerprint(_Frozen):
    """What made this answer: the same fingerprint and question give the same answer, as far as a model repeats itself.

    composer  the composer of the settings: "extractive", or the kind and name of a language model
    persona   hash of the instructions that a language model gets, "" without one
    """

    version: str
    settings: str
    encoder: str
    lexical: str
    chunker: str
    index: str
    dense_share: float
    composer: str = "extractive"
    persona: str = ""


class Side(_Frozen):
    """One side of a conflict: the citation's number, the value or decision it states, and its date or ""."""

    citation: int
    says: str
    date: str = ""


class Conflict(_Frozen):
    """Documents that disagree on one subject.

    prevails  number of the citation that takes precedence; None where no rule decides
    rule      the rule of precedence in words, "" where none decides
    """

    subject: str
    sides: tuple[Side, ...]
    prevails: int | None = None
    rule: str = ""


class Violation(_Frozen):
    """A rule of the persona, `P0` to `P22`, that the answer broke: what, and whether the renderer mended it."""

    rule: str
    detail: str
    mended: bool = False


class Usage(_Frozen):
    """What a language model spent on the answer.

    cost      in the currency of the price table; None without a price for the model
    degraded  why the extractive composer finished the answer; "" where it did not have to
    """

    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float
    cost: float | None = None
    degraded: str = ""


class Answer(_Frozen):
    """One question, answered or refused.

    confidence    the decision's calibrated probability that the evidence answers the question, 0 to 1
    dropped       sentences that failed the contract, with the reason
    timing_ms     milliseconds by stage
    composer      what wrote it: "extractive", or the language model's name
    usage         what a language model spent; None without one
    conflicts     where its documents disagree
    violations    rules of the persona that it broke
    conversation  id of the conversation it belongs to, or ""
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
    composer: str = "extractive"
    usage: Usage | None = None
    conflicts: tuple[Conflict, ...] = ()
    violations: tuple[Violation, ...] = ()
    conversation: str = ""
