"""The port of the support check: how likely the cited spans are to say what a sentence says.

`AlignmentVerifier` is the adapter that every install has. It compares words, numbers and names with the sentence of the
evidence that the claim restates, so a sentence which stands in the evidence as it is costs nothing. It knows words and
not their sense: of a true sentence in other words it says "not enough" and not "contradicted".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from service.grounding.alignment import align


@dataclass(frozen=True, slots=True)
class Pair:
    """What is asked: whether the spans together support the sentence."""

    sentence: str
    spans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a verifier thinks of a pair; the three add up to 1.

    evidence  the sentence of the spans that decided, as it is read; "" where none did
    """

    supported: float
    contradicted: float
    unknown: float
    evidence: str


class Verifier(Protocol):
    """Judges sentences against spans."""

    @property
    def identity(self) -> str:
        """Names the method, its weights and settings."""

    def verify(self, pairs: Sequence[Pair]) -> list[Opinion]:
        """One opinion a pair, in order; none of a pair depends on the others of its batch."""


class AlignmentVerifier:
    """Support by the words that the claim shares with one sentence of the evidence."""

    identity = "alignment-1"

    def verify(self, pairs: Sequence[Pair]) -> list[Opinion]:
        """One opinion a pair, in order."""
        return [_opinion(pair) for pair in pairs]


class Unasked:
    """No verifier: what the deterministic checks let by is let by."""

    identity = "none"

    def verify(self, pairs: Sequence[Pair]) -> list[Opinion]:
        """Of each pair that it is let by, whatever it says."""
        return [Opinion(1.0, 0.0, 0.0, "")] * len(pairs)


LEAST_COVERED = 0.62
"""Share of a claim's content words that one sentence must have, fitted on kubernetes-enhancements by
`python -m eval.contract_report --fit`."""


def _opinion(pair: Pair) -> Opinion:
    found = align(pair.sentence, pair.spans)
    if found.verbatim:
        return Opinion(1.0, 0.0, 0.0, found.sentence)
    covered = 0.75 * found.covered + 0.25 * found.within
    supported = covered / (2 * LEAST_COVERED) if covered < LEAST_COVERED else _above(covered)
    return Opinion(supported, 0.0, 1.0 - supported, found.sentence if found.covered else "")


def _above(covered: float) -> float:
    """From one half at the least share to 1 for every word."""
    return 0.5 + 0.5 * (covered - LEAST_COVERED) / (1 - LEAST_COVERED)
