"""A saved answer or report -> which of its citations still hold in today's documents, and what that means for each
sentence.

A citation holds where its document is what it was, or the quote stands at the same offsets; it has moved where the
quote stands elsewhere in the document or in another one; it changed where it stands nowhere any more; it is gone with
its document, and with the caller's right to read it. A sentence has the worst fate of its citations, and where that is
not the first, the contract judges it by what stands in their places today.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.citations import Citation
from corpus.documents import Document, Span
from corpus.errors import NotFound, UsageError
from corpus.outline import line_starts, place_of
from service.access.shelf import ReadableShelf
from service.answer import SentenceKind, Verdict
from service.answering.assemble import citation_of
from service.asker import Asker
from service.checking.record import FATES, Fate, Standing, Verified, VerifiedCitation, VerifiedSentence
from service.checking.trace import lines_today
from service.engine import Request
from service.grounding.claim import Claim, Ground
from service.grounding.contract import judge

_MOST = 2_000
_LONGEST = 400
_ELSEWHERE = 10
_SEARCHES = 100
"""Citations of one answer that are looked for in other documents; a real answer has a dozen."""


class _Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SavedCitation(_Lenient):
    """What of a saved citation is needed to find it again."""

    number: int
    document: Annotated[str, Field(min_length=1, max_length=2000)]
    revision: Annotated[str, Field(max_length=64)] = ""
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    quote: Annotated[str, Field(min_length=1, max_length=50_000)]


class _SavedSentence(_Lenient):
    text: str
    kind: SentenceKind = "cited"
    citations: tuple[int, ...] = ()


class Saved(_Lenient):
    """A saved answer or report, as far as it can be verified."""

    question: str = ""
    sentences: Annotated[tuple[_SavedSentence, ...], Field(max_length=_MOST)] = ()
    citations: Annotated[tuple[SavedCitation, ...], Field(max_length=_MOST)]


def saved_in(text: str | bytes) -> Saved:
    """The answer or report in a JSON text. Raises `UsageError`."""
    try:
        return Saved.model_validate(json.loads(text))
    except (ValueError, RecursionError) as error:
        told = error.errors()[0]["loc"] if isinstance(error, ValidationError) else ()
        raise UsageError(
            "is not an answer or a report in JSON",
            item=".".join(map(str, told)),
            next_step='Make one with aether ask "..." --json',
        ) from error


def verify(who: Asker, saved: Saved, access: frozenset[str]) -> Verified:
    """The saved answer, held against what the caller may read today. Raises what `Asker.search` raises."""
    verifying = _Verifying(who, access)
    citations = {citation.number: verifying.citation(citation) for citation in saved.citations}
    counts = Counter(found.told.fate for found in citations.values())
    return Verified(
        question=saved.question,
        sentences=tuple(verifying.sentence(one, citations) for one in saved.sentences if one.citations),
        citations=tuple(found.told for found in citations.values()),
        counts={name: counts[name] for name in FATES},
        fingerprint=who.engine.fingerprint(access),
    )


class Library(Protocol):
    """What is read from: a shelf, or for its owner the store."""

    def read(self, document: str, revision: str = "") -> Document:
        """The document at a revision, "" being today's. Raises `NotFound`."""


def fates(library: Library, citations: Iterable[Citation | SavedCitation]) -> dict[Fate, int]:
    """How many of distinct citations had which fate, each looked for in its own document only."""
    distinct = {(c.document, c.revision, c.start, c.end): c for c in citations}
    counts = Counter(_fate(library, citation).told.fate for citation in distinct.values())
    return {name: counts[name] for name in FATES}


def fate(library: Library, citation: Citation | SavedCitation) -> Fate:
    """The fate of one citation, looked for in its own document only."""
    return _fate(library, citation).told.fate


@dataclass(frozen=True, slots=True)
class _Found:
    """A citation's fate, and where its evidence stands today."""

    told: VerifiedCitation
    document: Document | None = None
    span: Span = field(default_factory=lambda: Span(0, 0))


