"""Plain text: the structure that people give it with blank lines, underlines, numbers and dashes.

Lines between blank lines are one stretch. A stretch is a heading where it is underlined (`====`), marked
(`== Title`), numbered as RFCs number sections (`2.1.  Title`), or a short line in capitals or above indented text;
list items where its lines begin with markers; code where all of it is indented and looks unlike prose; else a
paragraph. Page breaks of RFCs, with the header and footer lines around them, are hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from corpus.documents import Block, Metadata, Parsed, Span
from ingest.parse.metadata import describe
from ingest.parse.text.decode import decode
from ingest.parse.text.hidden import find_hidden, union
from ingest.parse.text.lines import Line, measure
from ingest.parse.text.settle import settle

_MARKER = re.compile(r"(?P<mark>[-*+o•‣–]|\(?\d{1,3}[.)]|[a-z][.)]|step\s+\d{1,3}[:.)])[ \t]+\S", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:(?:Appendix|Section|Chapter)\s+)?(?P<number>(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*)\.?(?P<gap>[ \t]{1,4})[A-Z(\"']"
)
_MARKED = re.compile(r"(={1,6}|#{1,6}) \S")
_TITLE = re.compile(r"[A-Z][\w'’()/&-]*(?: [\w'’()/&-]+){0,6}")  # above an indented stretch
_UNDERLINE = re.compile(r"[ \t]*(?:={3,}|-{3,}|~{3,}|\*{3,}|\^{3,})[ \t]*")
_CODE_LINE = re.compile(r"[{};|\\<>$=]|^\s*[$#%>]\s|--\w|^\s*\w+\(|[+|]--|::")
_FOOTER = re.compile(r"\n[^\n]*\[Page \w+\]$")
_RUNNING_HEAD = re.compile(r"RFC \d+[^\n]*\n")
_RFC = re.compile(
    r"^Request for Comments:\s*(?P<number>\d+).{0,2000}?(?:\r?\n){2,}"
    r"(?P<title>[ \t]+\S[^\r\n]*(?:\r?\n[ \t]+\S[^\r\n]*){0,3})",
    re.MULTILINE | re.DOTALL,
)
_LONGEST_HEADING = 80


def parse(data: bytes, name: str) -> Parsed:
    """The document that a plain text file is. Raises `SourceError` (`undecodable`, `binary`)."""
    text = decode(data, name)
    pages = list(_page_breaks(text))
    hidden = union([*find_hidden(text, (), markup=False).spans, *pages])
    blocks = settle(text, list(_blocks(text)), hidden)
    return Parsed(text, blocks, hidden, metadata=_titled(text, blocks, describe(text, blocks, {}, name)))


def _titled(text: str, blocks: Sequence[Block], meta: Metadata) -> Metadata:
    """The metadata with an RFC's title and number; a heading that is not the first thing in a text is no title."""
    rfc = _RFC.search(text[:4096])
    if rfc is not None:
        title = " ".join(rfc["title"].split())
        return replace(meta, title=f"RFC {rfc['number']}: {title}", kind="design")
    return meta if blocks and blocks[0].kind == "heading" else replace(meta, title="")


def _page_breaks(text: str) -> Iterator[Span]:
    """Form feeds, with the footer line above and the running head below, as RFCs have them."""
    for feed in re.finditer("\f", text):
        above = text[max(0, feed.start() - 200) : feed.start()].rstrip()
        footer = _FOOTER.search(above)
        start = max(0, feed.start() - 200) + footer.start() if footer else feed.start()
        below = re.compile(r"[ \t\r\n]{0,20}").match(text, feed.end())
        end = below.end() if below else feed.end()
        head = _RUNNING_HEAD.match(text, end)
        yield Span(start, head.end() if head else feed.end())


