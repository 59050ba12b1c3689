"""What a document is: canonical text, and everything else as spans over it.

The canonical text of Markdown, reStructuredText, plain text, code and configuration is the decoded file itself
(only a byte order mark is dropped), so a quote is verbatim in the file and a line number is right. Of all other
formats it is the extracted text, tied back to pages, slides, cells or elements by `Anchor`s. Blocks, hidden
regions and anchors point at the canonical text by character offset; nothing rewrites it.

All offsets are half-open `[start, end)` character offsets into `Document.text`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["design", "runbook", "adr", "postmortem", "paper", "guide", "other"]
KINDS: tuple[Kind, ...] = ("design", "runbook", "adr", "postmortem", "paper", "guide", "other")

BlockKind = Literal["heading", "paragraph", "item", "row", "code", "other"]
AnchorKind = Literal["page", "slide", "cell", "element"]


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character range."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One structural unit, flat and in document order; blocks do not overlap.

    kind   heading, paragraph, item (a list item's own text, from its marker to the end of its first paragraph),
           row (one table row), code (a fence or listing, with its fence lines), other
    depth  heading level 1-6; for any block inside a list, the nesting depth of the item it belongs to (1 = top);
           else 0
    group  number of the outermost list or of the table that the block belongs to, unique in the document; -1 = none
    label  of an item its marker ("3.", "-"), of a code block its language, of a table's header row "header";
           else ""
    """

    kind: BlockKind
    start: int
    end: int
    depth: int = 0
    group: int = -1
    label: str = ""

    @property
    def numbered(self) -> bool:
        """Whether it is an item of a numbered list: a step, where the list is a procedure."""
        return self.kind == "item" and self.label[:1].isdigit()


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a stretch of extracted text stands in the original file.

    label  page or slide number from 1, `Sheet!A1:C4`, or the id of an element
    box    (x0, top, x1, bottom) in points from the page's upper left corner, where known
    """

    kind: AnchorKind
    label: str
    start: int
    end: int
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself, or its repository says of it. Dates are ISO 8601 (`2026-11-22`).

    superseded_by  as the document names them; of a document that an answer is made from, by id where the library has it
    tier           how much weight it claims to carry; `service/standing/tier.py` says what it carries
    """

    title: str = ""
    kind: Kind | None = None
    status: str = ""
    date: str = ""
    owner: str = ""
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    service: str = ""
    access: tuple[str, ...] = ()
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser makes of one file.

    hidden  stretches that are no evidence (comments, front matter, navigation, template code, control
            characters), sorted and disjoint; a block never starts or ends inside one, but may contain one
    native  whether `text` is the decoded file itself, so that line numbers are those of the file
    """

    text: str
    blocks: tuple[Block, ...]
    hidden: tuple[Span, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    metadata: Metadata = Metadata()
    native: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """The stretch from one heading to the next heading of any level, heading included.

    path  titles from the outermost heading to this one; () for the text before the first heading
    """

    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One document at one revision.

    id           source + "/" + path in the source, with forward slashes
    revision     SHA-256 of the canonical text, hexadecimal: what a citation's offsets are valid for
    modified_at  ISO date or time of the last change (git, front matter, else the file's), or ""
    commit       git commit that last touched it, or ""
    """

    id: str
    source: str
    path: str
    parsed: Parsed
    title: str
    kind: Kind
    access: frozenset[str]
    modified_at: str = ""
    commit: str = ""
    revision: str = field(default="")

    @property
    def text(self) -> str:
        """The canonical text."""
        return self.parsed.text

    def visible(self, start: int, end: int) -> str:
        """The text of the span without hidden stretches."""
        return "".join(self.text[s.start : s.end] for s in visible_spans(self.parsed.hidden, start, end))


def revision_of(text: str) -> str:
    """The revision a canonical text has."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def visible_spans(hidden: tuple[Span, ...], start: int, end: int) -> Iterator[Span]:
    """The stretches of `[start, end)` outside `hidden` (sorted, disjoint)."""
    at = start
    for gap in hidden:
        if gap.end <= at:
            continue
        if gap.start >= end:
            break
        if gap.start > at:
            yield Span(at, gap.start)
        at = max(at, gap.end)
    if at < end:
        yield Span(at, end)
