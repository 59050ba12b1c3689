"""What every protocol hands back. Its JSON form is `model_dump_json()`; sentences and citations are those of answers.

A report is sentences of the contract's kinds, set as Markdown in `text`. Findings name the sentences' citations, the
reader's own text first, so that a program can act on them without reading prose.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from corpus.citations import Citation
from service.answer import Fingerprint, Refusal, Sentence
from service.protocols.page import Element

Severity = Literal["high", "medium", "low", "none"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "none")
FindingKind = Literal["not_addressed", "contradicts", "superseded_basis", "seen_before", "precedent"]
Relation = Literal["decided before", "under discussion", "no longer in force", "related", "supersedes", "superseded by"]
OWN_TEXT = "own text"
"""The source of what the reader brought along: no document of the library."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(_Frozen):
    """One thing found, with both places.

    rule      name of the rule that found it: an item of the lens, or what was compared
    title     in a few words
    says      the finding as one sentence
    own       numbers of citations of the reader's text
    library   numbers of citations of the library; () where it holds nothing on this
    fix       what would settle it; "" where nothing has to be done
    because   the severity rule that decided
    """

    kind: FindingKind
    severity: Severity
    rule: str
    title: str
    says: str
    own: tuple[int, ...] = ()
    library: tuple[int, ...] = ()
    fix: str = ""
    because: str = ""


class Report(_Frozen):
    """One run of a protocol.

    refusal    why the policy refused what was asked, and None otherwise; then the report is empty but for its text
    findings   most severe first
    questions  what only the reader can say
    dropped    sentences that failed the contract, with the reason
    timing_ms  milliseconds by stage
    body       the same as `text`, in elements; no part of the JSON
    """

    protocol: str
    title: str
    refusal: Refusal | None = None
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    findings: tuple[Finding, ...] = ()
    questions: tuple[str, ...] = ()
    dropped: tuple[Sentence, ...] = ()
    fingerprint: Fingerprint
    timing_ms: dict[str, float]
    body: tuple[Element, ...] = Field(default=(), exclude=True, repr=False)


class Covered(_Frozen):
    """A row of the coverage matrix: "addressed", "mentioned" in passing or "absent", with the citations' numbers."""

    rule: str
    group: str
    label: str
    state: Literal["addressed", "mentioned", "absent"]
    own: tuple[int, ...] = ()
    library: tuple[int, ...] = ()


class ReviewReport(Report):
    """A proposal reviewed. `native` says whether line numbers are those of the file, as an annotation needs them."""

    protocol: Literal["review"] = "review"
    name: str
    native: bool
    coverage: tuple[Covered, ...]


class Related(_Frozen):
    """A record beside the question, and how it stands to it; `citation` is where it decides or shows its status."""

    document: str
    title: str
    status: str
    relation: Relation
    citation: int


class RecordReport(Report):
    """A decision record, drafted. `decided_before` are numbers of citations; `needs` what the reader has to put in."""

    protocol: Literal["adr"] = "adr"
    related: tuple[Related, ...] = ()
    decided_before: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()


class Stated(_Frozen):
    """What an initiative says on one point: the citations of its own text, or () and the question to ask."""

    rule: str
    label: str
    own: tuple[int, ...] = ()
    question: str = ""


class IntakeReport(Report):
    """A new initiative. `maturity` is the name of its level, with the citations that are its evidence."""

    protocol: Literal["intake"] = "intake"
    stated: tuple[Stated, ...]
    maturity: str
    evidence: tuple[int, ...] = ()


class Figure(_Frozen):
    """A number that the library states of a system."""

    value: str
    subject: str
    kind: str
    date: str
    citation: int


class AssessReport(Report):
    """The current state of a system, in figures."""

    protocol: Literal["assess"] = "assess"
    system: str
    figures: tuple[Figure, ...]


class Mode(_Frozen):
    """A way to fail that the library has seen or foreseen. Numbers are citations; `rank` starts at 1."""

    rank: int
    title: str
    seen: bool
    citation: int
    own: tuple[int, ...] = ()
    mitigation: tuple[int, ...] = ()
    monitoring: tuple[int, ...] = ()
    rollback: tuple[int, ...] = ()
    because: str = ""


class PremortemReport(Report):
    """How a proposal may fail, from what failed before."""

    protocol: Literal["premortem"] = "premortem"
    modes: tuple[Mode, ...]