def _blocks(text: str) -> Iterator[Block]:
    group = -1
    listed = False
    stretches = _stretches(measure(text))
    for number, stretch in enumerate(stretches):
        following = stretches[number + 1] if number + 1 < len(stretches) else []
        if heading := _heading(stretch, following):
            listed = False
            yield heading
            stretch = [line for line in stretch if line.begin >= heading.end]
            if not stretch:
                continue
        if any(_MARKER.match(line.words) for line in stretch[:1]) or _lead_in(stretch):
            group += not listed
            listed = True
            yield from _items(stretch, group)
        elif _is_code(stretch):
            depth = 1 if listed and stretch[0].indent > 0 else 0
            yield Block("code", stretch[0].start, stretch[-1].end, depth, group if depth else -1)
        elif listed and stretch[0].indent >= 2:
            yield Block("paragraph", stretch[0].begin, stretch[-1].end, 1, group)
        else:
            listed = False
            yield Block("paragraph", stretch[0].begin, stretch[-1].end)


def _stretches(lines: list[Line]) -> list[list[Line]]:
    """Lines between blank lines."""
    return [list(stretch) for blank, stretch in groupby(lines, key=lambda line: line.blank) if not blank]


def _heading(stretch: Sequence[Line], following: Sequence[Line]) -> Block | None:
    """The heading that the stretch begins with."""
    first = stretch[0]
    if len(first.words) > _LONGEST_HEADING or _UNDERLINE.fullmatch(first.words):
        return None
    if not first.indent and (marked := _MARKED.match(first.words)) is not None:
        return Block("heading", first.begin, first.end, len(marked[1]))
    if len(stretch) > 1 and _UNDERLINE.fullmatch(stretch[1].words) and len(stretch[1].words) >= len(first.words) // 2:
        level = 1 if stretch[1].words[0] in "=*" else 2
        return Block("heading", first.begin, stretch[1].end, level)
    if len(stretch) > 1 or first.words[-1] in ".,;:?!" or first.indent > 8:
        return None
    numbered = _NUMBERED.match(first.words)
    if numbered and not first.indent and _is_section(numbered, following):
        return Block("heading", first.begin, first.end, min(6, numbered["number"].count(".") + 1))
    if not first.indent and following and following[0].indent >= 2 and _TITLE.fullmatch(first.words):
        return Block("heading", first.begin, first.end, 1)
    letters = [c for c in first.words if c.isalpha()]
    if len(letters) > 3 and all(c.isupper() for c in letters) and len(first.words.split()) <= 8:
        return Block("heading", first.begin, first.end, 1)
    return None


def _is_section(numbered: re.Match[str], following: Sequence[Line]) -> bool:
    """Whether `1. Words` numbers a section rather than a step: by depth, by a wide gap, or by what follows."""
    if "." in numbered["number"] or len(numbered["gap"]) > 1:
        return True
    return bool(following) and not following[0].indent and not _MARKER.match(following[0].words)


def _lead_in(stretch: Sequence[Line]) -> bool:
    """Whether the first line introduces the list that the others are."""
    return len(stretch) > 2 and stretch[0].words.endswith(":") and all(_MARKER.match(x.words) for x in stretch[1:])


def _items(stretch: Sequence[Line], group: int) -> Iterator[Block]:
    """The items of a stretch of list lines; a line without a marker goes on with the item above it."""
    margins: list[int] = []
    open_block: Block | None = None
    for line in stretch:
        marker = _MARKER.match(line.words)
        if marker is None and open_block is not None:
            open_block = Block(open_block.kind, open_block.start, line.end, open_block.depth, group, open_block.label)
            continue
        if open_block is not None:
            yield open_block
        if marker is None:
            open_block = Block("paragraph", line.begin, line.end, 0, group)
            continue
        while margins and margins[-1] > line.indent:
            margins.pop()
        if not margins or margins[-1] < line.indent:
            margins.append(line.indent)
        open_block = Block("item", line.begin, line.end, len(margins), group, marker["mark"])
    if open_block is not None:
        yield open_block


def _is_code(stretch: Sequence[Line]) -> bool:
    """Whether every line is indented by four or more, and most look like code, drawings or tables."""
    if min(line.indent for line in stretch) < 4:
        return False
    odd = sum(bool(_CODE_LINE.search(line.words) or "   " in line.words) for line in stretch)
    return odd * 2 > len(stretch)
