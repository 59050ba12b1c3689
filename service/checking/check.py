"""Any text -> its sentences with the verdict of the contract, and the evidence of each.

1. The text is cut into sentences, items, rows and code; questions and what claims nothing are set aside.
2. For each claim the library is searched, and the units that say its words are located, as for a language model's.
3. The contract judges the claim by them. Where too little of it is said anywhere, the nearest units are judged too, so
   that a changed number is called a contradiction and not merely something that nobody said.

Nothing in the text is an instruction: it is searched for, compared and handed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.citations import Citation
from corpus.documents import Span
from corpus.errors import UsageError
from corpus.ports import Embedder
from ingest.report import Progress, Silent
from service.answering.assemble import citation_of
from service.answering.terms import terms
from service.asker import Asker
from service.checking.record import Checked, CheckedSentence, SentenceForm
from service.engine import Request, View
from service.grounding.quote import LEAST_WORDS
from service.grounding.segment import Segment, is_rule, segments
from service.language.draft import Drafted
from service.language.evidence import Shown, show
from service.language.locate import BAR, Locator
from service.language.settle import Settled, Settling

MOST = 2_000
_LONGEST = 1_000
_LOOSE = 0.4
_EVIDENCE = 12_000


def check(
    who: Asker, text: str, asked: Request, embedder: Embedder, *, most: int = MOST, progress: Progress | None = None
) -> Checked:
    """The text, held against what the caller of `asked` may read; its question does not count.

    Raises `UsageError` where nothing or too much is to be checked, and what `Asker.look` raises.
    """
    found = [segment for segment in segments(text) if segment.kind != "heading"]
    if not found:
        raise UsageError("nothing to check", next_step="Give a text with at least one sentence")
    if len(found) > most:
        raise UsageError(f"more than {most:,} sentences", item=f"{len(found):,}", next_step="Check it in parts")
    shown = progress or Silent()
    shown.stage("Checking", len(found), "sentences")
    checking = _Checking(who, asked, embedder)
    sentences = []
    for segment in found:
        sentences.append(checking.sentence(segment, claims=_claims(text, segment)))
        shown.advance(1)
    failed = sum(s.fails for s in sentences)
    unclaimed = sum(s.verdict is None for s in sentences)
    return Checked(
        sentences=tuple(sentences),
        citations=tuple(checking.numbered.values()),
        supported=len(sentences) - failed - unclaimed,
        failed=failed,
        unclaimed=unclaimed,
        fingerprint=who.engine.fingerprint(asked.access),
    )


def _claims(text: str, segment: Segment) -> bool:
    """Whether a segment states something."""
    header = segment.kind == "row" and is_rule(text[segment.end :].lstrip("\r\n").partition("\n")[0])
    asks = segment.kind != "code" and segment.text.rstrip("*_`\"')").endswith("?")
    return not header and not asks and len(segment.text.split()) >= LEAST_WORDS and bool(terms(segment.text))


class _Checking:
    """One text. Citations keep one number for one span."""

    def __init__(self, who: Asker, asked: Request, embedder: Embedder) -> None:
        self._who = who
        self._asked = asked
        self._embedder = embedder
        self._before: tuple[Citation, ...] = ()
        self.numbered: dict[tuple[str, int, int], Citation] = {}

    def sentence(self, segment: Segment, *, claims: bool) -> CheckedSentence:
        """The segment with its verdict."""
        form: SentenceForm = segment.kind if segment.kind != "heading" else "sentence"
        made = CheckedSentence(text=segment.text, form=form, start=segment.start, end=segment.end, verdict=None)
        if not claims:
            return made
        view = self._who.look(replace(self._asked, question=segment.text[:_LONGEST]))
        drafted = Drafted("cited", segment.text, ())
        evidence = show(view, self._embedder, tokens=_EVIDENCE)
        settled = self._settled(view, evidence, drafted, BAR)
        if settled.holds:
            self._before = settled.citations
            numbers = self._kept(settled.citations)
            return made.model_copy(update={"verdict": settled.sentence.verdict, "citations": numbers})
        self._before = ()
        loose = settled if settled.citations else self._settled(view, evidence, drafted, _LOOSE)
        telling = settled if loose.holds else loose
        near = self._kept(_nearest(segment.text, loose.citations or _best(view)))
        return made.model_copy(update={"verdict": telling.sentence.verdict, "closest": near[0] if near else None})

    def _settled(self, view: View, evidence: Sequence[Shown], drafted: Drafted, bar: float) -> Settled:
        ground = replace(self._who.engine.ground(view, self._asked), asked="")
        return Settling(evidence, ground, "", Locator(self._embedder, bar)).factual(drafted, self._before)

    def _kept(self, citations: Sequence[Citation]) -> tuple[int, ...]:
        """The numbers of citations in this text; a new one gets the next."""
        numbers = []
        for citation in citations:
            place = (citation.document, citation.start, citation.end)
            numbered = citation.model_copy(update={"number": len(self.numbered) + 1})
            numbers.append(self.numbered.setdefault(place, numbered).number)
        return tuple(numbers)


def _best(view: View) -> tuple[Citation, ...]:
    """The citation of the unit that the search liked best."""
    best = [s for s in view.ranked[:1] if len(s.document.visible(s.unit.start, s.unit.end).split()) >= LEAST_WORDS]
    return tuple(citation_of(s.document, Span(s.unit.start, s.unit.end), 1) for s in best)


def _nearest(text: str, citations: Sequence[Citation]) -> Sequence[Citation]:
    """Of some citations the one that shares most words with a text."""
    wanted = terms(text)
    return [max(citations, key=lambda c: len(terms(c.quote) & wanted))] if citations else ()
