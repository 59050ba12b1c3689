"""Sections with all that stands under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.outline import sections_of


@dataclass(frozen=True, slots=True)
class Branch:
    """A heading with everything down to the next heading that is not below it. `path` ends with its title."""

    path: tuple[str, ...]
    span: Span
    own: Span

    @property
    def title(self) -> str:
        """The heading's words."""
        return self.path[-1]


def branches(document: Document) -> Iterator[Branch]:
    """Every heading's branch, in order; a lone heading over everything is the document's title and no branch."""
    sections = sections_of(document)
    for at, section in enumerate(sections):
        if not section.path:
            continue
        depth, end = len(section.path), section.end
        for following in sections[at + 1 :]:
            if len(following.path) <= depth or following.path[:depth] != section.path:
                break
            end = following.end
        if depth == 1 and at < 2 and end == sections[-1].end and len(sections) > at + 1:
            continue
        yield Branch(section.path, Span(section.start, end), Span(section.start, section.end))


def headed(document: Document, titles: re.Pattern[str]) -> Iterator[Branch]:
    """The branches whose own heading matches; those inside one that was given already are left out."""
    last = -1
    for branch in branches(document):
        if branch.span.start >= last and titles.search(branch.title):
            last = branch.span.end
            yield branch
