"""Any text or Markdown -> the sentences that claim something, each with its place.

Lines are gathered into blocks (headings, paragraphs, list items, table rows, fenced code), paragraphs and items are cut
into sentences, and of each the words are kept as they are read: links as their words, no emphasis, no list marker, and
no citation marks such as `[3]` or `[2, 5]`. Offsets are those of the text that was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.documents import Span
from corpus.remembered import remembered
from corpus.units import sentences

SegmentKind = Literal["heading", "sentence", "item", "row", "code"]

_FENCE = re.compile(r"^[ \t>]*(```+|~~~+)")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+")
_UNDERLINE = re.compile(r"^[ \t]*(?:={3,}|-{3,}|\*{3,}|_{3,})[ \t]*$")
_ITEM = re.compile(r"^(?P<indent>[ \t>]*)(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_ROW = re.compile(r"^[ \t>]*\|.*\|[ \t]*$")
_CITED = re.compile(r"(?:(?<!\w)|(?<=[a-z])(?=\[\d+\](?:[\s.,;:]|$)))\[\^?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\](?!\()")
_IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_BARE = re.compile(r"<https?://[^>]*>|<!--.*?-->", re.DOTALL)
_MARK = re.compile(r"(?<![\w*_`])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*_])", re.DOTALL)
_LEADING = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?)?(?:#{1,6}\s+)?")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch that can be judged by itself.

    text     its words as they are read, on one line; code as it stands
    section  the nearest heading above it, "" without one
    marks    the citation numbers it carried
    """

    kind: SegmentKind
    text: str
    start: int
    end: int
    section: str = ""
    marks: tuple[int, ...] = ()


@remembered(1024)
def segments(text: str) -> tuple[Segment, ...]:
    """The segments of a text, headings included, in order."""
    found: list[Segment] = []
    section = ""
    for kind, span in _blocks(text):
        marker = _ITEM.match(text[span.start : span.end]) if kind == "item" else None
        inner = Span(span.start + marker.end(), span.end) if marker else span
        pieces = sentences(text, inner) if kind in ("sentence", "item") else [inner]
        for piece in pieces:
            made = _segment(text, kind, piece, section)
            if made:
                found.append(made)
                section = made.text if kind == "heading" else section
    return tuple(found)


def as_read(text: str) -> str:
    """The words of a stretch of Markdown as they are read, on one line."""
    text = _CITED.sub("", _BARE.sub("", text))
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", _LEADING.sub("", text)))
    return re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", " ".join(_MARK.sub(r"\2", text).split()))


def is_rule(line: str) -> bool:
    """Whether a line is the one below a table's header, `| --- | :-: |`."""
    cells = line.lstrip(" \t>").rstrip()
    return len(cells) > 1 and "|" in cells[1:] and not cells.strip(" \t:|-")


def _segment(text: str, kind: SegmentKind, span: Span, section: str) -> Segment | None:
    raw = text[span.start : span.end]
    start = span.start + len(raw) - len(raw.lstrip())
    end = start + len(raw.strip())
    stretch = text[start:end]
    read = stretch if kind == "code" else as_read(stretch)
    if not any(c.isalnum() for c in read):
        return None
    marks = (
        tuple(int(n) for m in _CITED.finditer(stretch) for n in re.findall(r"\d+", m.group())) if kind != "code" else ()
    )
    return Segment(kind, read, start, end, section, marks)


def _blocks(text: str) -> Iterator[tuple[SegmentKind, Span]]:
    """Stretches of one kind, in order; the lines of a paragraph or item together."""
    kind: SegmentKind = "sentence"
    begin: int | None = None
    fence, quoted = "", False
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        if fence:
            bare = line.strip(" \t>\r\n" if quoted else None)
            if bare.startswith(fence) and not bare.strip(fence[0]):
                yield "code", Span(begin or 0, at)
                fence, begin = "", None
            continue
        opens = _FENCE.match(line)
        own = _kind(line)
        if begin is not None and kind == "sentence" and _UNDERLINE.match(line):
            yield "heading", Span(begin, start)
            begin = None
        if begin is not None and (own is not None or opens or not line.strip(" \t>\r\n")):
            yield kind, Span(begin, start)
            begin = None
        if opens:
            fence, begin, quoted = opens[1], start, ">" in opens[0]
        elif own in ("heading", "row"):
            yield own, Span(start, at)
        elif own == "item":
            kind, begin = "item", start
        elif begin is None and line.strip(" \t>\r\n") and not _UNDERLINE.match(line) and not is_rule(line):
            kind, begin = "sentence", start
    if begin is not None:
        yield ("code" if fence else kind), Span(begin, at)


def _kind(line: str) -> SegmentKind | None:
    """What a line begins by itself; None for one that goes on, or says nothing."""
    if is_rule(line):
        return None
    if _ROW.match(line):
        return "row"
    return "heading" if _HEADING.match(line) else "item" if _ITEM.match(line) else None
