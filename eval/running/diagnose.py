"""Why a case failed: the first place on its way where what was needed got lost.

missing document -> not parsed -> not chunked whole -> not retrieved -> not selected -> wrongly refused -> wrongly
verified -> wrongly cited -> cited elsewhere -> not composed. A case without an answer fails by being answered, and any
case by showing what must not show or by crashing. "Cited elsewhere" says that citations hold the facts and are not the
gold: another source says the same, or the gold stands past the words that count; a person has to look at the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from eval.measures.catalog import measure
from eval.measures.claiming import judged_right
from eval.measures.refusing import handled, silent
from eval.measures.relevance import all_or_any, cites, plain, retrieved, states
from eval.running.record import Record
from service.answer import Answer
from service.answering.view import READ

Cause = Literal[
    "",
    "crashed",
    "leaked",
    "wrongly answered",
    "missing document",
    "not parsed",
    "not chunked whole",
    "not retrieved",
    "wrongly refused",
    "not selected",
    "wrongly verified",
    "wrongly cited",
    "cited elsewhere",
    "not composed",
]
_DEPTH = 20


def cause(record: Record) -> Cause:
    """Why the case failed; "" when it did not."""
    if record.crashed:
        return "crashed"
    if record.support is not None:
        return "" if judged_right(record.case.supported, record.support) else "wrongly verified"
    if measure("NothingLeaked").rows(record) == 0.0:
        return "leaked"
    if silent(record):
        return "" if handled(record) else "wrongly answered"
    if not record.case.gold:
        return _without_gold(record)
    if _stated(record) and _cited(record) and not record.refused:
        return ""
    return _before_asking(record) or _on_the_way(record)


def _without_gold(record: Record) -> Cause:
    """Only what the answer says is known, so nothing of its way."""
    if record.refused:
        return "wrongly refused"
    if _stated(record):
        return ""
    return "wrongly verified" if record.answer and _in_text(record, _dropped(record.answer)) else "not composed"


def _dropped(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.dropped]


def _stated(record: Record) -> bool:
    value = measure("FactRecall").rows(record)
    return value is None or value == 1.0


def _cited(record: Record) -> bool:
    return all_or_any(record, [cites(record, gold) for gold in record.case.gold])


def _before_asking(record: Record) -> Cause:
    """What was lost before the question came."""
    traces = [trace for trace in record.traces if trace]
    if not traces or (record.case.any_gold and any(trace.whole for trace in traces)):
        return ""
    if not all(trace.present for trace in traces):
        return "missing document"
    return "" if all(trace.parsed for trace in traces) else "not parsed"


def _on_the_way(record: Record) -> Cause:
    """What was lost between the question and the answer."""
    assert record.answer is not None
    if not _found(record, _DEPTH):
        whole = all_or_any(record, [trace.whole for trace in record.traces]) if record.traces else True
        return "not retrieved" if whole else "not chunked whole"
    if not _found(record, READ):
        return "not selected"  # also of a refusal, which is right by what was read
    if record.refused:
        return "wrongly refused"
    if _in_text(record, _dropped(record.answer)):
        return "wrongly verified"
    if not _stated(record) or not record.case.facts:
        return "not composed"
    return "cited elsewhere" if _in_citations(record, record.answer) else "wrongly cited"


def _in_citations(record: Record, answer: Answer) -> bool:
    """Whether citations hold every fact that the case wants."""
    cited = plain(" ".join(citation.quote for citation in answer.citations))
    return all(any(states(cited, spelling) for spelling in group) for group in record.case.facts)


def _found(record: Record, depth: int) -> bool:
    return all_or_any(record, [retrieved(record, gold, depth) for gold in record.case.gold])


def _in_text(record: Record, texts: Sequence[str]) -> bool:
    """Whether what was dropped held a fact that the answer lacks."""
    if not texts or record.answer is None:
        return False
    dropped, said = plain(" ".join(texts)), plain(record.answer.text)
    lacking = [group for group in record.case.facts if not any(states(said, spelling) for spelling in group)]
    return any(states(dropped, spelling) for group in lacking for spelling in group)
