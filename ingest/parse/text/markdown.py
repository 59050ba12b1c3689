"""Markdown: blocks by markdown-it-py, whose tokens carry exact line ranges; inline text is left as it is written.

1. Front matter is read and hidden.
2. Blocks are found (inline parsing is off: nothing needs it, and it costs half of the time).
3. Comments, template code, tags and navigation are found outside code; see `hidden.py`.
4. Template statements do not follow Markdown's block rules: where there are any, they are blanked out in a copy of
   equal length and the blocks are found again.
5. Token lines become character spans: an item begins at its marker, everything is trimmed to visible characters,
   and text that no token covers (nesting beyond the parser's limit) becomes paragraphs; see `settle.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from corpus.documents import Block, Parsed, Span
from corpus.outline import line_starts
from ingest.parse.metadata import describe
from ingest.parse.text.decode import decode
from ingest.parse.text.front_matter import read_front_matter
from ingest.parse.text.hidden import find_hidden, union
from ingest.parse.text.html_blocks import html_blocks
from ingest.parse.text.settle import settle

_MARKER = re.compile(r"[ \t>]*(?P<mark>[-+*]|\d{1,9}[.)])(?=[ \t\r\n]|\Z)")
_QUOTE = re.compile(r"[ \t>]*")
_TICKS = re.compile(r"`+")
_ADMONITION = re.compile(r"^(?:!!!|\?\?\?\+?) +[\w\"]|^===\+? +\"", re.MULTILINE)
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_HTML = re.compile(r"\s*</?[a-z]")
_NOT_LINE_END = re.compile(r"[^\r\n]")
_NESTING = 40


def parse(data: bytes, name: str) -> Parsed:
    """The document that a Markdown file is. Raises `SourceError` (`undecodable`, `binary`)."""
    return parse_text(decode(data, name), name)


def parse_text(text: str, name: str) -> Parsed:
    """The document that a decoded Markdown text is."""
    front = read_front_matter(text)
    source = _quoted(_blank(text, [Span(0, front.end)]))
    starts = line_starts(text)
    tokens = _tokens(source)
    found = find_hidden(source, _literal(source, tokens, starts))
    hidden = [Span(0, front.end), *found.spans]
    if found.statements:
        source = _blank(source, found.statements)
        tokens = [_unindented(token) for token in _tokens(source)]
        hidden += find_hidden(source, _literal(source, tokens, starts)).spans
    walk = _Walk(source, starts)
    for token in tokens:
        walk.take(token)
    covered = union([*hidden, *walk.hidden])
    blocks = settle(text, walk.blocks, covered)
    return Parsed(text, blocks, covered, metadata=describe(text, blocks, front.values, name))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING, "inline_definitions": True}).enable("table")
    parser.disable(["inline", "text_join"])
    parser.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    return parser


_PARSER = _parser()


def _tokens(source: str) -> list[Token]:
    return _PARSER.parse(source, {})


def _unindented(token: Token) -> Token:
    """Indented HTML of a template is no code: the statements around it had cut it from the HTML before it."""
    if token.type == "code_block" and token.level == 0 and _HTML.match(token.content):
        token.type = "html_block"
    return token


def _blank(text: str, spans: Sequence[Span]) -> str:
    """The text with the stretches replaced by as many spaces; line ends stay, so that offsets and lines stay."""
    parts, at = [], 0
    for span in union(spans):
        parts += [text[at : span.start], _NOT_LINE_END.sub(" ", text[span.start : span.end])]
        at = span.end
    return "".join((*parts, text[at:]))


def _quoted(source: str) -> str:
    """The text with the bodies of MkDocs admonitions (`!!! note`) as quotes, which else were indented code."""
    if _ADMONITION.search(source) is None:
        return source
    parts, inside = [], False
    for line in _LINES.findall(source):
        indented = line.startswith("    ")
        inside = _ADMONITION.match(line) is not None or (inside and (indented or not line.strip()))
        parts.append(f">{line[1:]}" if inside and indented and line.strip() else line)
    return "".join(parts)


def _literal(source: str, tokens: Sequence[Token], starts: list[int]) -> list[Span]:
    """Code blocks, and code spans of paragraphs, headings and rows, in which nothing but invisible text is hidden."""
    literal: list[Span] = []
    ends = [*starts[1:], len(source), len(source)]
    for token in tokens:
        if token.map is None:
            continue
        if token.type in ("fence", "code_block"):
            literal.append(Span(starts[token.map[0]], ends[token.map[1] - 1]))
        elif token.type in ("paragraph_open", "heading_open", "tr_open"):
            start, end = starts[token.map[0]], ends[token.map[1] - 1]
            if source.find("`", start, end) >= 0:
                literal += _code_spans(source, start, end)
    return literal


def _code_spans(source: str, start: int, end: int) -> list[Span]:
    """Backtick runs paired with the next run of equal length, as CommonMark pairs them."""
    runs = [m.span() for m in _TICKS.finditer(source, start, end)]
    later: dict[int, list[int]] = {}
    for at in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[at][1] - runs[at][0], []).append(at)
    spans: list[Span] = []
    at = 0
    while at < len(runs):
        same = later[runs[at][1] - runs[at][0]]
        while same and same[-1] <= at:
            same.pop()
        if same:
            spans.append(Span(runs[at][0], runs[same[-1]][1]))
            at = same[-1]
        at += 1
    return spans


class _Item:
    """An open list item. `claimed` once a block has taken its marker."""

    def __init__(self, start: int, label: str) -> None:
        self.start, self.label, self.claimed = start, label, False


class _Walk:
    """Tokens in document order -> blocks. Keeps the open lists, and how far markers were read on each line."""

    def __init__(self, source: str, starts: list[int]) -> None:
        self.blocks: list[Block] = []
        self.hidden: list[Span] = []
        self._source = source
        self._starts = [*starts, len(source), len(source)]
        self._read: dict[int, int] = {}
        self._items: list[_Item] = []
        self._lists = 0
        self._quotes = 0
        self._groups = 0
        self._group = -1
        self._table = -1
        self._header = False

    def take(self, token: Token) -> None:
        """Account for one token."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                if self._lists == 0:
                    self._group = self._new_group()
                self._lists += 1
            case "bullet_list_close" | "ordered_list_close":
                self._lists -= 1
                self._group = self._group if self._lists else -1
            case "list_item_open":
                self._open_item(token)
            case "list_item_close":
                self._items.pop()
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "table_open":
                self._table = self._new_group()
            case "thead_open" | "thead_close":
                self._header = token.nesting == 1
            case "tr_open" | "heading_open" | "paragraph_open" | "fence" | "code_block" | "html_block" | "definition":
                self._leaf(token)

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups - 1

    def _open_item(self, token: Token) -> None:
        assert token.map is not None
        line = token.map[0]
        at = self._read.get(line, self._starts[line])
        marker = _MARKER.match(self._source, at)
        if marker is None:
            self._items.append(_Item(at, token.info + token.markup))
            return
        self._read[line] = marker.end()
        self._items.append(_Item(marker.start("mark"), marker["mark"]))

    def _leaf(self, token: Token) -> None:
        assert token.map is not None
        line, end = token.map[0], self._starts[token.map[1]]
        start = self._read.get(line, self._starts[line])
        if self._quotes and (quote := _QUOTE.match(self._source, start)) is not None:
            start = quote.end()
        if token.type == "definition":
            self.hidden.append(Span(start, end))
            return
        item = self._items[-1] if self._items else None
        if token.type == "html_block":
            blocks = html_blocks(self._source, start, end, self._new_group)
            blocks = [self._in_list(b) for b in blocks] if item else blocks
            if item and not item.claimed and blocks:
                blocks[0] = Block("item", item.start, blocks[0].end, self._lists, self._group, item.label)
                self._claim()
            self.blocks += blocks
            return
        block = self._block(token, start, end)
        if item and not item.claimed and token.type != "tr_open":
            block = Block("item", item.start, end, self._lists, self._group, item.label)
        self._claim()
        self.blocks.append(block)

    def _in_list(self, block: Block) -> Block:
        if block.kind in ("row", "heading", "item"):
            return block
        return Block(block.kind, block.start, block.end, self._lists, self._group, block.label)

    def _claim(self) -> None:
        for item in self._items:
            item.claimed = True

    def _block(self, token: Token, start: int, end: int) -> Block:
        match token.type:
            case "heading_open":
                return Block("heading", start, end, int(token.tag[1]), self._group)
            case "tr_open":
                return Block("row", start, end, self._lists, self._table, "header" if self._header else "")
            case "fence" | "code_block":
                words = token.info.split(maxsplit=1)
                return Block("code", start, end, self._lists, self._group, words[0].strip("{}.") if words else "")
            case _:
                return Block("paragraph", start, end, self._lists, self._group)
