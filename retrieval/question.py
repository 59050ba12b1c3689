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
    """A question: its text, the words that must match as they stand, and the questions it is made of; of a comparison
    these are its sides."""

    text: str
    identifiers: tuple[str, ...]
    parts: tuple[str, ...]
    compares: bool


def analyse(text: str) -> Question:
    """The question taken apart."""
    sides = _sides(text)
    return Question(text, identifiers(text), sides or _parts(text), bool(sides))


def _sides(text: str) -> tuple[str, ...]:
    """What a comparison compares; nothing when it is none."""
    found = _VERSUS.search(" ".join(text.split()))
    sides = tuple(s.strip() for s in found.groups() if s and len(_WORD.findall(s)) > 1) if found else ()
    return sides if len(sides) == 2 else ()


def _parts(text: str) -> tuple[str, ...]:
    """The questions inside the question; none when it is simple."""
    pieces = [p.strip(" ,") for p in _SPLIT.split(text) if p and len(_WORD.findall(p)) >= 3]
    return tuple(pieces) if len(pieces) > 1 else ()
