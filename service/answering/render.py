"""Checked lines -> Markdown, with citation marks and without the list of sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import Document
from corpus.units import Unit
from service.answering.compose import Utterance

MARKER = re.compile(r"^(?:[-*+•]|\(?\d+[.)])\s+(?:\[[ xX]\]\s+)?")
"""What an item begins with: its bullet or number, and its check box."""
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance that holds, with the number of its citation and the label shown above it."""

    utterance: Utterance
    numbers: tuple[int, ...]
    under: str


def markdown(lines: Sequence[Line]) -> str:
    """Sentences of one paragraph run on; items, rows and code keep their lines; a mark stands where a source ends."""
    blocks: list[str] = []
    for i, line in enumerate(lines):
        before = lines[i - 1] if i else None
        after = lines[i + 1] if i + 1 < len(lines) else None
        marks = "" if after and after.numbers == line.numbers else "".join(f"[{n}]" for n in line.numbers)
        text = _text(line, _base(lines, i))
        glue = _glue(before, line)
        shown = _label(before, line) + _mark(text, marks, line.utterance.unit.kind)
        if glue == " " and blocks:
            blocks[-1] = f"{blocks[-1]} {shown}"
        elif glue == "\n" and blocks:
            blocks[-1] = f"{blocks[-1]}\n{shown}"
        else:
            blocks.append(shown)
    return "\n\n".join(blocks)


def _label(before: Line | None, line: Line) -> str:
    """The headings a line must be shown under, where they change: before prose on its line, else above."""
    if not line.under or (before is not None and before.under == line.under):
        return ""
    return f"*{line.under}:*" + (" " if line.utterance.unit.kind == "sentence" else "\n\n")


def _glue(before: Line | None, line: Line) -> str:
    """What stands between two lines: a space in a paragraph, a line break in a list or table, else a blank line."""
    if before is None or before.utterance.document.id != line.utterance.document.id:
        return ""
    left, right = before.utterance.unit, line.utterance.unit
    if before.numbers != line.numbers and not left.kind == right.kind == "row":
        return ""
    if left.kind == right.kind == "sentence" and left.block == right.block:
        return " "
    blocks = line.utterance.document.parsed.blocks
    same = blocks[left.block].group >= 0 and blocks[left.block].group == blocks[right.block].group
    return "\n" if same and "code" not in (left.kind, right.kind) else ""


def _base(lines: Sequence[Line], at: int) -> int:
    """The leftmost column among the lines that share a source with this one."""
    return min(_column(x.utterance.document, x.utterance.unit) for x in lines if x.numbers == lines[at].numbers)


def _column(document: Document, unit: Unit) -> int:
    """Characters before the unit on its line."""
    start = max(document.text.rfind("\n", 0, unit.start), document.text.rfind("\r", 0, unit.start)) + 1
    return unit.start - start if document.text[start : unit.start].strip() == "" else 0


def _text(line: Line, base: int) -> str:
    """The stretch as Markdown at its indentation; the lead in bold."""
    document, unit = line.utterance.document, line.utterance.unit
    raw = document.visible(unit.start, unit.end)
    column = _column(document, unit)
    indent = " " * max(0, column - base)
    if unit.kind == "code":
        return "\n".join(indent + row for row in _fenced(_rows(document, unit, raw)))
    if unit.kind == "row":
        return _row(document, unit, raw)
    flat = " ".join(raw.split())
    if not line.utterance.lead:
        return indent + flat
    marker = MARKER.match(flat)
    head = marker.group() if marker else ""
    return f"{indent}{head}**{flat[len(head) :].replace('**', '').strip()}**"


def _rows(document: Document, unit: Unit, raw: str) -> list[str]:
    """The lines of code without what stands before each in a list or a quotation."""
    first, *others = raw.splitlines()
    begin = max(document.text.rfind("\n", 0, unit.start), document.text.rfind("\r", 0, unit.start)) + 1
    depth = document.text[begin : unit.start].count(">")
    if depth:
        return [first, *(re.sub(rf"^(?:[ \t]*>){{1,{depth}}} ?", "", row) for row in others)]
    column = _column(document, unit)
    return [first, *(row[column:] if not row[:column].strip() else row.lstrip() for row in others)]


def _fenced(rows: list[str]) -> list[str]:
    """The lines inside a fence that none of them ends."""
    opens = _FENCE.match(rows[0])
    if opens:
        closes = re.compile(rf"[ \t]*{opens[1]}{opens[1][0]}*[ \t]*")
        end = next((at for at, row in enumerate(rows) if at and closes.fullmatch(row)), len(rows))
        if end >= len(rows) - 1:
            return rows if end < len(rows) else [*rows, opens[1]]
    longest = max((len(m[1]) for m in map(_FENCE.match, rows) if m and m[1][0] == "`"), default=2)
    fence = "`" * (longest + 1)
    return [fence, *rows, fence]


def _row(document: Document, unit: Unit, raw: str) -> str:
    """A table row; a header row with the delimiter that Markdown wants below it."""
    if document.parsed.blocks[unit.block].label != "header":
        return raw
    columns = max(1, raw.strip().strip("|").count("|") + 1)
    return f"{raw}\n|{' --- |' * columns}"


def _mark(text: str, marks: str, kind: str) -> str:
    """The text with its citation marks: after prose, below code, in the last cell of a row."""
    if not marks:
        return text
    if kind == "code":
        return f"{text}\n\n{marks}"
    if kind == "row":
        row, line_end, delimiter = text.partition("\n")
        cells = f"{row.rstrip()[:-1].rstrip()}{marks} |" if row.rstrip().endswith("|") else f"{row}{marks}"
        return f"{cells}{line_end}{delimiter}"
    return f"{text}{marks}"
