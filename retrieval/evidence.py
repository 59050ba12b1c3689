"""What retrieval hands over: ranked evidence, and what the ranking rests on."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.passages import Passage
from retrieval.question import Question


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage in the ranked list.

    score    fused score, comparable within one question only
    dense    cosine to the question, 0.0 when the dense list lacks it
    lexical  BM25 score for the question, 0.0 when the lexical list lacks it
    """

    passage: Passage
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Found:
    """The ranked evidence of one question, best first.

    considered  distinct passages in the candidate lists
    variants    passages that were passed over for one of the evidence that says nearly, but not quite, the same in
                another document
    dense_share share of the candidates of the lexical list that have a dense vector yet, 0 to 1, as far as seen
    """

    question: Question
    vector: tuple[float, ...]
    evidence: tuple[Evidence, ...]
    considered: int
    variants: tuple[Evidence, ...] = ()
