"""Document -> passages, by structure.

1. `outline` gives the sections. A section that fits the budget with all that is under it stays whole, and whole small
   siblings share a passage of their parent section; a larger section's own text is divided, and each section under it
   is treated the same way. So a passage is part of one section, or a run of whole sections under one heading: it never
   holds a part of one section beside a part of another.
2. A section's blocks become atoms, which are never divided while they fit the budget: a list item with all that is
   nested in it, a table row, a code block, a paragraph; a lead-in (a paragraph that ends in a colon) is one atom
   with what it introduces.
3. An atom over the budget is divided into its blocks, a block over the budget at line ends, a line over the budget
   at word pieces.
4. Atoms are packed in order into the fewest passages that respect the budget, evenly filled.

Lengths are word pieces of the visible text, counted once a document; header and text together stay within
`BUDGET`, so nothing that is embedded is truncated.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.documents import Block, Document, Section, Span
from corpus.outline import line_starts, outline, place_of
from corpus.passages import Passage, passage_id
from corpus.ports import WordPieces

CHUNKER = "structure-3"
BUDGET = 250
_HEADER_BUDGET = 60
_LINE = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True, slots=True)
class _Atom:
    """A stretch that stays whole. `lead` is what a continuation needs to be understood: lead-in or table header."""

    start: int
    end: int
    lead: str = ""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A passage to be: its span, its section's path and its header.

    owner  path of the section that a whole cut is a whole part of: its parent, or its own section where the cut is all
           of that section's own text; () of a part
    """

    start: int
    end: int
    section: tuple[str, ...]
    header: str
    owner: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Word pieces of the visible text of a document: ascending start offsets."""

    starts: tuple[int, ...]

    def length(self, start: int, end: int) -> int:
        """Number of pieces that start in the span."""
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def cut(self, start: int, end: int, budget: int) -> Iterator[Span]:
        """The span in stretches of at most `budget` pieces."""
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        marks = [start, *(self.starts[i] for i in range(low + budget, high, budget)), end]
        for a, b in pairwise(marks):
            if b > a:
                yield Span(a, b)


def chunk(document: Document, pieces: WordPieces) -> list[Passage]:
    """The passages of a document, in order; together they cover every block but headings without a body."""
    ruler = _ruler(document, pieces)
    starts = line_starts(document.text)
    return [_passage(document, cut, i, starts) for i, cut in enumerate(_cuts(document, ruler, pieces))]


def _ruler(document: Document, pieces: WordPieces) -> _Ruler:
    """Start offsets of the pieces outside hidden stretches."""
    starts = [piece.start for piece in pieces.offsets([document.text])[0]]
    kept: list[int] = []
    at = 0
    for gap in document.parsed.hidden:
        low = bisect_left(starts, gap.start)
        kept.extend(starts[at:low])
        at = max(at, bisect_left(starts, gap.end))
    kept.extend(starts[at:])
    return _Ruler(tuple(kept))


def _cuts(document: Document, ruler: _Ruler, pieces: WordPieces) -> Iterator[_Cut]:
    """The passages to be, in order: runs of whole small sections of one parent, and parts of large ones."""
    sections = outline(document.text, document.parsed.blocks)
    run: list[_Cut] = []
    at = 0
    while at < len(sections):
        end = _family(sections, at)
        whole = _whole(document, sections[at:end], ruler, pieces)
        cuts = [whole] if whole else list(_divide(document, sections[at], ruler, pieces))
        owner = sections[at].path[: -1 if whole else None]
        at = end if whole else at + 1
        if len(cuts) == 1:
            cut = replace(cuts[0], owner=owner)
            if not (run and _joins(document, run, cut, ruler, pieces)):
                yield from _merged(document, run, pieces)
                run = []
            run.append(cut)
        else:
            yield from _merged(document, run, pieces)
            run = []
            yield from cuts
    yield from _merged(document, run, pieces)


def _whole(document: Document, family: Sequence[Section], ruler: _Ruler, pieces: WordPieces) -> _Cut | None:
    """A section with all that is under it as one passage; None when it is too long or has no body."""
    blocks = _blocks_in(document.parsed.blocks, family[0].start, family[-1].end)
    if all(b.kind == "heading" for b in blocks):
        return None
    header = _clip(_header(document, family[0].path), pieces)
    start, end = blocks[0].start, blocks[-1].end
    fits = ruler.length(start, end) + len(pieces.offsets([header])[0]) <= BUDGET
    return _Cut(start, end, family[0].path, header, ()) if fits else None


def _joins(document: Document, run: Sequence[_Cut], cut: _Cut, ruler: _Ruler, pieces: WordPieces) -> bool:
    """Whether a whole section joins a run of what belongs to the same parent."""
    if not cut.owner or run[0].owner != cut.owner:
        return False
    header = _clip(_header(document, cut.owner), pieces)
    return ruler.length(run[0].start, cut.end) + len(pieces.offsets([header])[0]) <= BUDGET


def _merged(document: Document, run: Sequence[_Cut], pieces: WordPieces) -> Iterator[_Cut]:
    """A run as one passage of the parent section."""
    if len(run) < 2:
        yield from run
        return
    parent = run[0].owner
    yield _Cut(run[0].start, run[-1].end, parent, _clip(_header(document, parent), pieces), ())


def _family(sections: Sequence[Section], at: int) -> int:
    """Index after the last section that is under the one at an index."""
    path = sections[at].path
    end = at + 1
    while (
        path and end < len(sections) and sections[end].path[: len(path)] == path and len(sections[end].path) > len(path)
    ):
        end += 1
    return end


def _divide(document: Document, section: Section, ruler: _Ruler, pieces: WordPieces) -> Iterator[_Cut]:
    """The passages of one section's own text."""
    blocks = _blocks_in(document.parsed.blocks, section.start, section.end)
    body = [b for b in blocks if b.kind != "heading" and document.visible(b.start, b.end).strip()]
    if not body:
        return
    base = _clip(_header(document, section.path), pieces)
    atoms = list(_atoms(document, body))
    led = any(atom.lead for atom in atoms)
    room = BUDGET - (_HEADER_BUDGET if led else len(pieces.offsets([base])[0]))
    atoms = [part for atom in atoms for part in _fit(atom, body, document.text, ruler, room)]
    first = atoms[0]
    if blocks[0].kind == "heading" and ruler.length(blocks[0].start, first.end) <= room:
        atoms[0] = _Atom(blocks[0].start, first.end)
    for number, group in enumerate(_pack(atoms, ruler, room)):
        header = f"{base}\n{group[0].lead}" if number and group[0].lead else base
        yield _Cut(group[0].start, group[-1].end, section.path, _clip(header, pieces) if led else base, ())


