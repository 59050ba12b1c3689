"""A question as it is asked after those before it.

A follow-up that leans on the question before it, because it says "it" or little at all, is asked together with the last
question that stood by itself; every other question is asked as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.answering.terms import terms

_FEW = 4
LONGEST = 4_000
"""Characters that a question has at most."""
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|those|these|there|the (?:same|former|latter|other|first|second)|that one)\b"
    r"|\b(?:that|this)\b(?=\s*(?:[?.!]|$|is\b|was\b|does\b|did\b|has\b))"
    r"|^\s*(?:and|but|or|so|then|also|(?:what|how) about|why(?: not)?\s*\??$|when\s*\??$|where\s*\??$|how long)\b",
    re.IGNORECASE,
)


def follow(earlier: Sequence[str], question: str) -> str:
    """The question, behind the last earlier one that stands by itself where it leans on what was said."""
    if not leans(question):
        return question
    topic = next((one for one in reversed(earlier) if not leans(one)), "")
    joined = f"{topic.strip().rstrip('.?!')}? {question}"
    return joined if topic and len(joined) <= LONGEST else question


def leans(question: str) -> bool:
    """Whether it says too little to be asked by itself."""
    said = terms(question)
    return len(said) < 2 or (len(said) <= _FEW and bool(_LEANS.search(question)))
