"""The canonical text of a format that is not text itself, and its blocks, built together.

A parser calls one method a structural unit, in reading order; each appends the unit's text and records its span, so
that text and blocks cannot disagree. The text is plain to read and near to Markdown: paragraphs stand between blank
lines, list items are lines that begin with their marker, table rows are `| a | b |` lines, code stands in a fence.
Headings carry no mark; their depth is in the block. Invisible and control characters never enter the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from corpus.documents import Anchor, AnchorKind, Block, BlockKind, Metadata, Parsed
from corpus.errors import SourceError

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_FENCE = re.compile(r"`{3,}")
INDENT = "  "


def clean(text: str) -> str:
    """The text without invisible and control characters, with line ends as \\n and ligatures as letters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    plain = _INVISIBLE.sub("", plain.replace("\x0b", "\n").replace("\x0c", "\n"))
    return _LIGATURE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), plain)


def one_line(text: str) -> str:
    """The text cleaned, on one line, with single spaces."""
    return " ".join(clean(text).split())


def prose(text: str) -> str:
    """The text cleaned, spaces collapsed, line breaks kept, blank lines dropped."""
    lines = (_SPACES.sub(" ", line).strip() for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)


class Extraction:
    """Canonical text under construction. Every method that adds text returns the block, or None for no text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._anchors: list[Anchor] = []
        self._groups = 0

    @property
    def length(self) -> int:
        """Characters so far: where the next separator will begin."""
        return self._length

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks so far."""
        return tuple(self._blocks)

    def new_group(self) -> int:
        """A number for the next list or table."""
        self._groups += 1
        return self._groups - 1

    def heading(self, text: str, depth: int) -> Block | None:
        """A heading of depth 1-6 (clamped)."""
        return self._add("heading", one_line(text), depth=min(max(depth, 1), 6))

    def paragraph(self, text: str, *, depth: int = 0, group: int = -1, kind: BlockKind = "paragraph") -> Block | None:
        """A paragraph; with depth and group, one that belongs to a list item."""
        return self._add(kind, prose(text), depth=depth, group=group)

    def item(self, text: str, marker: str, *, depth: int, group: int) -> Block | None:
        """A list item with its marker ("-", "3.") at a nesting depth from 1."""
        words = prose(text).replace("\n", "\n" + INDENT * depth)
        return self._add("item", f"{marker} {words}", depth=depth, group=group, label=marker) if words else None

    def row(self, cells: Iterable[str], *, group: int, header: bool = False, depth: int = 0) -> Block | None:
        """A table row."""
        texts = [one_line(cell).replace("|", "\\|") for cell in cells]
        if not any(texts):
            return None
        line = "| " + " | ".join(texts) + " |"
        return self._add("row", line, depth=depth, group=group, label="header" if header else "")

    def code(self, text: str, *, language: str = "", depth: int = 0, group: int = -1) -> Block | None:
        """A listing, put between fences."""
        lines = clean(text).replace("\u00a0", " ").expandtabs(4).strip("\n").rstrip()
        if not lines.strip():
            return None
        fence = max([*_FENCE.findall(lines), "``"], key=len) + "`"
        return self._add("code", f"{fence}{language}\n{lines}\n{fence}", depth=depth, group=group, label=language)

    def retract(self) -> None:
        """Takes the last block back, if it is the last thing that was added."""
        block = self._blocks.pop()
        self._parts = ["".join(self._parts)[: block.start].rstrip("\n")]
        self._length = len(self._parts[0])

    def anchor(
        self,
        kind: AnchorKind,
        label: str,
        start: int,
        end: int,
        box: tuple[float, float, float, float] | None = None,
    ) -> None:
        """Ties `[start, end)` to its place in the file. Empty stretches are passed over."""
        if end > start:
            self._anchors.append(Anchor(kind, label, start, end, box))

    def parsed(self, metadata: Metadata, *, item: str, empty_because: str = "no text was found in it") -> Parsed:
        """The finished document. Raises `SourceError` (`empty`) when there is no word in it."""
        text = "".join(self._parts)
        if not re.search(r"\w", text):
            raise SourceError(empty_because, outcome="empty", item=item, next_step="Check the file in its own program")
        anchors = tuple(sorted(self._anchors, key=lambda a: (a.start, a.end)))
        title = metadata.title or self._first_heading(text)
        return Parsed(
            text=text,
            blocks=tuple(self._blocks),
            anchors=anchors,
            metadata=replace(metadata, title=one_line(title)),
            native=False,
        )

    def _first_heading(self, text: str) -> str:
        for block in self._blocks:
            if block.kind == "heading":
                return text[block.start : block.end]
        return ""

    def _add(self, kind: BlockKind, text: str, *, depth: int = 0, group: int = -1, label: str = "") -> Block | None:
        if not text.strip():
            return None
        self._append(self._gap(kind, group))
        if kind == "item":
            self._append(INDENT * (depth - 1))
        block = Block(kind, self._length, self._length + len(text), depth=depth, group=group, label=label)
        self._append(text)
        self._blocks.append(block)
        return block

    def _gap(self, kind: BlockKind, group: int) -> str:
        if not self._blocks:
            return ""
        last = self._blocks[-1]
        tight = kind in ("item", "row") and last.kind == kind and last.group == group
        return "\n" if tight else "\n\n"

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