def _blocks_in(blocks: Sequence[Block], start: int, end: int) -> list[Block]:
    """The blocks that start inside the stretch."""
    low = bisect_left(blocks, start, key=lambda b: b.start)
    high = bisect_left(blocks, end, key=lambda b: b.start)
    return list(blocks[low:high])


def _header(document: Document, section: tuple[str, ...]) -> str:
    """Title, section path, kind and status: what a passage needs to be found by what it is about."""
    path = [document.title, *section]
    trail = " > ".join(p for i, p in enumerate(path) if p and p not in path[:i])
    facts = ", ".join(
        f for f in (document.kind if document.kind != "other" else "", document.parsed.metadata.status) if f
    )
    return f"{trail} ({facts})" if facts else trail


def _clip(header: str, pieces: WordPieces) -> str:
    """The header, cut to its budget."""
    offsets = pieces.offsets([header])[0]
    return header if len(offsets) <= _HEADER_BUDGET else header[: offsets[_HEADER_BUDGET - 1].end].rstrip()


def _atoms(document: Document, body: Sequence[Block]) -> Iterator[_Atom]:
    """Blocks joined into what should stay whole."""
    start: int | None = None
    leads: dict[int, str] = {}
    for unit in _units(body):
        first = unit[0]
        if _introduces(document, unit):
            start = first.start if start is None else start
            lead = _text(document, first)
            continue
        if first.label == "header":
            leads[first.group] = _text(document, first)
        elif start is not None and first.group >= 0:
            leads[first.group] = lead
        yield _Atom(first.start if start is None else start, unit[-1].end, leads.get(first.group, ""))
        start = None
    if start is not None:
        yield _Atom(start, body[-1].end)


