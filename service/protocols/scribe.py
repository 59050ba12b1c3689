"""Writes a report sentence by sentence: numbers citations, lets the contract judge, and keeps what was dropped.

Nothing reaches the page that the contract has not passed. A citation gets its number when the first sentence that needs
it has passed, so that the list of sources has no holes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from corpus.citations import Citation
from corpus.documents import Document, Span
from service.answer import Sentence, SentenceKind
from service.answering.assemble import citation_of
from service.grounding.claim import Claim
from service.grounding.contract import judge
from service.protocols.page import Element, Heading, Item, Paragraph, Row, as_markdown
from service.protocols.quotation import Quotation
from service.protocols.reading import Reading
from service.standing.force import has_ended
from service.standing.staleness import ended_notice

_MARKER = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")


class Scribe:
    """One report in the making."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._numbers: dict[tuple[str, str, int, int], int] = {}
        self._section = ""
        self.elements: list[Element] = []
        self.sentences: list[Sentence] = []
        self.dropped: list[Sentence] = []
        self.citations: list[Citation] = []
        self.questions: list[str] = []

    def written(self) -> dict[str, Any]:
        """What stands on the page, as fields of a report, with a word on sources whose time is over."""
        ended = [c for c in self.citations if "/" in c.document and has_ended(c.status, c.superseded_by)]
        if ended:
            self.notice(ended_notice(ended, only=len(ended) == len(self.citations)).text)
        return {
            "text": as_markdown(self.elements),
            "body": tuple(self.elements),
            "sentences": tuple(self.sentences),
            "citations": tuple(self.citations),
            "dropped": tuple(self.dropped),
            "questions": tuple(self.questions),
        }

    def heading(self, text: str, level: int = 2) -> None:
        """What follows stands under this heading."""
        self.elements.append(Heading(text, level))
        self._section = text

    def notice(self, text: str, *, item: bool = False) -> None:
        """Fixed text of the program."""
        self._keep(text, "notice", ())
        self.elements.append(Item(text) if item else Paragraph(text))

    def say(
        self,
        text: str,
        kind: SentenceKind,
        quoted: Sequence[Quotation] = (),
        *,
        depth: int | None = None,
        task: bool = False,
        formula: str = "",
    ) -> tuple[int, ...] | None:
        """A sentence on what is quoted: its citations' numbers, or None where the contract drops it.

        `depth` makes it an entry of a list, "" a paragraph.
        """
        numbers = self._judged(text, kind, quoted, formula)
        if numbers is not None:
            shown = _shown(kind, text)
            self.elements.append(Paragraph(shown, numbers) if depth is None else Item(shown, numbers, depth, task))
        return numbers

    def quote(self, quoted: Quotation, lead: str, *, depth: int = 0) -> tuple[int, ...] | None:
        """What a document says, in its own words; `lead` is ours and says who speaks."""
        numbers = self._judged(quoted.text, "cited", (quoted,), "")
        if numbers is not None:
            self.elements.append(Item(f"{lead}: {_under(quoted)}", numbers, depth))
        return numbers

    def lead(self, quoted: Quotation) -> tuple[int, ...] | None:
        """What a document says, bold, as a paragraph that leads."""
        numbers = self._judged(quoted.text, "cited", (quoted,), "")
        if numbers is not None:
            under = f"*{quoted.under}:* " if quoted.under else ""
            said = _MARKER.sub("", quoted.text).replace("**", "").strip()
            self.elements.append(Paragraph(f"{under}**{said}**", numbers))
        return numbers

    def ask(self, question: str, quoted: Sequence[Quotation] = (), *, task: bool = True) -> None:
        """A question for the reader, as an entry of a list, where the contract lets it stand; "" is none."""
        if question and self.say(question, "question", quoted, depth=0, task=task) is not None:
            self.questions.append(question)

    def need(self, what: str, *, depth: int | None = None) -> None:
        """A place that only the reader can fill, in words that state nothing, where the contract lets it stand."""
        if self._judged(what, "question", (), "") is None:
            return
        shown = f"[NEEDS INPUT: {what}]"
        self.sentences[-1] = self.sentences[-1].model_copy(update={"text": shown})
        self.elements.append(Paragraph(shown) if depth is None else Item(shown, (), depth))
        self.questions.append(what)

    def header(self, *cells: str) -> None:
        """The header of a table."""
        self.elements.append(Row(cells, header=True))

    def row(self, cells: Sequence[str], kind: SentenceKind, quoted: Sequence[Quotation] = ()) -> tuple[int, ...] | None:
        """A row of a table, which is one sentence."""
        numbers = self._judged(" | ".join(cells), kind, quoted, "")
        if numbers is not None:
            self.elements.append(Row(tuple(cells), numbers))
        return numbers

    def quoted_row(self, quoted: Quotation, beside: Sequence[str]) -> tuple[int, ...] | None:
        """A row that opens with what a document says; the cells beside it say of the document where and when."""
        numbers = self._judged(quoted.text, "cited", (quoted,), "")
        if numbers is not None:
            self.elements.append(Row((_under(quoted), *beside), numbers))
        return numbers

    def cells(
        self, name: str, place: Quotation, beside: Sequence[tuple[str, Quotation | None]], missing: str
    ) -> tuple[int, ...] | None:
        """A row of what documents say: the name that a place gives, then cells of a lead and a quotation each.

        Every cell is a sentence of its own; one that is lacking, or dropped, shows `missing`.
        """
        numbers = self._judged(place.text, "cited", (place,), "")
        if numbers is None:
            return None
        shown = [f"**{name}**{_marked(numbers)}"]
        for lead, quoted in beside:
            cited = self._judged(quoted.text, "cited", (quoted,), "") if quoted else None
            if quoted and cited:
                shown.append(f"{lead}{_under(quoted)}{_marked(cited)}")
            else:
                self._keep(missing, "notice", ())
                shown.append(missing)
        self.elements.append(Row(tuple(shown)))
        return numbers

    def adopt(self, sentences: Sequence[Sentence], citations: Sequence[Citation]) -> None:
        """What was composed and judged elsewhere stands under this heading; its citations are numbered on already."""
        for citation in citations:
            self._numbers.setdefault(citation.stretch, citation.number)
            self.citations.append(citation)
        self.sentences.extend(sentence.model_copy(update={"section": self._section}) for sentence in sentences)

    def _judged(
        self, text: str, kind: SentenceKind, quoted: Sequence[Quotation], formula: str
    ) -> tuple[int, ...] | None:
        places = list(dict.fromkeys((id(q.document), s) for q in quoted for s in q.spans))
        documents = {id(q.document): q.document for q in quoted}
        cited, fresh = [], len(self.citations)
        for name, span in places:
            key = _key(documents[name], span)
            fresh += key not in self._numbers
            cited.append(citation_of(documents[name], span, self._numbers.get(key, fresh)))
        under = " > ".join(dict.fromkeys(q.under for q in quoted if q.under))
        claim = Claim(text, kind, tuple(cited), under, tuple(self.citations))
        verdict = judge(claim, self._reading.ground)
        numbers = tuple(c.number for c in cited)
        sentence = Sentence(
            text=text, kind=kind, citations=numbers, verdict=verdict, section=self._section, formula=formula
        )
        if not verdict.supported:
            self.dropped.append(sentence.model_copy(update={"citations": ()}))
            return None
        for (name, span), citation in zip(places, cited, strict=True):
            key = _key(documents[name], span)
            if key not in self._numbers:
                self._numbers[key] = citation.number
                self.citations.append(citation)
        self.sentences.append(sentence)
        return numbers

    def _keep(self, text: str, kind: SentenceKind, numbers: tuple[int, ...]) -> None:
        verdict = judge(Claim(text, kind, ()), self._reading.ground)
        self.sentences.append(Sentence(text=text, kind=kind, citations=numbers, verdict=verdict, section=self._section))


def _marked(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _key(document: Document, span: Span) -> tuple[str, str, int, int]:
    return document.id, document.revision, span.start, span.end


def _shown(kind: SentenceKind, text: str) -> str:
    """Assumptions and derived values are marked where they stand."""
    return f"*Assumption:* {text}" if kind == "assumption" else text


def _under(quoted: Quotation) -> str:
    """What a document says, under the headings that restrict it, without the marks of lists and tables."""
    under = f"*{quoted.under}:* " if quoted.under else ""
    return f"{under}{_paired(quoted) or _MARKER.sub('', quoted.text)}"


def _paired(quoted: Quotation) -> str:
    """A row of a table with each cell behind the head of its column; "" for everything else."""
    rows = [_cells(quoted.document.text[s.start : s.end]) for s in quoted.spans[-2:]]
    if len(rows) < 2 or not rows[0] or len(rows[0]) != len(rows[1]):
        return ""
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in zip(*rows, strict=True) if cell)


def _cells(text: str) -> list[str]:
    """The cells of a row; none of what is no row."""
    flat = " ".join(text.split())
    return [cell.strip() for cell in flat.strip("|").split("|")] if flat.startswith("|") and flat.endswith("|") else []
