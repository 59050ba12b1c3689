"""A short answer -> the full one, seven sections, each filled from evidence or silent in one line, or the one that
compares.

The short answer, whoever wrote it, is the Executive Summary; the other sections are the documents' own words, found by
facet. What no document describes becomes a question. Every sentence passes the contract as it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.documents import Document, Span
from service.answer import Sentence
from service.answering.assemble import Assembled
from service.answering.view import Request, View
from service.full.form import instead_of_sections
from service.full.gather import gather, subject_of
from service.full.options import compared
from service.full.write import Material, write, write_table
from service.grounding.claim import Ground
from service.grounding.verifier import Verifier
from service.protocols.reading import Library, Reading, Said
from service.standing.force import in_force


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a protocol takes one."""

    sources: frozenset[str]
    exclude: frozenset[str]
    question: str

    def asks(self) -> tuple[str, ...]:
        """Nothing: the policy has read the question."""
        return ()

    def words(self) -> str:
        """The question."""
        return self.question


@dataclass(frozen=True, slots=True)
class Filled:
    """The body of a full answer, and the ground that all of it stands on."""

    body: Assembled
    ground: Ground


def in_full(short: Assembled, view: View, request: Request, library: Library, verifier: Verifier) -> Filled:
    """The full form of a short body; where no sections were asked for, the short one with its options in a table.

    A question that gets no sections keeps the short body, with a word on why.
    Raises what searching raises.
    """
    reading = Reading(
        library, Asked(request.sources, request.exclude, request.question), request.access, None, verifier
    )
    reading.take(view)
    why_not = instead_of_sections(request.question) if request.length.sections else ""
    if why_not:
        return Filled(short.noticed(Sentence.notice(why_not)), reading.ground)
    subject = subject_of(request.question, _said(short))
    documents = _at_hand(short, view)
    options = compared([document for document in documents if in_force(document)], subject)
    if request.length.sections:
        picks = gather(reading, subject, documents, [Said(s.document, s.unit) for s in view.ranked])
        body = write(Material(short, view, subject, picks, options), reading)
    else:
        body = write_table(Material(short, view, subject, {}, options), reading)
    return Filled(replace(body, composer=short.composer, usage=short.usage, conflicts=short.conflicts), reading.ground)


def _said(short: Assembled) -> dict[str, list[Span]]:
    """What the short body quotes, by document."""
    said: dict[str, list[Span]] = {}
    for citation in short.citations:
        said.setdefault(citation.document, []).append(Span(citation.start, citation.end))
    return said


def _at_hand(short: Assembled, view: View) -> Sequence[Document]:
    """The documents that were read: those that the short body cites first."""
    ids = dict.fromkeys([*(c.document for c in short.citations), *(e.passage.document for e in view.evidence)])
    return [view.documents[name] for name in ids if name in view.documents]
