"""The options that documents name, each with what they say for it, against it, and of its cost.

An option is an entry of the first list, or a heading, under a heading of options or alternatives. What speaks for or
against it is looked for in its own section and wherever the same document names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.outline import heading_title
from corpus.units import units
from service.answering.terms import terms
from service.full.facet import facet_of
from service.full.gather import Subject
from service.protocols.quotation import Quotation, heading_of, quotation
from service.protocols.record.anatomy import OPTIONS, anatomy
from service.protocols.record.options import is_about, telling
from service.protocols.record.sides import side
from service.protocols.sections import Branch, branches, headed

_MOST = 6
_TELLING = 2
_LONGEST = 45
_NAME = re.compile(r"^(?:(?:option|alternative)\s+)?(?:\w|\d+)?[.):]\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Compared:
    """An option: where it is named, and one place each for it, against it and on its cost; None where none is.

    chosen  where the document says that it chose it
    """

    name: str
    place: Quotation
    good: Quotation | None
    bad: Quotation | None
    cost: Quotation | None
    chosen: Quotation | None


def compared(documents: Sequence[Document], subject: Subject) -> list[Compared]:
    """The options of the document whose options and title share most with the subject; [] where none is on it."""
    best: tuple[int, Document, list[_Named]] | None = None
    for document in documents:
        named = list(_named(document))[:_MOST]
        told = subject.shared(" ".join((document.title, *(one.name for one in named))))
        if named and told >= min(_TELLING, len(subject.words)):
            rank = told + _TELLING * (len(named) > 1)
            best = best if best and best[0] >= rank else (rank, document, named)
    return _told(best[1], best[2]) if best else []


def _told(document: Document, named: Sequence[_Named]) -> list[Compared]:
    parts = anatomy(document)
    chosen = _chosen(parts.chosen, named)
    found = []
    own = telling([one.name for one in named], "")
    for one, words in zip(named, own, strict=True):
        sides = _sides(document, one, words)
        if one is chosen:
            sides = {**dict(zip(("good", "bad"), (*parts.good[:1], *parts.bad[:1]), strict=False)), **sides}
        decided = parts.decision if one is chosen else None
        found.append(Compared(one.name, one.place, sides.get("good"), sides.get("bad"), sides.get("cost"), decided))
    return found


def _chosen(words: str, named: Sequence[_Named]) -> _Named | None:
    """The option that shares most of what was chosen, if that is two thirds of it and no other shares as much."""
    wanted = terms(words)
    ranked = sorted(named, key=lambda one: -len(terms(one.name) & wanted))
    shares = [len(terms(one.name) & wanted) for one in ranked] + [0, 0]
    return ranked[0] if named and wanted and 3 * shares[0] >= 2 * len(wanted) and shares[0] > shares[1] else None


@dataclass(frozen=True, slots=True)
class _Named:
    """An option's name, the place that names it, and the section that is its own, if it has one."""

    name: str
    place: Quotation
    own: Span | None = None


def _named(document: Document) -> Iterator[_Named]:
    listed = list(anatomy(document).options)
    if listed:
        for option in listed:
            yield _Named(option.name, option.place)
        return
    for branch in headed(document, OPTIONS):
        for below in _below(document, branch):
            place = heading_of(document, below.span)
            if place:
                yield _Named(_NAME.sub("", heading_title(below.title)), place, below.span)


def _below(document: Document, over: Branch) -> Iterator[Branch]:
    """The branches directly below another."""
    for branch in branches(document):
        if len(branch.path) == len(over.path) + 1 and over.span.start < branch.span.start < over.span.end:
            yield branch


def _sides(document: Document, one: _Named, own: frozenset[str]) -> dict[str, Quotation]:
    """A place each for an option, against it, and on its cost; `own` are the words that tell it from the others."""
    words, costs = (own, terms(one.name)), facet_of("cost").worded
    sides: dict[str, Quotation] = {}
    for unit in units(document, one.own or Span(0, len(document.text))):
        if unit.kind not in ("sentence", "item") or not (one.own or is_about(document, unit, words)):
            continue
        quoted = quotation(document, unit)
        if quoted is None or len(quoted.text.split()) > _LONGEST or quoted.text.rstrip(" *_").endswith((":", "?")):
            continue
        which = side(document, unit)
        if which:
            sides.setdefault(which, quoted)
        if which != "good" and costs and costs.search(quoted.text):
            sides.setdefault("cost", quoted)
    return sides
