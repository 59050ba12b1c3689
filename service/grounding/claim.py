"""What the contract judges: a sentence with its citations, and the ground it may stand on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from corpus.citations import Citation
from corpus.documents import Document, Span
from service.answer import Failure, SentenceKind
from service.grounding.verifier import AlignmentVerifier, Verifier


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that wants to leave the process.

    text    what the reader would see, without citation marks
    under   the section label shown above it, "" when none is
    before  citations of what already stands before it in the same answer
    """

    text: str
    kind: SentenceKind
    citations: tuple[Citation, ...]
    under: str = ""
    before: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What may be cited for one question.

    documents  the documents of the retrieved passages, by (id, revision)
    admitted   the stretches of each document that were retrieved: passages and the sections they stand in
    caller     the caller's access set
    asked      the user's own words: what a judgement or question may name without evidence
    verifier   who is asked last whether the cited spans support a sentence
    """

    documents: Mapping[tuple[str, str], Document]
    admitted: Mapping[str, tuple[Span, ...]]
    caller: frozenset[str]
    asked: str = ""
    verifier: Verifier = field(default_factory=AlignmentVerifier)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a claim fails: which check, which kind of failure, which text lost."""

    check: str
    failure: Failure
    detail: str


Check = Callable[[Claim, Ground], Objection | None]


def cited_text(claim: Claim) -> str:
    """All that the claim's citations let it say: quotes, and the section and title they stand under."""
    return "\n".join(part for c in claim.citations for part in (c.title, *c.section, c.quote))


def quotes(claim: Claim) -> tuple[str, ...]:
    """What the claim cites, a stretch a citation, and the stretches run together."""
    found = tuple(dict.fromkeys(c.quote for c in claim.citations))
    return found if len(found) < 2 else (*found, "\n\n".join(found))


def headed_evidence(claim: Claim) -> tuple[str, ...]:
    """The quotes, and the titles and section headings they stand under."""
    heads = (part for c in claim.citations for part in (c.title, *c.section))
    return tuple(dict.fromkeys((*(c.quote for c in claim.citations), *heads)))
