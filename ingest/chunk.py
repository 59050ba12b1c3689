"""Document -> passages, by structure.

1. `outline` gives the sections. A section that fits the budget with all that is under it stays whole, and whole small
   siblings share a passage of their parent section; a larger section's own text is divided, and each section under it
   is treated the same way. So a passage is part of one section, or a run of whole sections under one heading: it never
   holds a part of one section beside a part of another.
2. A larger section's blocks become atoms (`ingest.atoms`), which are divided only where one alone exceeds the budget.
3. Atoms are packed in order into the fewest passages that respect the budget, evenly filled.

Lengths are word pieces of the visible text, counted once a document; header and text together stay within
`BUDGET`, so nothing that is embedded is truncated.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.documents import Block, Document, Section
from corpus.outline import line_starts, outline, place_of
from corpus.passages import Passage, passage_id
from corpus.ports import WordPieces
from ingest.atoms import Atom, atoms, fit
from ingest.ruler import Ruler, measure

CHUNKER = "structure-4"
BUDGET = 250
_HEADER_BUDGET = 60


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


def chunk(document: Document, pieces: WordPieces) -> list[Passage]:
    """The passages of a document, in order; together they cover every block but headings without a body."""
    ruler = measure(document, pieces)
    starts = line_starts(document.text)
    return [_passage(document, cut, i, starts) for i, cut in enumerate(_cuts(document, ruler, pieces))]


def _cuts(document: Document, ruler: Ruler, pieces: WordPieces) -> Iterator[_Cut]:
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


def _whole(document: Document, family: Sequence[Section], ruler: Ruler, pieces: WordPieces) -> _Cut | None:
    """A section with all that is under it as one passage; None when it is too long or has no body."""
    blocks = _blocks_in(document.parsed.blocks, family[0].start, family[-1].end)
    if all(b.kind == "heading" for b in blocks):
        return None
    header = _clip(_header(document, family[0].path), pieces)
    start, end = blocks[0].start, blocks[-1].end
    fits = ruler.length(start, end) + len(pieces.offsets([header])[0]) <= BUDGET
    return _Cut(start, end, family[0].path, header, ()) if fits else None


def _joins(document: Document, run: Sequence[_Cut], cut: _Cut, ruler: Ruler, pieces: WordPieces) -> bool:
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


def _divide(document: Document, section: Section, ruler: Ruler, pieces: WordPieces) -> Iterator[_Cut]:
    """The passages of one section's own text."""
    blocks = _blocks_in(document.parsed.blocks, section.start, section.end)
    body = [b for b in blocks if b.kind != "heading" and document.visible(b.start, b.end).strip()]
    if not body:
        return
    base = _clip(_header(document, section.path), pieces)
    whole = list(atoms(document, body))
    led = any(atom.lead for atom in whole)
    room = BUDGET - (_HEADER_BUDGET if led else len(pieces.offsets([base])[0]))
    fitted = [part for atom in whole for part in fit(atom, body, document.text, ruler, room)]
    first = fitted[0]
    if blocks[0].kind == "heading" and ruler.length(blocks[0].start, first.end) <= room:
        fitted[0] = Atom(blocks[0].start, first.end)
    for number, group in enumerate(_pack(fitted, ruler, room)):
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


def _pack(fitted: Sequence[Atom], ruler: Ruler, room: int) -> Iterator[list[Atom]]:
    """Consecutive atoms in groups within the budget, evenly filled."""
    total = ruler.length(fitted[0].start, fitted[-1].end)
    goal = total / max(1, -(-total // room))
    group: list[Atom] = []
    for atom in fitted:
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
