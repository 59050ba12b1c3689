"""Drafted sentences -> sentences with citations and verdicts.

A factual sentence is located: in the passages that it names, else in any that was shown; its citations are whole units
of the documents, with the lead-in or antecedent that these need. Then the contract decides, by the checks of a cited
sentence whatever the model calls it; what follows from a cited value by conversion is derived, with a formula that the
contract worked out. Sentences without a citation of their own come last, when it is known what the answer cites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.citations import Citation
from corpus.documents import Document, Span, visible_spans
from service.answer import Failure, Sentence, SentenceKind, Verdict
from service.answering.assemble import citation_of
from service.answering.instructions import asked_in
from service.grounding.claim import Claim, Ground, cited_text
from service.grounding.context import Needs, needs
from service.grounding.contract import judge
from service.grounding.quantities import derivation
from service.grounding.quote import LEAST_WORDS
from service.language.draft import Drafted
from service.language.evidence import Shown, by_key
from service.language.free import markup, strange
from service.language.locate import Locator, Placed
from service.language.mention import only_mentioned

_FACTUAL = ("cited", "derived")


@dataclass(frozen=True, slots=True)
class Settled:
    """A drafted sentence after judgement. `under` is the restrictive heading that it must be shown under."""

    drafted: Drafted
    sentence: Sentence
    citations: tuple[Citation, ...] = ()
    under: str = ""

    @property
    def holds(self) -> bool:
        """Whether it may leave."""
        return self.sentence.verdict.supported


@dataclass(slots=True)
class Settling:
    """Judges the sentences of one answer. Citations keep one number for one span."""

    shown: Sequence[Shown]
    ground: Ground
    question: str
    locator: Locator
    numbered: dict[tuple[str, int, int], Citation] = field(default_factory=dict)

    def settle(self, sentences: Sequence[Drafted]) -> list[Settled]:
        """The sentences in their order, each with its verdict."""
        done: dict[int, Settled] = {}
        before: tuple[Citation, ...] = ()
        for i, drafted in enumerate(sentences):
            if drafted.kind in _FACTUAL:
                done[i] = self.factual(drafted, before)
                before = (*before, *done[i].citations) if done[i].holds else before
        for i, drafted in enumerate(sentences):
            if drafted.kind not in _FACTUAL:
                done[i] = self._free(drafted, before)
        return [done[i] for i in range(len(sentences))]

    def factual(self, drafted: Drafted, before: tuple[Citation, ...]) -> Settled:
        """A sentence about systems: located, cited, judged. `before`: what is cited by what stands before it."""
        known = by_key(self.shown)
        invented = next((k for k in drafted.keys if k not in known), "")
        if invented:
            return _failed(drafted, "resolution", "fabricated_reference:citation", f"[{invented[:40]}]")
        found = self.locator.locate(drafted.text, [known[k] for k in drafted.keys]) if drafted.keys else None
        if found is None or not found.units:
            found = self.locator.locate(drafted.text, self.shown)
        if not found.units:
            detail = ", ".join(found.missing[:5]) or drafted.text[:80]
            return _failed(drafted, "support", "unsupported_addition", detail)
        return self._judged(drafted, found.units, before)

    def _judged(self, drafted: Drafted, units: Sequence[Placed], before: tuple[Citation, ...]) -> Settled:
        """The sentence with the citations of its units, judged."""
        cited = self._cite(units)
        under = " > ".join(dict.fromkeys(h for p in units for h in _needs(p).headings))
        claim = Claim(drafted.text, "cited", cited, under, before)
        foreign = markup(drafted.text, cited_text(claim))
        if foreign:
            return _failed(drafted, "markup", "unsupported_addition", foreign)
        if len(drafted.text.split()) < LEAST_WORDS:
            return _failed(drafted, "support", "unsupported_addition", f"no sentence: {drafted.text[:60]}")
        if only_mentioned(drafted.text, " ".join(c.quote for c in cited)):
            return _failed(drafted, "mention", "unsupported_addition", drafted.text[:80])
        verdict = judge(claim, self.ground)
        formula = derivation(claim) if verdict.supported else ""
        kind: SentenceKind = "derived" if formula else "cited"
        return Settled(drafted, _sentence(drafted, verdict, cited, kind, formula), cited, under)

    def _free(self, drafted: Drafted, cited: tuple[Citation, ...]) -> Settled:
        """A sentence of the assistant's own: it may say nothing new."""
        said = "\n".join(part for c in cited for part in (c.title, *c.section, c.quote))
        if len(drafted.text.split()) < LEAST_WORDS:
            return _failed(drafted, "ban", "unsupported_addition", f"no sentence: {drafted.text[:60]}")
        foreign = markup(drafted.text, said)
        if foreign:
            return _failed(drafted, "markup", "unsupported_addition", foreign)
        word = strange(drafted.text, said, self.question)
        if word:
            return _failed(drafted, "ban", "unsupported_addition", word)
        claim = Claim(drafted.text, drafted.kind, (), before=cited)
        verdict = judge(claim, replace(self.ground, asked=asked_in(self.question)))
        return Settled(drafted, _sentence(drafted, verdict, (), drafted.kind))

    def _cite(self, units: Sequence[Placed]) -> tuple[Citation, ...]:
        """Citations of the units and of what they need before them, in document order."""
        spans = {(p.document.id, s.start, s.end): (p.document, s) for p in units for s in _spans(p)}
        return tuple(self._number(*spans[place]) for place in sorted(spans))

    def _number(self, document: Document, span: Span) -> Citation:
        """The citation of a span: the number it has, else the next."""
        place = (document.id, span.start, span.end)
        if place not in self.numbered:
            self.numbered[place] = citation_of(document, span, len(self.numbered) + 1)
        return self.numbered[place]


