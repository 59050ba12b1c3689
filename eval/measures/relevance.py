"""What counts as found: the relations between a case's gold and what the engine returned, each said once.

The word rules are those of `archqa_score.py`, the independent yardstick: a quote is covered when a share of its
distinct words stands in the text; of an evidence passage the first 200 words count, of a citation the first 100.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.running.record import Record
from eval.suites.case import Gold

EVIDENCE_WORDS, CITATION_WORDS, CITATIONS = 200, 100, 8
SPAN_SHARE, CITED_SHARE = 0.8, 0.5


def words(text: str) -> set[str]:
    """The distinct words of a text, letter case aside."""
    return set(re.findall(r"\w+", text.lower()))


def first(text: str, count: int) -> str:
    """The first words of a text."""
    return " ".join(text.split()[:count])


def covers(quote: str, texts: Sequence[str], share: float) -> bool:
    """Whether the texts together hold at least `share` of the quote's distinct words."""
    need = words(quote)
    have = set().union(*(words(text) for text in texts)) & need if texts else set()
    return bool(need) and len(have) >= share * len(need)


def evidence_of(record: Record, depth: int) -> list[tuple[str, str]]:
    """Document and text of the first passages."""
    if record.answer is None:
        return []
    return [(item.document, first(item.text, EVIDENCE_WORDS)) for item in record.answer.evidence[:depth]]


def ranked_documents(record: Record) -> list[str]:
    """The distinct documents of the evidence, in the order of their best passage."""
    return list(dict.fromkeys(item.document for item in record.answer.evidence)) if record.answer else []


def retrieved(record: Record, gold: Gold, depth: int) -> bool:
    """Whether the gold is among the first passages: its document, and where known at least 80 % of its words."""
    own = [text for document, text in evidence_of(record, depth) if document == gold.document]
    return bool(own) and (not gold.quote or covers(gold.quote, own, SPAN_SHARE))


def cites(record: Record, gold: Gold) -> bool:
    """Whether a citation points to the gold: into its document, and where known over half of its words."""
    if record.answer is None:
        return False
    for citation in record.answer.citations[:CITATIONS]:
        if citation.document != gold.document:
            continue
        if not gold.quote or covers(gold.quote, [first(citation.quote, CITATION_WORDS)], CITED_SHARE):
            return True
    return False


def all_or_any(record: Record, found: Sequence[bool]) -> bool:
    """All gold is needed, unless the case says that any will do."""
    return any(found) if record.case.any_gold else all(found)


def plain(text: str) -> str:
    """Lower case, without emphasis marks, code ticks and citation marks, white space folded."""
    return " ".join(re.sub(r"\[\d+\]|[*`]", "", text).split()).lower()


def states(text: str, spelling: str) -> bool:
    """Whether the text (made plain) holds a spelling as words of its own."""
    wanted = plain(spelling)
    if re.search(r"(?<!\w)" + re.escape(wanted) + r"(?!\w)", text) is not None:
        return True
    return not wanted[:1].isalnum() and wanted in text
