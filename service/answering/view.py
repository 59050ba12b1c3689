"""What is asked, and what an answer to it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from corpus.documents import Document, Span
from corpus.outline import sections_of
from retrieval.evidence import Evidence, Found
from service.answering.compose import NORMAL, Length
from service.answering.rank import Scored
from service.grounding.claim import Ground
from service.standing.dispute import Dispute

Audience = Literal["", "executive", "engineer"]
"""Whom an answer is for; "" for anyone."""

READ = 8
"""Passages, from the best, that an answer is made from."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, and what may be seen. `access` is the caller's access set."""

    question: str
    access: frozenset[str] = frozenset({"public"})
    sources: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    length: Length = NORMAL
    id: str = ""
    audience: Audience = ""


@dataclass(frozen=True, slots=True)
class View:
    """What an answer is made from.

    documents  those of the best passages, by id
    ranked     their units, best first
    disputes   where two of these units disagree
    """

    found: Found
    documents: Mapping[str, Document]
    ranked: tuple[Scored, ...]
    disputes: tuple[Dispute, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The passages found, best first."""
        return self.found.evidence

    def variants(self) -> list[tuple[Document, Span]]:
        """The passages that say nearly the same as one that is read, in other documents."""
        return [
            (self.documents[e.passage.document], Span(e.passage.start, e.passage.end))
            for e in self.found.variants[:READ]
            if e.passage.document in self.documents
        ]

    def passages(self) -> list[tuple[Document, Span]]:
        """The passages that are read, best first."""
        return [
            (self.documents[e.passage.document], Span(e.passage.start, e.passage.end))
            for e in self.found.evidence[:READ]
            if e.passage.document in self.documents
        ]

    def ground(self, access: frozenset[str]) -> Ground:
        """What may be cited: the retrieved passages and the sections they stand in."""
        admitted: dict[str, list[Span]] = {}
        for item in (*self.found.evidence, *self.found.variants):
            document = self.documents.get(item.passage.document)
            if document is None:
                continue
            spans = admitted.setdefault(document.id, [])
            for section in sections_of(document):
                if section.start < item.passage.end and section.end > item.passage.start:
                    spans.append(Span(min(section.start, item.passage.start), max(section.end, item.passage.end)))
        documents = {(d.id, d.revision): d for d in self.documents.values()}
        return Ground(documents, {k: tuple(v) for k, v in admitted.items()}, access)