def _fate(library: Library, saved: Citation | SavedCitation) -> _Found:
    """The fate of a citation in its own document."""
    cited = VerifiedCitation(number=saved.number, fate="gone", quote=saved.quote, cited=saved.document)
    try:
        today = library.read(saved.document)
    except NotFound:
        return _Found(cited)
    if today.text[saved.start : saved.end] == saved.quote:
        return _standing(cited, "holds", today, Span(saved.start, saved.end))
    span = _quoted(today.text, saved.quote)
    if span:
        return _standing(cited, "moved", today, span)
    now = _followed(library, saved, today)
    if now is None:
        return _Found(cited.model_copy(update={"fate": "changed"}))
    return _standing(cited, "changed", today, now)


def _standing(cited: VerifiedCitation, fate: Fate, document: Document, span: Span) -> _Found:
    now = Standing(
        document=document.id,
        revision=document.revision,
        start=span.start,
        end=span.end,
        place=place_of(document.parsed.anchors, line_starts(document.text), span.start, span.end),
        text=document.visible(span.start, span.end),
    )
    return _Found(cited.model_copy(update={"fate": fate, "now": now}), document, span)


def _quoted(text: str, quote: str) -> Span | None:
    """Where the quote stands, white space aside."""
    words = quote.split()
    match = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return Span(*match.span()) if match else None


def _followed(library: Library, saved: Citation | SavedCitation, today: Document) -> Span | None:
    """What stands today where the quote stood, as far as the cited revision is still known."""
    try:
        old = library.read(saved.document, saved.revision)
    except NotFound:
        return None
    if old.text[saved.start : saved.end] != saved.quote:
        return None
    now = lines_today(old.text, Span(saved.start, saved.end), today.text)
    return now if now and today.visible(now.start, now.end).strip() else None


class _Verifying:
    """One saved answer, for one caller."""

    def __init__(self, who: Asker, access: frozenset[str]) -> None:
        self._who = who
        self._access = access
        self._shelf = ReadableShelf(who.store, access)
        self._searches = _SEARCHES

    def citation(self, saved: SavedCitation) -> _Found:
        """The fate of a citation, looked for in its own document and then in those that a search for it finds."""
        found = _fate(self._shelf, saved)
        if found.told.fate in ("holds", "moved") or not self._searches:
            return found
        self._searches -= 1
        asked = Request(" ".join(saved.quote.split())[:_LONGEST], self._access)
        for name in dict.fromkeys(e.passage.document for e in self._who.search(asked, limit=_ELSEWHERE).evidence):
            try:
                other = self._shelf.read(name)
            except NotFound:
                continue
            span = _quoted(other.text, saved.quote)
            if span:
                return _standing(found.told, "moved", other, span)
        return found

    def sentence(self, saved: _SavedSentence, citations: Mapping[int, _Found]) -> VerifiedSentence:
        """The worst fate of its citations, and where that is not the first, today's verdict."""
        found = [citations[number] for number in saved.citations if number in citations]
        invented = len(found) < len(saved.citations) or not found
        fate: Fate = "gone" if invented else max((f.told.fate for f in found), key=FATES.index)
        verdict = None if fate == "holds" or invented else self._verdict(saved, found)
        return VerifiedSentence(text=saved.text, fate=fate, citations=saved.citations, verdict=verdict)

    def _verdict(self, saved: _SavedSentence, found: Sequence[_Found]) -> Verdict:
        standing = [(f.document, f.span, f.told.number) for f in found if f.document is not None]
        if not standing:
            return Verdict(supported=False, failure="unsupported_addition", check="support", detail="no evidence left")
        documents = {(d.id, d.revision): d for d, _, _ in standing}
        admitted = {d.id: (Span(0, len(d.text)),) for d, _, _ in standing}
        ground = Ground(documents, admitted, self._access, verifier=self._who.engine.verifier)
        cited = tuple(citation_of(d, span, number) for d, span, number in standing)
        return judge(Claim(saved.text, saved.kind, cited, before=cited), ground)
