"""A Markdown source -> the pieces that a document is written from, by Aether's own parser.

The parser keeps Markdown's marks, because its text is the file. Here they are taken off: a piece's text is a tuple of
runs, each plain, bold or code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.documents import Block, BlockKind
from corpus.outline import heading_title
from ingest.parse.registry import parse_file

_RUN = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<bold>[^*]+)\*\*|\[(?P<link>[^\]]+)\]\([^)]*\)")
_MARKER = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_CELL = re.compile(r"(?<!\\)\|")

Voice = Literal["plain", "bold", "code"]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one voice."""

    text: str
    voice: Voice


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of a document.

    depth  heading level, or the nesting depth of an item
    group  the list or table that it belongs to, -1 for none
    label  of an item its marker, of a table's header row "header"
    runs   its text; of code one run with its lines
    cells  of a row its cells
    """

    kind: BlockKind
    depth: int
    group: int
    label: str
    runs: tuple[Run, ...] = ()
    cells: tuple[tuple[Run, ...], ...] = ()

    @property
    def text(self) -> str:
        """Its characters, whatever their voice."""
        return "".join(run.text for run in self.runs)


def pages(source: str) -> tuple[Piece, ...]:
    """The pieces of a Markdown text, in order. Raises `SourceError`."""
    parsed = parse_file(source.encode(), "source.md")
    return tuple(_piece(block, parsed.text[block.start : block.end]) for block in parsed.blocks)


def _piece(block: Block, raw: str) -> Piece:
    kind, depth, group, label = block.kind, block.depth, block.group, block.label
    if kind == "heading":
        return Piece(kind, depth, group, label, (Run(heading_title(raw), "plain"),))
    if kind == "code":
        return Piece(kind, depth, group, label, (Run("\n".join(raw.splitlines()[1:-1]), "code"),))
    if kind == "row":
        cells = _CELL.split(raw.strip().removeprefix("|").removesuffix("|"))
        return Piece(kind, depth, group, label, cells=tuple(_runs(cell) for cell in cells))
    return Piece(kind, depth, group, label, _runs(_MARKER.sub("", raw) if kind == "item" else raw))


def _runs(raw: str) -> tuple[Run, ...]:
    flat = " ".join(raw.split())
    found: list[Run] = []
    at = 0
    for match in _RUN.finditer(flat):
        found.append(Run(flat[at : match.start()], "plain"))
        voice: Voice = "code" if match["code"] else "bold" if match["bold"] else "plain"
        found.append(Run(match["code"] or match["bold"] or match["link"], voice))
        at = match.end()
    return tuple(run for run in (*found, Run(flat[at:], "plain")) if run.text)
