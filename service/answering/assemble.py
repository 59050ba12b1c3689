"""Utterances -> checked sentences, numbered citations and Markdown.

Neighbouring stretches of one structure share a citation, so that a list of nine steps has one source and not nine. A
stretch that fails the contract is dropped and kept in the record; what leaned on it fails in its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.citations import Citation
from corpus.documents import Document, Span, visible_spans
from corpus.outline import line_starts, lines_of, place_of, section_path
from service.answer import Conflict, Sentence, Usage
from service.answering.compose import Utterance
from service.answering.render import Line, markdown
from service.answering.structure import structure_of
from service.grounding.claim import Claim, Ground
from service.grounding.context import needs
from service.grounding.contract import judge
from service.grounding.quote import LEAST_WORDS
from service.standing.tier import tier_of


@dataclass(frozen=True, slots=True)
class Assembled:
    """The body of an answer.

    composer   what wrote it
    usage      what a language model spent on it; None without one
    conflicts  disagreements of documents that it tells
    """

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Sentence, ...]
    composer: str = "extractive"
    usage: Usage | None = None
    conflicts: tuple[Conflict, ...] = ()

    def noticed(self, *notices: Sentence) -> Assembled:
        """The same with fixed texts of the program behind what it says, each a paragraph in italics."""
        text = "\n\n".join([self.text, *(f"*{notice.text}*" for notice in notices)])
        return replace(self, text=text, sentences=(*self.sentences, *notices))


def assemble(utterances: Sequence[Utterance], ground: Ground, *, before: Sequence[Citation] = ()) -> Assembled:
    """Cites, checks and renders. The citations go on from those `before`, of what the answer says already."""
    kept: list[Line] = []
    sentences: list[Sentence] = []
    dropped: list[Sentence] = []
    citations = list(before)
    for run in _runs(utterances):
        cited = _cite(run, len(citations) + 1)
        under = _label(run[0])
        earlier = tuple(citations)
        said = [_say(Claim(_plain(u), "cited", cited, under, earlier), ground) for u in run]
        good = [(u, s) for u, s in zip(run, said, strict=True) if s.verdict.supported]
        dropped.extend(s for s in said if not s.verdict.supported)
        if good:
            citations = [*earlier, *cited]
            sentences.extend(s for _, s in good)
            kept.extend(Line(u, s.citations, under) for u, s in good)
    return Assembled(
        markdown(kept),
        tuple(sentences),
        tuple(citations),
        tuple(dropped),
    )


def _runs(utterances: Sequence[Utterance]) -> list[list[Utterance]]:
    """Neighbouring utterances of one structure, with nothing visible between them."""
    runs: list[list[Utterance]] = []
    for utterance in utterances:
        if runs and _adjoins(runs[-1][-1], utterance):
            runs[-1].append(utterance)
        else:
            runs.append([utterance])
    return runs


def _adjoins(left: Utterance, right: Utterance) -> bool:
    """Whether the right one follows the left one in the same structure."""
    if left.document.id != right.document.id or right.unit.start < left.unit.end:
        return False
    structure = structure_of(left.document, left.unit.block)
    between = left.document.visible(left.unit.end, right.unit.start)
    hidden = len(between) != right.unit.start - left.unit.end
    inside = structure.first <= right.unit.block <= structure.last
    return inside and not hidden and not between.strip(" \t\r\n|:-+=>")


def _cite(run: Sequence[Utterance], number: int) -> tuple[Citation, ...]:
    """The citations of a run: one, or one for each stretch between hidden ones; a stretch of a word or two, which
    could stand anywhere, is cited with what stands before it in its section, or not at all beside longer ones."""
    document = run[0].document
    start, end = run[0].unit.start, run[-1].unit.end
    pieces = [s for s in visible_spans(document.parsed.hidden, start, end) if document.text[s.start : s.end].strip()]
    telling = [s for s in pieces if len(document.text[s.start : s.end].split()) >= LEAST_WORDS]
    chosen = telling or [_widened(document, s) for s in pieces[:1]]
    return tuple(citation_of(document, piece, number + i) for i, piece in enumerate(chosen))


def _widened(document: Document, span: Span) -> Span:
    """The span from the beginning of the block before it, where nothing hidden lies between."""
    for block in reversed([b for b in document.parsed.blocks if b.end <= span.start][-2:]):
        between = document.visible(block.start, span.end)
        if len(between) == span.end - block.start and len(between.split()) >= LEAST_WORDS:
            return Span(block.start, span.end)
    return span


def citation_of(document: Document, span: Span, number: int) -> Citation:
    """The citation of a span: its quote and all that says where it stands."""
    starts = line_starts(document.text)
    pages = [a for a in document.parsed.anchors if a.kind == "page" and a.start < span.end and a.end > span.start]
    return Citation(
        number=number,
        document=document.id,
        title=document.title,
        kind=document.kind,
        status=document.parsed.metadata.status,
        revision=document.revision,
        commit=document.commit,
        section=section_path(document, span.start),
        start=span.start,
        end=span.end,
        place=place_of(document.parsed.anchors, starts, span.start, span.end),
        lines=lines_of(starts, span.start, span.end) if document.parsed.native else None,
        page=int(pages[0].label) if pages else None,
        quote=document.text[span.start : span.end],
        modified_at=document.modified_at,
        tier=tier_of(document),
        superseded_by=document.parsed.metadata.superseded_by,
    )


def _label(utterance: Utterance) -> str:
    """The restrictive headings that a stretch must be shown under."""
    unit = utterance.unit
    return " > ".join(needs(utterance.document, Span(unit.start, unit.end)).headings)


def _say(claim: Claim, ground: Ground) -> Sentence:
    """The sentence with its verdict."""
    numbers = tuple(c.number for c in claim.citations)
    return Sentence(text=claim.text, kind=claim.kind, citations=numbers, verdict=judge(claim, ground))


def _plain(utterance: Utterance) -> str:
    """The stretch as it stands, hidden characters aside; prose on one line."""
    text = utterance.document.visible(utterance.unit.start, utterance.unit.end)
    return text if utterance.unit.kind in ("code", "row") else " ".join(text.split())
