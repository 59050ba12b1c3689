"""A document at a revision -> HTML with the cited span marked.

It is rendered from the parsed blocks and not from its own markup: nothing that a document brings along (scripts,
styles, frames, addresses) can reach the page, every format looks the same, and a mark stands on the exact characters
that a citation names. What comes out passes nh3 all the same, as the last of two locks.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import nh3

from corpus.documents import Block, Document, Span
from corpus.outline import line_starts, lines_of
from service.web.inline import inline_html, marked_html

_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "table", "tr", "th", "td", "pre", "code", "mark"}
_TAGS |= {"strong", "em", "span", "div"}
_ATTRIBUTES = {"*": {"class", "data-line", "data-page"}, "span": {"class", "title"}, "div": {"class", "tabindex"}}
_ATTRIBUTES |= {"li": {"value", "class", "data-line", "data-page"}}
_HEADING = re.compile(r"^\s*#{1,6}\s+|\s+#+\s*$|\n[ \t]*[=\-~^*]+[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\(?\w{1,4}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_FENCE = re.compile(r"\A[ \t]*(?:`{3,}|~{3,})[^\n]*\n|(?:\n|(?<=\n))[ \t>]*(?:`{3,}|~{3,})[ \t]*\Z")


def document_html(document: Document, marks: Sequence[Span] = ()) -> str:
    """The whole document as safe HTML; `marks` are sorted, disjoint character spans of its text."""
    html = "".join(_runs(document, marks))
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set())


def _runs(document: Document, marks: Sequence[Span]) -> Iterator[str]:
    """The blocks in order; those of one list or table together, the rest one by one."""
    blocks = document.parsed.blocks
    starts = line_starts(document.text)
    at = 0
    while at < len(blocks):
        last = at + 1
        while last < len(blocks) and blocks[at].group >= 0 and blocks[last].group == blocks[at].group:
            last += 1
        if blocks[at].kind == "row":
            yield _table(document, blocks[at:last], marks, starts)
        else:
            yield from (_block(document, block, marks, starts) for block in blocks[at:last])
        at = last


def _block(document: Document, block: Block, marks: Sequence[Span], starts: Sequence[int]) -> str:
    where = _where(document, block, starts)
    if block.kind == "heading":
        level = min(6, max(1, block.depth))
        inner = inline_html(document, _without(document, block, _HEADING), marks)
        return f"<h{level}{where}>{inner}</h{level}>"
    if block.kind == "code":
        inner = marked_html(document, _without(document, block, _FENCE), marks)
        return f'<div class="code" tabindex="0"><pre{where}><code>{inner}</code></pre></div>'
    if block.kind == "item":
        inner = inline_html(document, _after_marker(document, block), marks)
        number = re.match(r"\(?(\d{1,6})[.)]", block.label)
        tag, value = ("ol", f' value="{number[1]}"') if number else ("ul", "")
        item = f"<{tag}><li{value}{where}>{inner}</li></{tag}>"
        return f'<div class="depth-{min(6, max(1, block.depth))}">{item}</div>'
    nested = f' class="depth-{min(6, block.depth + 1)}"' if block.depth else ""
    return f"<div{nested}><p{where}>{inline_html(document, Span(block.start, block.end), marks)}</p></div>"


def _table(document: Document, rows: Sequence[Block], marks: Sequence[Span], starts: Sequence[int]) -> str:
    html = []
    for row in rows:
        tag = "th" if row.label == "header" else "td"
        cells = "".join(f"<{tag}>{inline_html(document, c, marks)}</{tag}>" for c in _cells(document, row))
        html.append(f"<tr{_where(document, row, starts)}>{cells}</tr>")
    return f'<div class="table" tabindex="0"><table>{"".join(html)}</table></div>'


def _cells(document: Document, row: Block) -> Iterator[Span]:
    """The spans between the bars of a row; the whole row where it has none."""
    text = document.text[row.start : row.end]
    bars = [m.start() for m in re.finditer(r"(?<!\\)\|", text)]
    if len(bars) < 2:
        yield Span(row.start, row.end)
        return
    edges = bars if text.lstrip().startswith("|") else [-1, *bars]
    edges = edges if text.rstrip().endswith("|") else [*edges, len(text)]
    for left, right in itertools.pairwise(edges):
        yield Span(row.start + left + 1, row.start + right)


def _where(document: Document, block: Block, starts: Sequence[int]) -> str:
    """The line or page that a block begins on, for the margin."""
    if document.parsed.native:
        return f' data-line="{lines_of(starts, block.start, block.end)[0]}"'
    pages = (a.label for a in document.parsed.anchors if a.start < block.end and a.end > block.start)
    page = next(pages, "")
    return f' data-page="{page}"' if page.isdigit() else ""


def _without(document: Document, block: Block, edges: re.Pattern[str]) -> Span:
    """The block's span without the markup at its two ends."""
    text = document.text[block.start : block.end]
    start, end = 0, len(text)
    for match in edges.finditer(text):
        if match.start() == 0:
            start = match.end()
        elif match.end() == len(text):
            end = match.start()
    return Span(block.start + start, block.start + max(start, end))


def _after_marker(document: Document, block: Block) -> Span:
    match = _ITEM.match(document.text, block.start, block.end)
    return Span(match.end() if match else block.start, block.end)
