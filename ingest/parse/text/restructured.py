"""reStructuredText, line by line: the canonical text is the file, and nothing is ever included or executed.

docutils knows the structure better than anybody, but tells neither where a list item nor where a table row stands;
this parser knows the positions and follows the same rules: indentation makes the body of an item, a directive or a
quote; a title is known by its adornment, whose order of appearance makes the levels; `::` announces a literal block.
The differential test in `tests/unit/test_parse_restructured.py` holds the two against each other.

Hidden are comments, targets, substitutions, the marks and options of directives, and directives that only steer the
machine (`toctree`, `include`, `raw`, ...). Code-like directives become code with their mark; of all others the
content is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.documents import Block, Parsed, Span
from ingest.parse.metadata import describe
from ingest.parse.text.decode import decode
from ingest.parse.text.hidden import find_hidden, union
from ingest.parse.text.lines import Line, deeper, margin, measure
from ingest.parse.text.restructured_marks import (
    BULLET,
    CODE,
    DIRECTIVE,
    ENUMERATOR,
    EXPLICIT,
    FIELD,
    FOOTNOTE,
    MACHINE,
    TARGET,
    Item,
    Place,
    counts_on,
    find_title,
)
from ingest.parse.text.settle import settle
from ingest.parse.text.text_tables import grid_rows, simple_rows

_DEEPEST = 60


def parse(data: bytes, name: str) -> Parsed:
    """The document that a reStructuredText file is. Raises `SourceError` (`undecodable`, `binary`)."""
    text = decode(data, name)
    reader = _Reader(text, measure(text))
    reader.body(0, len(reader.lines), Place())
    hidden = union([*find_hidden(text, (), markup=False).spans, *reader.hidden])
    blocks = settle(text, reader.blocks, hidden)
    return Parsed(text, blocks, hidden, metadata=describe(text, blocks, {}, name))


@dataclass(slots=True)
class _Reader:
    text: str
    lines: list[Line]
    blocks: list[Block] = field(default_factory=list)
    hidden: list[Span] = field(default_factory=list)
    _styles: list[str] = field(default_factory=list)
    _waiting: Item | None = None
    _groups: int = 0
    _list: tuple[int, str] = (-1, "")

    def body(self, at: int, stop: int, place: Place) -> None:
        """The blocks of lines `[at, stop)`."""
        while at < stop:
            line = self.lines[at]
            if line.blank:
                at += 1
            elif place.nesting > _DEEPEST:
                at = self._paragraph(at, stop, place, whole=True)
            elif line.indent > place.margin:
                end = deeper(self.lines, at, stop, place.margin + 1)
                self.body(at, end, place.inside(margin(self.lines, at, end, place.margin + 1)))
                at = end
            else:
                at = self._element(at, stop, place)

    def _element(self, at: int, stop: int, place: Place) -> int:
        """One element at the margin; the line after it."""
        content = self._content(at)
        if place.nesting == 0 and (end := self._title(at, stop)):
            return end
        if EXPLICIT.match(content):
            return self._explicit(at, stop, place)
        if content.startswith("__ "):
            return self._hide(at, at + 1)
        if marker := self._marker(at, stop, place):
            return self._item(at, stop, place, marker)
        if end := self._table(at, stop, place):
            return end
        if content.startswith(">>>"):
            end = next((k for k in range(at, stop) if self.lines[k].blank), stop)
            self._add("code", at, end, place, "python")
            return end
        if name := FIELD.match(content):
            return self._field(at, stop, place, name.end())
        return self._paragraph(at, stop, place)

    def _field(self, at: int, stop: int, place: Place, name: int) -> int:
        """`:name: body`; the name belongs to the first paragraph of the body."""
        line, end = self.lines[at], max(at + 1, deeper(self.lines, at + 1, stop, place.margin + 1))
        if self._waiting is None:
            self._waiting = Item(line.begin, "", place.depth, place.group)
        line.begin = min(line.begin + name + 1, line.end)
        line.indent = margin(self.lines, at + 1, end, place.margin + 1)
        self.body(at, end, place.inside(line.indent))
        if self._waiting is not None:
            self._add("paragraph", at, at + 1, place)
        return end

    def _content(self, at: int) -> str:
        return self.text[self.lines[at].begin : self.lines[at].end]

    def _add(self, kind: str, at: int, end: int, place: Place, label: str = "", group: int | None = None) -> None:
        """A block over lines `[at, end)`; the first block of a list item takes the item's marker."""
        start, stop = self.lines[at].begin, self.lines[end - 1].end
        waiting, self._waiting = self._waiting, None
        if waiting is not None and kind != "row" and not waiting.label:
            self.blocks.append(Block("paragraph", waiting.start, stop, waiting.depth, waiting.group))
        elif waiting is not None and kind != "row":
            self.blocks.append(Block("item", waiting.start, stop, waiting.depth, waiting.group, waiting.label))
        elif kind == "row":
            self.blocks.append(Block("row", start, stop, place.depth, place.group if group is None else group, label))
        elif kind == "code":
            lead = self.text.rfind("\n", 0, start) + 1
            start = start if self.text[lead:start].strip() else lead
            self.blocks.append(Block("code", start, stop, place.depth, place.group, label))
        else:
            self.blocks.append(Block("paragraph", start, stop, place.depth, place.group))

    def _hide(self, at: int, end: int) -> int:
        self.hidden.append(Span(self.lines[at].begin, self.lines[end - 1].end))
        return end

    def _title(self, at: int, stop: int) -> int:
        """The line after the section title at `at`, or 0."""
        title = find_title(self.text, self.lines, at, stop)
        if title is None:
            return 0
        if title.style not in self._styles:
            self._styles.append(title.style)
        level = min(6, self._styles.index(title.style) + 1)
        self.blocks.append(Block("heading", self.lines[title.line].begin, self.lines[title.line + 1].end, level))
        return title.line + 2

    def _marker(self, at: int, stop: int, place: Place) -> re.Match[str] | None:
        content = self._content(at)
        if (bullet := BULLET.match(content)) is not None:
            return bullet
        found = ENUMERATOR.match(content)
        last = next((b.label for b in reversed(self.blocks[-50:]) if b.kind == "item"), "")
        if found is None or not counts_on(found[0], last):
            return None
        after = at + 1
        if after < stop and not self.lines[after].blank and self.lines[after].indent <= place.margin:
            return found if ENUMERATOR.match(self._content(after)) else None
        return found

    def _item(self, at: int, stop: int, place: Place, marker: re.Match[str]) -> int:
        line, after = self.lines[at], self._content(at)[marker.end() :]
        gap = len(after) - len(after.lstrip())
        style = marker[0] if len(marker[0]) == 1 else re.sub(r"\w+|#", "1", marker[0])
        group = place.group if place.depth else self._list_group(at, style)
        self._waiting = Item(line.begin, marker[0], place.depth + 1, group)
        end = max(at + 1, deeper(self.lines, at + 1, stop, place.margin + 1))
        column = line.indent + marker.end() + max(gap, 1)
        line.begin, line.indent = line.begin + marker.end() + gap, column
        self.body(at, end, Place(column, place.depth + 1, group, place.nesting + 1))
        self._waiting = None
        return end

    def _list_group(self, at: int, style: str) -> int:
        """The group of the outermost list that the item at `at` opens or goes on with."""
        last, before = self._list
        joined = (
            bool(self.blocks) and before == style and self.blocks[-1].depth > 0 and self.blocks[-1].kind != "heading"
        )
        if joined and not self.text[self.blocks[-1].end : self.lines[at].begin].strip():
            return last
        self._groups += 1
        self._list = (self._groups - 1, style)
        return self._groups - 1

    def _table(self, at: int, stop: int, place: Place) -> int:
        """The line after the table at `at`, or 0."""
        content = self._content(at)
        rows = grid_rows if content.startswith("+-") else simple_rows if content.startswith("==") else None
        if rows is None:
            return 0
        found = rows(self._relative(at, stop, place.margin))
        if not found.length:
            return 0
        self._groups += 1
        for row in found.rows:
            label = "header" if row.header else ""
            self._add("row", at + row.first, at + row.last + 1, place, label, self._groups - 1)
        return at + found.length

    def _relative(self, at: int, stop: int, margin: int) -> Iterator[str]:
        """The lines from `at`, as they stand from the margin on, while they do not stand left of it."""
        for k in range(at, stop):
            line = self.lines[k]
            if line.indent < margin and not line.blank:
                return
            yield " " * (line.indent - margin) + self.text[line.begin : line.end]

    def _explicit(self, at: int, stop: int, place: Place) -> int:
        """What begins with two dots."""
        line, content = self.lines[at], self._content(at)
        mark = EXPLICIT.match(content)
        lead = mark.end() if mark else 2
        rest = content[lead:]
        end = max(at + 1, deeper(self.lines, at + 1, stop, place.margin + 1))
        if FOOTNOTE.match(rest):
            self.hidden.append(Span(line.begin, line.begin + 2))
            line.begin += lead
            line.indent = margin(self.lines, at + 1, end, place.margin + 3)
            self.body(at, end, place.inside(line.indent))
            return end
        directive = DIRECTIVE.match(rest)
        if directive is None or rest.startswith("|"):
            empty = not rest and (at + 1 == len(self.lines) or self.lines[at + 1].blank)
            return self._hide(at, at + 1 if empty or (TARGET.match(rest) and end == at + 1) else end)
        name = directive["name"].lower()
        if name == "figure":
            self.hidden.append(Span(line.begin, line.end))
        if name in MACHINE:
            return self._hide(at, end)
        if name in CODE:
            label = (directive["args"] or "").strip() if name in ("code-block", "code", "sourcecode") else name
            self._add("code", at, end, place, label)
            return end
        return self._content_directive(
            at, end, place, lead + (directive.start("args") if directive["args"] else len(rest))
        )

    def _content_directive(self, at: int, end: int, place: Place, args: int) -> int:
        """A directive whose arguments and body are text: its mark and options are hidden, the rest is read."""
        line = self.lines[at]
        if args:
            self.hidden.append(Span(line.begin, line.begin + args))
        line.begin += args
        options = at + 1
        while options < end and not self.lines[options].blank and FIELD.match(self._content(options)):
            options += 1
        if options > at + 1:
            self._hide(at + 1, options)
        left = margin(self.lines, options, end, place.margin + 3)
        if options > at + 1:
            if not line.blank:
                self._add("paragraph", at, at + 1, place)
            self.body(options, end, place.inside(left))
        else:
            line.indent = left
            self.body(at, end, place.inside(left))
        return end

    def _paragraph(self, at: int, stop: int, place: Place, *, whole: bool = False) -> int:
        end = at + 1
        while end < stop and not self.lines[end].blank and (whole or self.lines[end].indent == place.margin):
            if not whole and place.nesting == 0 and find_title(self.text, self.lines, end, stop):
                break
            end += 1
        term = end == at + 1 and end < stop and not self.lines[end].blank and self.lines[end].indent > place.margin
        if term and self._waiting is None and not self._content(at).endswith("::"):
            self._waiting = Item(self.lines[at].begin, "", place.depth, place.group)
            return end
        self._add("paragraph", at, end, place)
        if whole or not self._content(end - 1).endswith("::"):
            return end
        literal = end
        while literal < stop and self.lines[literal].blank:
            literal += 1
        if literal >= stop:
            return end
        if self.lines[literal].indent > place.margin:
            close = deeper(self.lines, literal, stop, place.margin + 1)
        elif (quote := self._content(literal)[:1]) and not quote.isalnum():
            close = literal
            while close < stop and self._content(close).startswith(quote):
                close += 1
        else:
            return end
        self._add("code", literal, close, place)
        return close
