"""A question, taken apart by rule: what it names, and the questions inside it.

`parts` are the questions that a multi-part or comparison question is made of, each of which needs evidence of its
own: sentences, clauses joined by "and" or a semicolon that begin with a question word or an auxiliary, and the two
sides of a comparison. A simple question has no parts. `identifiers` are the words that must match as they stand:
commands, flags, paths, metric, alert and API names, versions, codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.identifiers import identifiers

_ASKS = "what|which|who|where|when|why|how"
_SPLIT = re.compile(
    r"(?<=[.?!])\s+|\s*;\s+|\s+-\s+"
    rf"|,?\s+(?:and|but|or)\s+(?=(?:{_ASKS}|is|are|was|were|do|does|did|can|could|should|would|will|has|have|if"
    rf"|(?:in|at|from|by|to)\s+(?:what|which))\b)|,\s+(?=(?:{_ASKS})\b)",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"\b(?:difference between|compare|choose between)\s+(?P<a>.+?)\s+(?:and|with|to|or)\s+(?P<b>.+?)[?.]?$"
    r"|^(?P<c>.+?)\s+(?:versus|vs\.?|as opposed to|compared (?:to|with)|differ from|rather than)\s+(?P<d>.+?)[?.]?$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its text, the words that must match as they stand, and the questions it is made of."""

    text: str
    identifiers: tuple[str, ...]
    parts: tuple[str, ...]


def analyse(text: str) -> Question:
    """The question taken apart."""
    return Question(text, identifiers(text), _parts(text))


def _parts(text: str) -> tuple[str, ...]:
    """The questions inside the question; none when it is simple."""
    sides = _VERSUS.search(" ".join(text.split()))
    if sides:
        return tuple(s.strip() for s in sides.groups() if s and len(_WORD.findall(s)) > 1)
    pieces = [p.strip(" ,") for p in _SPLIT.split(text) if p and len(_WORD.findall(p)) >= 3]
    return tuple(pieces) if len(pieces) > 1 else ()
