"""Measures of citations: whether they lead somewhere, to the right place, and hold what the sentence says."""

from __future__ import annotations

from eval.measures.measure import Measure
from eval.measures.relevance import CITATION_WORDS, CITATIONS, CITED_SHARE, all_or_any, cites, covers, first, words
from eval.running.record import Record
from service.answer import Answer, Sentence

LEAST_WORDS = 3


def _verbatim(record: Record) -> float | None:
    if record.answer is None or not record.answer.citations:
        return None
    long = [len(citation.quote.split()) >= LEAST_WORDS for citation in record.answer.citations]
    held = [stands and enough for stands, enough in zip(record.verbatim, long, strict=True)]
    return sum(held) / len(held)


def _hit(record: Record) -> float | None:
    if not record.case.gold or record.case.refuse:
        return None
    return float(any(cites(record, gold) for gold in record.case.gold))


def _recall(record: Record) -> float | None:
    if not record.case.gold or record.case.refuse:
        return None
    found = [cites(record, gold) for gold in record.case.gold]
    return float(any(found)) if record.case.any_gold else sum(found) / len(found)


def _precision(record: Record) -> float | None:
    """Of the citations shown, those that meet gold; a refused or crashed answer has none to judge."""
    if not record.case.gold or record.case.refuse or record.answer is None or not record.answer.citations:
        return None
    own = [
        any(
            citation.document == gold.document
            and (not gold.quote or covers(gold.quote, [first(citation.quote, CITATION_WORDS)], CITED_SHARE))
            for gold in record.case.gold
        )
        for citation in record.answer.citations[:CITATIONS]
    ]
    return sum(own) / len(own)


def _document_precision(record: Record) -> tuple[float, ...] | None:
    """Hits and citations, so that the share is over all citations and not over answers."""
    if not record.case.gold or record.case.refuse or record.answer is None or not record.answer.citations:
        return None
    gold = {one.document for one in record.case.gold}
    own = [citation.document in gold for citation in record.answer.citations[:CITATIONS]]
    return float(sum(own)), float(len(own))


def _support(record: Record) -> float | None:
    """Of the sentences that must carry a citation, those whose words their citations hold."""
    if record.answer is None:
        return None
    said = [sentence for sentence in record.answer.sentences if sentence.kind in ("cited", "derived")]
    return sum(carried(record.answer, sentence) for sentence in said) / len(said) if said else None


def carried(answer: Answer, sentence: Sentence) -> bool:
    """Whether the citations of a sentence hold at least 60 % of its distinct words, headings above them counted."""
    own = [citation for citation in answer.citations if citation.number in sentence.citations]
    told = [" ".join((citation.title, *citation.section, citation.quote)) for citation in own]
    return bool(own) and (not words(sentence.text) or covers(sentence.text, told, 0.6))


def _all_hit(record: Record) -> float | None:
    if not record.case.gold or record.case.refuse:
        return None
    return float(all_or_any(record, [cites(record, gold) for gold in record.case.gold]))


MEASURES = (
    Measure(
        "QuoteVerbatim",
        "Share of an answer's citations whose quote, of three words or more, stands character by character at its "
        "offsets in its revision; mean over answers with a citation. Must be 1.",
        _verbatim,
    ),
    Measure(
        "CitationHit",
        "Share of answerable cases with a citation that covers at least half of the distinct words of some gold quote. "
        "A refusal scores 0. As citation_hit of archqa_score.py.",
        _hit,
    ),
    Measure(
        "CitationRecall",
        "Share of a case's gold quotes that some citation covers by half or more; a refusal scores 0.",
        _recall,
    ),
    Measure(
        "CitationAllHit",
        "Share of answerable cases whose every gold quote is covered by half or more; where any gold will do, by one.",
        _all_hit,
    ),
    Measure(
        "CitationPrecision",
        "Share of an answer's first eight citations that cover half of some gold quote; mean over answers with one.",
        _precision,
    ),
    Measure(
        "CitationDocPrecision",
        "Share of all citations that point into a gold document. As citation_doc_precision of archqa_score.py.",
        _document_precision,
        lambda rows: float(rows[:, 0].sum() / rows[:, 1].sum()),
    ),
    Measure(
        "CitationSupport",
        "Share of an answer's factual sentences whose own citations hold at least 60 % of their distinct words, title "
        "and headings counted; mean over answers with such a sentence. A citation that slipped to a neighbour fails.",
        _support,
    ),
)
