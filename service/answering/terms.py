"""Content words of a text, and how much of a question's they cover."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from corpus.remembered import remembered

_WORD = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")
_STOP = frozenset(
    (
        "a an and are as at be been but by can could did do does for from had has have how i if in into is it its me "
        "my no not of on one or our out shall should so some such than that the their them then there these they this "
        "those to up us use was we were what when where which while who why will with would you your"
    ).split()
)


@remembered(4096)
def terms(text: str) -> frozenset[str]:
    """The text's content words, identifiers also in their parts, plurals and common endings cut."""
    words = _WORD.findall(text.lower()) + _WORD.findall(_HUMP.sub(" ", text).lower())
    return frozenset(_stem(w) for w in words if w not in _STOP and (len(w) > 1 or w.isdigit()))


@remembered(32768)
def _stem(word: str) -> str:
    """A light stem: enough to meet plurals, -ing and -ed."""
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def rarity(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    """Inverse frequency of every term among texts, each given by its terms."""
    counts = Counter(t for text in texts for t in text)
    return {t: math.log(1 + len(texts) / n) for t, n in counts.items()}


class Share:
    """Weighted share of the asked terms that stand in a text; unknown terms weigh as the rarest."""

    def __init__(self, asked: frozenset[str], weigh: Mapping[str, float]) -> None:
        rarest = max(weigh.values(), default=1.0)
        self._weights = {t: weigh.get(t, rarest) for t in asked}
        self._total = sum(self._weights.values())

    def of(self, own: frozenset[str]) -> float:
        """The share that the terms `own` have, 0 to 1."""
        found = sum(weight for t, weight in self._weights.items() if t in own)
        return found / self._total if self._total else 0.0
