"""Document -> sentences that can be claims, each with the section it stands in.

A sentence that is a question, a fragment, a link, a table row or code makes no claim and is left out, and so is one
whose text stands twice in its document.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from corpus.documents import Document, Section, Span
from corpus.outline import sections_of
from corpus.units import units

_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_BARE = re.compile(r"<?https?://\S+>?")
_MARKER = re.compile(r"^\s*(?:[-*+>]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_EMPHASIS = re.compile(r"(?<![\w*_`])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*_])")
_WORD = re.compile(r"[A-Za-z0-9_]+(?:[.'-][A-Za-z0-9_]+)*")
_LEAST_WORDS, _MOST_WORDS = 6, 60
MOST_CITED = 3_000
"""Longest cited stretch in characters: of a longer section, the blocks around the sentence."""


def as_read(text: str) -> str:
    """The text as it is read: links as their words, no emphasis marks, no list marker, single spaces."""
    text = _BARE.sub("", _LINK.sub(r"\1", _MARKER.sub("", text)))
    return " ".join(_EMPHASIS.sub(r"\2", text).split())


def words(text: str) -> list[str]:
    """The words of a text in lower case, with their inner dots, hyphens and apostrophes."""
    return [word.lower() for word in _WORD.findall(text)]


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is read, its place, and the stretch that it stands in.

    elsewhere  the cited stretch as it is read, without this sentence
    """

    document: Document
    text: str
    span: Span
    cited: Span

    @cached_property
    def elsewhere(self) -> str:
        document = self.document
        before = document.visible(self.cited.start, self.span.start)
        after = document.visible(self.span.end, self.cited.end)
        return "\n".join(as_read(line) for part in (before, after) for line in part.splitlines() if line.strip())

    @cached_property
    def elsewhere_words(self) -> frozenset[str]:
        return frozenset(words(self.elsewhere))


def sentences_of(document: Document) -> list[Sentence]:
    """The sentences of a document that make a claim, in order."""
    sections = sections_of(document)
    found = []
    for unit in units(document, Span(0, len(document.text))):
        text = as_read(document.visible(unit.start, unit.end)) if unit.kind in ("sentence", "item") else ""
        if text and _is_claim(text):
            section = sections[max(0, bisect_right(sections, unit.start, key=lambda s: s.start) - 1)]
            span = Span(unit.start, unit.end)
            found.append(Sentence(document, text, span, _cited(document, section, span)))
    seen = Counter(sentence.text.lower() for sentence in found)
    return [sentence for sentence in found if seen[sentence.text.lower()] == 1]


def _is_claim(text: str) -> bool:
    size = len(text.split())
    return (
        _LEAST_WORDS <= size <= _MOST_WORDS
        and text[-1:] in ".!)`"
        and not text.startswith(("|", "!", "<", "{", "//"))
        and (text[0].isupper() or text[0] in "`\"'(0123456789")
        and text.count("`") % 2 == 0
        and sum(character.isalpha() for character in text) > 0.6 * len(text)
    )


def _cited(document: Document, section: Section, span: Span) -> Span:
    """The section, or the whole blocks of it around the sentence that fit `MOST_CITED`."""
    if section.end - section.start <= MOST_CITED:
        return Span(section.start, section.end)
    blocks = document.parsed.blocks
    low = high = bisect_left(blocks, span.end, key=lambda b: b.end)
    while True:
        grown = [
            (first, last)
            for first, last in ((low - 1, high), (low, high + 1))
            if first >= 0
            and last < len(blocks)
            and blocks[first].start >= section.start
            and blocks[last].end <= section.end
            and blocks[last].end - blocks[first].start <= MOST_CITED
        ]
        if not grown:
            break
        low, high = min(grown, key=lambda pair: blocks[pair[1]].end - blocks[pair[0]].start)
    start, end = min(blocks[low].start, span.start), max(blocks[high].end, span.end)
    return Span(start, end)
