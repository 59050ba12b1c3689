"""From the lines of all pages to headings, paragraphs, list items, listings and tables.

What pages repeat at their edges is dropped (`furniture`); what stands out is a heading (`style`). A list item begins
with a bullet or with the next number; its depth is the rank of its indentation. Lines of one paragraph are joined, also
over a column or page break; a word divided at a line end is put together unless the document writes it with a hyphen
elsewhere. A line broken long before the edge of its column stays a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from corpus.documents import Block
from ingest.parse.extracted.extraction import Extraction
from ingest.parse.layout.furniture import without_furniture
from ingest.parse.layout.page import Line, PageText, PlacedGrid
from ingest.parse.layout.style import BULLET, NUMBER, OutlineEntry, Style, same_column

_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uff65]{2}")
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\w{1,5}$|(?:…\s?){2,}\w{1,5}$")


def structure(pages: Sequence[PageText], outline: Sequence[OutlineEntry]) -> Extraction:
    """The text and blocks of the document, every block tied to its place on its page."""
    pieces = without_furniture(pages)
    lines = [p for p in pieces if isinstance(p, Line)]
    writer = _Writer(Style.of(lines, outline), _hyphenated(lines))
    for at, piece in enumerate(pieces):
        if isinstance(piece, PlacedGrid):
            writer.table(piece)
        elif not _LEADERS.search(piece.text[-80:]):
            after = pieces[at + 1] if at + 1 < len(pieces) else None
            writer.line(piece, after if isinstance(after, Line) else None)
    writer.end_block()
    return writer.out


def _hyphenated(lines: Sequence[Line]) -> frozenset[str]:
    """Words that the document writes with a hyphen inside a line."""
    return frozenset(w.casefold() for line in lines for w in re.findall(r"\w+(?:-\w+)+", line.text))


@dataclass(slots=True)
class _Open:
    """The block being gathered: its kind, its lines and, of an item, its marker and depth."""

    kind: str
    lines: list[Line]
    texts: list[str]
    marker: str = ""
    depth: int = 0
    text_x: float = 0.0


@dataclass(slots=True)
class _Writer:
    style: Style
    hyphenated: frozenset[str]
    out: Extraction = field(default_factory=Extraction)
    _open: _Open | None = None
    _last: Line | None = None
    _indents: list[float] = field(default_factory=list)
    _numbers: dict[int, str] = field(default_factory=dict)
    _group: int = -1
    _table: tuple[str, ...] | None = None
    _table_group: int = -1

    def line(self, line: Line, after: Line | None) -> None:
        """Adds one line: to the block that is open, or as the first of a new one."""
        depth = self.style.heading_depth(line, self._last, after)
        if not depth and self._open is not None and self._open.kind == "heading" and self._continues_heading(line):
            depth = self._open.depth
        listing = line.mono and not self._is_inline(line, after)
        item = None if depth or listing else self._item_start(line)
        if depth:
            self._add_heading(line, depth)
        elif listing:
            self._add_code(line)
        elif item:
            self._start_item(line, *item)
        else:
            self._add_text(line)
        self._last, self._table = line, None

    def table(self, placed: PlacedGrid) -> None:
        """Adds a table."""
        self.end_block()
        self._end_list()
        rows = placed.grid.rows
        heads = placed.grid.heads or _guessed_heads(rows)
        continued = self._table is not None and self._last is None and len(self._table) == len(rows[0])
        if not continued:
            self._table_group, self._table = self.out.new_group(), rows[0]
        elif rows[0] != self._table and not placed.grid.heads:
            heads = 0
        for at, (cells, box) in enumerate(zip(rows, placed.grid.boxes, strict=True)):
            if not (continued and cells == self._table):
                block = self.out.row(cells, group=self._table_group, header=at < heads)
                self._anchor(block, placed.page, box)
        self._last = None

    def end_block(self) -> None:
        """Writes the open block."""
        block, self._open = self._open, None
        if block is None:
            return
        if block.kind == "code":
            self._write_code(block)
            return
        text = self._join(block)
        if block.kind == "heading":
            written = self.out.heading(text, block.depth)
        elif block.kind == "item":
            written = self.out.item(text, block.marker, depth=block.depth, group=self._group)
        else:
            written = self.out.paragraph(text, depth=block.depth, group=self._group if block.depth else -1)
        self._anchor_lines(written, block.lines)

    def _add_heading(self, line: Line, depth: int) -> None:
        last = self._open
        if last is not None and last.kind == "heading" and last.depth == depth and self._continues_heading(line):
            last.lines.append(line)
            last.texts.append(line.text)
            return
        self.end_block()
        self._end_list()
        self._open = _Open("heading", [line], [line.text], depth=depth)

    def _continues_heading(self, line: Line) -> bool:
        before = self._last
        if before is None or not same_column(before, line) or before.bold != line.bold:
            return False
        if line.size < 1.12 * self.style.size and self.style.ends_short(before, line.text):
            return False
        close = line.top - before.top <= 1.5 * max(line.size, before.size)
        return close and abs(line.size - before.size) < 0.6 and not re.match(r"\d+(\.\d+)*\.?\s", line.text)

    def _add_code(self, line: Line) -> None:
        if self._open is None or self._open.kind != "code":
            self.end_block()
            self._open = _Open("code", [], [], depth=len(self._indents) if self._inside_item(line) else 0)
        self._open.lines.append(line)

    def _is_inline(self, line: Line, after: Line | None) -> bool:
        """Whether a line all in monospaced letters is the rest of a sentence rather than a listing."""
        lone = after is None or not after.mono or not same_column(line, after)
        return lone and self._runs_on(line)

    def _item_start(self, line: Line) -> tuple[str, str] | None:
        """The marker and the rest of the line, if it begins a list item here."""
        bullet = BULLET.match(line.text)
        if bullet:
            rest = line.text[bullet.end() :]
            plain = bullet.group(1) in "-–—*o" and not self._indents and self._runs_on(line)
            return None if plain else ("-", rest)
        number = NUMBER.match(line.text)
        if not number or (self._runs_on(line) and not self._follows_number(line, number[1])):
            return None
        return number[1], line.text[number.end() :]

    def _runs_on(self, line: Line) -> bool:
        """Whether the open paragraph's sentence is not over, so that a sign at the line's begin is part of it."""
        return (
            self._open is not None
            and self._open.kind in ("paragraph", "item")
            and not _SENTENCE_END.search(self._open.texts[-1])
            and self._is_flush(line)
        )

    def _is_flush(self, line: Line) -> bool:
        """Whether the line stands right below the open block's last one, at the same left edge."""
        block = self._open
        return block is not None and self._adjoins(line) and abs(line.x0 - (block.text_x or block.lines[-1].x0)) < 3

    def _follows_number(self, line: Line, marker: str) -> bool:
        depth = self._depth_at(line.x0)
        return _is_next(self._numbers.get(depth, ""), marker)

    def _start_item(self, line: Line, marker: str, rest: str) -> None:
        self.end_block()
        if not self._indents:
            self._group = self.out.new_group()
        depth = self._depth_at(line.x0)
        del self._indents[depth - 1 :]
        self._indents.append(line.x0)
        self._numbers = {d: m for d, m in self._numbers.items() if d < depth} | {depth: marker}
        share = (len(line.text) - len(rest)) / max(len(line.text), 1)
        text_x = line.x0 + share * (line.box[2] - line.x0)
        self._open = _Open("item", [line], [rest], marker=marker, depth=depth, text_x=text_x)

    def _depth_at(self, x: float) -> int:
        return 1 + sum(1 for indent in self._indents if indent < x - 3)

    def _add_text(self, line: Line) -> None:
        if self._open is not None and self._open.kind in ("paragraph", "item") and self._continues(line):
            self._open.lines.append(line)
            self._open.texts.append(line.text)
            return
        self.end_block()
        depth = len(self._indents) if self._inside_item(line) else 0
        if not depth:
            self._end_list()
        self._open = _Open("paragraph", [line], [line.text], depth=depth)

    def _inside_item(self, line: Line) -> bool:
        return bool(self._indents) and line.x0 > self._indents[-1] + 3 and self._last is not None

    def _continues(self, line: Line) -> bool:
        before, block = self._last, self._open
        if before is None or block is None or abs(line.size - before.size) > 1.2:
            return False
        if not same_column(before, line):
            return self._runs_over_break(before, line)
        if not self._adjoins(line):
            return False
        if block.kind == "item":
            return line.x0 > block.lines[0].x0 - 1 if len(block.lines) > 1 else line.x0 >= block.lines[0].x0 - 1
        indented = line.x0 > before.x0 + 6 and len(block.lines) > 1
        return not (indented and _SENTENCE_END.search(before.text))

    def _adjoins(self, line: Line) -> bool:
        before = self._last
        return before is not None and same_column(before, line) and line.top - before.top <= self._reach(line)

    def _reach(self, line: Line) -> float:
        return max(1.28 * self.style.leading, 1.45 * line.size)

    def _runs_over_break(self, before: Line, line: Line) -> bool:
        on = line.page - before.page in (0, 1) and not _SENTENCE_END.search(before.text)
        return on and (line.text[:1].islower() or before.text.endswith("-")) and line.bold == before.bold

    def _end_list(self) -> None:
        self._indents.clear()
        self._numbers.clear()
        self._group = -1

    def _join(self, block: _Open) -> str:
        text = block.texts[0] if block.texts else ""
        for before, line in zip(block.lines, block.texts[1:], strict=False):
            left, right = re.search(r"(\w+)-$", text[-60:]), re.match(r"\w+", line)
            if left and right and line[:1].islower() and left[1][-1:].isalpha():
                kept = f"{left[1]}-{right[0]}".casefold() in self.hyphenated
                text = text + line if kept else text[:-1] + line
            elif (text.endswith(("-", "/")) and text[-2:-1].strip()) or _UNSPACED.fullmatch(text[-1:] + line[:1]):
                text += line
            else:
                text += ("\n" if self.style.ends_short(before, line) else " ") + line
        return text

    def _write_code(self, block: _Open) -> None:
        left = min(line.x0 for line in block.lines)
        pitch = median(line.pitch for line in block.lines) or 1.0
        rows: list[str] = []
        for before, line in zip([None, *block.lines], block.lines, strict=False):
            if before is not None and same_column(before, line) and line.top - before.top > 1.9 * line.size:
                rows.append("")
            rows.append(" " * round((line.x0 - left) / pitch) + line.text)
        group = self._group if block.depth else -1
        self._anchor_lines(self.out.code("\n".join(rows), depth=block.depth, group=group), block.lines)

    def _anchor_lines(self, block: Block | None, lines: Sequence[Line]) -> None:
        """One anchor a page that the block touches; a block over a page break is divided by its share of lines."""
        if block is None:
            return
        pages = sorted({line.page for line in lines})
        start = block.start
        for page in pages:
            here = [line.box for line in lines if line.page == page]
            letters = sum(len(line.text) + 1 for line in lines if line.page == page)
            end = block.end if page == pages[-1] else min(start + letters, block.end - 1)
            box = (min(b[0] for b in here), min(b[1] for b in here), max(b[2] for b in here), max(b[3] for b in here))
            self.out.anchor("page", str(page), start, end, _rounded(box))
            start = end

    def _anchor(self, block: Block | None, page: int, box: tuple[float, float, float, float]) -> None:
        if block is not None:
            self.out.anchor("page", str(page), block.start, block.end, _rounded(box))


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))


def _is_next(before: str, marker: str) -> bool:
    old, new = re.sub(r"\W", "", before), re.sub(r"\W", "", marker)
    if old.isdigit() and new.isdigit():
        return int(new) == int(old) + 1
    return len(old) == 1 and len(new) == 1 and ord(new) == ord(old) + 1


def _guessed_heads(rows: Sequence[Sequence[str]]) -> int:
    """1 if the first row looks like labels over the rest, else 0."""
    labels = [c for c in rows[0] if c]
    return int(
        len(rows) > 1 and len(labels) == len(rows[0]) and all(len(c) <= 60 and not c[0].isdigit() for c in labels)
    )