def _units(body: Sequence[Block]) -> list[list[Block]]:
    """Top list items with what is nested in them, header rows with the first row below, other blocks alone."""
    units: list[list[Block]] = []
    for block in body:
        last = units[-1][-1] if units else None
        if (
            last
            and block.group >= 0
            and block.group == last.group
            and (last.label == "header" if block.kind == "row" else block.kind != "item" or block.depth > 1)
        ):
            units[-1].append(block)
        else:
            units.append([block])
    return units


def _introduces(document: Document, unit: Sequence[Block]) -> bool:
    """Whether the unit is a lead-in: a paragraph that ends in a colon."""
    text = document.visible(unit[0].start, unit[0].end).rstrip(" *_`\r\n\t")
    return unit[0].kind == "paragraph" and len(unit) == 1 and text.endswith(":")


def _text(document: Document, block: Block) -> str:
    """A block's visible text on one line."""
    return " ".join(document.visible(block.start, block.end).split())


def _fit(atom: _Atom, body: Sequence[Block], text: str, ruler: _Ruler, room: int) -> Iterator[_Atom]:
    """The atom, or its parts where it exceeds the budget."""
    if ruler.length(atom.start, atom.end) <= room:
        yield atom
        return
    for block in body:
        if not atom.start <= block.start < atom.end:
            continue
        if ruler.length(block.start, block.end) <= room:
            yield _Atom(block.start, block.end, atom.lead)
            continue
        for span in _lines(text, block, ruler, room):
            yield _Atom(span.start, span.end, atom.lead)


def _lines(text: str, block: Block, ruler: _Ruler, room: int) -> Iterator[Span]:
    """A block cut at line ends into stretches within the budget; a longer line is cut at word pieces."""
    start = at = block.start
    for match in _LINE.finditer(text, block.start, block.end):
        if ruler.length(start, match.end()) > room and at > start:
            yield from ruler.cut(start, at, room)
            start = at
        at = match.end()
    if block.end > start:
        yield from ruler.cut(start, block.end, room)


def _pack(atoms: Sequence[_Atom], ruler: _Ruler, room: int) -> Iterator[list[_Atom]]:
    """Consecutive atoms in groups within the budget, evenly filled."""
    total = ruler.length(atoms[0].start, atoms[-1].end)
    goal = total / max(1, -(-total // room))
    group: list[_Atom] = []
    for atom in atoms:
        if group:
            size = ruler.length(group[0].start, group[-1].end)
            grown = ruler.length(group[0].start, atom.end)
            if grown > room or (size >= goal and grown > goal * 1.15):
                yield group
                group = []
        group.append(atom)
    if group:
        yield group


def _passage(document: Document, cut: _Cut, ordinal: int, starts: Sequence[int]) -> Passage:
    """The passage of a cut."""
    return Passage(
        id=passage_id(document.id, document.revision, cut.start, cut.end, CHUNKER),
        document=document.id,
        revision=document.revision,
        source=document.source,
        title=document.title,
        kind=document.kind,
        status=document.parsed.metadata.status,
        section=cut.section,
        start=cut.start,
        end=cut.end,
        text=document.visible(cut.start, cut.end).strip(),
        header=cut.header,
        ordinal=ordinal,
        place=place_of(document.parsed.anchors, starts, cut.start, cut.end),
        modified_at=document.modified_at,
        access=tuple(sorted(document.access)),
    )
