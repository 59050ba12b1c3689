"""What a protocol reads of the library, and the ground that it may stand on because it was read.

Before the first look the written policy reads what is asked. Every look goes through the engine's search, so that the
caller's access set is inside the query; every document is checked against it again before it is opened. A text that the
reader brought is admitted whole; of what the library holds, the sections that were found, and what `admit` names.
Copies of the reader's own text are left out: nobody is his own precedent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from corpus.access import may_read
from corpus.documents import Document, Span
from corpus.outline import sections_of
from corpus.passages import Passage
from corpus.units import Unit, units
from ingest.store.documents import Card
from retrieval.evidence import Found
from service.answering.decide import decide, fitted, observe
from service.answering.view import Request, View
from service.grounding.claim import Ground
from service.grounding.verifier import AlignmentVerifier, Verifier
from service.policy.policy import Ruling, ruled
from service.protocols.subject import asks_of

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Said:
    """A unit that was found."""

    document: Document
    unit: Unit

    @property
    def text(self) -> str:
        """Its words on one line."""
        return " ".join(self.document.visible(self.unit.start, self.unit.end).split())


class Library(Protocol):
    """Where a protocol looks and reads: an engine, or who asks one."""

    def search(self, request: Request, *, limit: int) -> Found: ...

    def look(self, request: Request) -> View: ...

    def read(self, document: str, revision: str, access: frozenset[str]) -> Document: ...

    def cards(self) -> Iterable[Card]: ...


class Narrowed(Protocol):
    """What narrows a look, and the reader's own words."""

    @property
    def sources(self) -> Iterable[str]: ...

    @property
    def exclude(self) -> Iterable[str]: ...

    def asks(self) -> Iterable[str]: ...

    def words(self) -> str: ...


class Declined(Exception):
    """The policy refuses what is asked, and nothing was looked for."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.line)
        self.ruling = ruling


class Reading:
    """The library as one caller sees it in one run of a protocol. `spent` is milliseconds by stage.

    Raises `Declined`.
    """

    def __init__(
        self,
        who: Library,
        asked: Narrowed,
        caller: frozenset[str],
        own: Document | None = None,
        verifier: Verifier | None = None,
    ) -> None:
        self.spent: dict[str, float] = {}
        with self.stage("policy"):
            _admit((*asked.asks(), *(asks_of(own) if own else ())))
        self._who = who
        self._caller = caller
        self._sources = frozenset(asked.sources)
        self._exclude = frozenset(asked.exclude) | (_copies(who, own) if own else frozenset())
        self._documents: dict[tuple[str, str], Document] = {}
        self._admitted: dict[str, list[Span]] = {}
        self._looked: dict[tuple[str, frozenset[str], int], tuple[Passage, ...]] = {}
        self._cards: tuple[Card, ...] | None = None
        self._said = asked.words()
        self._verifier = verifier or AlignmentVerifier()
        if own:
            self._documents[own.id, own.revision] = own
            self.admit(own, Span(0, len(own.text)))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time spent inside."""
        began = time.perf_counter()
        yield
        self.spent[name] = round(self.spent.get(name, 0.0) + 1000 * (time.perf_counter() - began), 2)

    def look(self, words: str, *, kinds: Sequence[str] = (), limit: int = 10) -> tuple[Passage, ...]:
        """The best passages for some words, best first. Raises what `Asker.search` raises."""
        words = " ".join(words.split())[:_LONGEST]
        key = (words, frozenset(kinds), limit)
        if key not in self._looked:
            request = Request(words, self._caller, self._sources, frozenset(kinds), self._exclude)
            found = self._who.search(request, limit=limit)
            readable = (e.passage for e in found.evidence if may_read(self._caller, frozenset(e.passage.access)))
            self._looked[key] = tuple(readable)
        return self._looked[key]

    def told(self, question: str) -> tuple[Said, ...]:
        """What answers the question, best first; () where the library does not. Raises what `Asker.look` raises."""
        question = " ".join(question.split())[:_LONGEST]
        view = self._who.look(Request(question, self._caller, self._sources, frozenset(), self._exclude))
        if not view.ranked or decide(observe(view.found, view.ranked)) < fitted().threshold:
            return ()
        self.take(view)
        return tuple(Said(scored.document, scored.unit) for scored in view.ranked)

    def take(self, view: View) -> None:
        """What a view was made from counts as read: its documents, and the sections that were found."""
        self._documents.update({(d.id, d.revision): d for d in view.documents.values()})
        for item in view.evidence:
            if item.passage.document in view.documents:
                self.open(item.passage)

    def found(self, words: str, *, kinds: Sequence[str] = (), limit: int = 10) -> Iterator[Said]:
        """The units of the best passages for some words, in order of rank and then of the text, each once."""
        seen: set[tuple[str, int]] = set()
        for passage in self.look(words, kinds=kinds, limit=limit):
            document = self.open(passage)
            for unit in units(document, Span(passage.start, passage.end)):
                if (document.id, unit.start) not in seen:
                    seen.add((document.id, unit.start))
                    yield Said(document, unit)

    def open(self, passage: Passage) -> Document:
        """The passage's document at its revision; the sections that the passage touches are admitted."""
        key = (passage.document, passage.revision)
        if key not in self._documents:
            self._documents[key] = self._who.read(*key, self._caller)
        document = self._documents[key]
        for section in sections_of(document):
            if section.start < passage.end and section.end > passage.start:
                self.admit(document, Span(section.start, section.end))
        return document

    def named(self, name: re.Pattern[str]) -> Iterator[Document]:
        """The documents whose title or path has the name, by id, read whole."""
        for card in self.cards():
            if name.search(f"{card.title} {card.path}"):
                yield self.whole(card)

    def cards(self) -> tuple[Card, ...]:
        """The documents that the caller may read, by id."""
        if self._cards is None:
            self._cards = tuple(
                card
                for card in self._who.cards()
                if card.id not in self._exclude
                and (not self._sources or card.source in self._sources)
                and may_read(self._caller, card.access)
            )
        return self._cards

    def whole(self, card: Card) -> Document:
        """A document that the caller may read, admitted whole."""
        key = (card.id, card.revision)
        if key not in self._documents:
            self._documents[key] = self._who.read(*key, self._caller)
        self.admit(self._documents[key], Span(0, len(self._documents[key].text)))
        return self._documents[key]

    def admit(self, document: Document, span: Span) -> None:
        """The stretch was read and may be cited."""
        self._admitted.setdefault(document.id, []).append(span)

    def admit_whole(self, document: Document) -> None:
        """The document was read whole and may be cited."""
        self.admit(document, Span(0, len(document.text)))

    @property
    def ground(self) -> Ground:
        """What may be cited so far."""
        return Ground(
            self._documents, {k: tuple(v) for k, v in self._admitted.items()}, self._caller, self._said, self._verifier
        )


def _admit(asks: Iterable[str]) -> None:
    """Raises `Declined` where one of the texts crosses a line of the policy."""
    for text in asks:
        if ruling := ruled(text):
            raise Declined(ruling)


def _copies(who: Library, own: Document) -> frozenset[str]:
    """The documents of the library that are the reader's text: same revision, or the same end of a path."""
    return frozenset(
        card.id
        for card in who.cards()
        if card.revision == own.revision or ("/" in card.path and f"/{own.path}".endswith(f"/{card.path}"))
    )
