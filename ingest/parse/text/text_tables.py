"""Tables drawn with characters, as in reStructuredText: which lines make which row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

_GRID_LINE = re.compile(r"\+(?:-+\+)+|\+(?:=+\+)+")
_BORDER = re.compile(r"=+(?: +=+)+ *")
_RULE = re.compile(r"-+(?: +-+)* *")


@dataclass(frozen=True, slots=True)
class Row:
    """Lines `first` to `last`, both included, counted from the table's first line."""

    first: int
    last: int
    header: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows, and how many lines the table takes; 0 where there is none."""

    rows: tuple[Row, ...] = ()
    length: int = 0


def grid_rows(lines: Iterable[str]) -> Rows:
    """The rows of a grid table (`+---+`) that begins with the first line."""
    drawn = list(takewhile(lambda line: line.startswith(("+", "|")), lines))
    while drawn and not _GRID_LINE.fullmatch(drawn[-1]):
        drawn.pop()
    if len(drawn) < 3:
        return Rows()
    head = next((k for k, line in enumerate(drawn) if line.startswith("+=")), 0)
    rows: list[Row] = []
    first = 1
    for k, line in enumerate(drawn[1:], 1):
        if _GRID_LINE.fullmatch(line):
            if k > first:
                rows.append(Row(first, k - 1, k <= head))
            first = k + 1
    return Rows(tuple(rows), len(drawn))


def simple_rows(lines: Iterable[str]) -> Rows:
    """The rows of a simple table (`=== ===`) that begins with the first line. A line whose first column is empty
    goes on with the row above."""
    drawn, borders = _until_last_border(lines)
    if len(borders) < 2:
        return Rows()
    head = borders[1] if len(borders) == 3 else 0
    width = len(drawn[0].split(" ", 1)[0])
    rows: list[Row] = []
    for k, line in enumerate(drawn[: borders[-1]]):
        if not line.strip() or k in borders or _RULE.fullmatch(line):
            continue
        if rows and not line[:width].strip() and rows[-1].last == k - 1:
            rows[-1] = Row(rows[-1].first, k, rows[-1].header)
        else:
            rows.append(Row(k, k, k < head))
    return Rows(tuple(rows), borders[-1] + 1)


def _until_last_border(lines: Iterable[str]) -> tuple[list[str], list[int]]:
    """The lines up to the second border that a blank line follows, or the third; and where the borders are."""
    drawn: list[str] = []
    borders: list[int] = []
    for k, line in enumerate(lines):
        if (len(borders) == 2 and borders[1] == k - 1 and not line.strip()) or len(borders) == 3:
            break
        if _BORDER.fullmatch(line):
            borders.append(k)
        elif not borders:
            break
        drawn.append(line)
    return drawn, borders