def renumbered(kept: Sequence[Settled]) -> tuple[list[Settled], tuple[Citation, ...]]:
    """The sentences that leave, with citations numbered in the order in which they are first used."""
    numbers: dict[int, int] = {}
    for item in kept:
        for citation in item.citations:
            numbers.setdefault(citation.number, len(numbers) + 1)
    again = [_moved(item, numbers) for item in kept]
    used = {c.number: c for item in again for c in item.citations}
    return again, tuple(used[n] for n in sorted(used))


def _moved(item: Settled, numbers: Mapping[int, int]) -> Settled:
    """The sentence with its citations' new numbers."""
    cited = tuple(c.model_copy(update={"number": numbers[c.number]}) for c in item.citations)
    sentence = item.sentence.model_copy(update={"citations": tuple(c.number for c in cited)})
    return Settled(item.drafted, sentence, cited, item.under)


def _needs(place: Placed) -> Needs:
    return needs(place.document, Span(place.unit.start, place.unit.end))


def _spans(place: Placed) -> Iterator[Span]:
    """The visible stretches of a unit and of what it needs, each long enough to identify something."""
    document = place.document
    for span in (*_needs(place).spans, Span(place.unit.start, place.unit.end)):
        for piece in visible_spans(document.parsed.hidden, span.start, span.end):
            if len(document.text[piece.start : piece.end].split()) >= LEAST_WORDS:
                yield piece


def _sentence(
    drafted: Drafted, verdict: Verdict, cited: Sequence[Citation], kind: SentenceKind, formula: str = ""
) -> Sentence:
    numbers = tuple(c.number for c in cited)
    return Sentence(text=drafted.text, kind=kind, citations=numbers, verdict=verdict, formula=formula)


def _failed(drafted: Drafted, check: str, failure: Failure, detail: str) -> Settled:
    """A sentence that failed before it came to the contract."""
    verdict = Verdict(supported=False, failure=failure, check=check, detail=detail)
    return Settled(drafted, _sentence(drafted, verdict, (), drafted.kind))
