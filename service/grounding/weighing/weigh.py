"""The verifier that comes with Aether: trained weights over what is observed of a claim beside its evidence.

A sentence that stands in the evidence as it is costs nothing and is supported. Any other is compared with the few
sentences of the evidence that share most with it. A claim of several sentences is supported as much as the least
supported of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from service.grounding.alignment import stands_whole
from service.grounding.segment import as_read, segments
from service.grounding.verifier import Opinion, Pair
from service.grounding.weighing.observe import NAMES, Candidates, candidates, observe, restated
from service.grounding.weighing.weights import BUNDLED, read_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NOTHING = Opinion(0.0, 0.0, 1.0, "")


class EmbeddedVerifier:
    """Support by the trained weights. Safe to share between threads. Raises `EncoderError` on damaged weights."""

    def __init__(self, folder: Path = BUNDLED) -> None:
        self._weights = read_weights(NAMES, folder)
        self.identity = f"embedded/{self._weights.digest}"

    def verify(self, pairs: Sequence[Pair]) -> list[Opinion]:
        """One opinion a pair, in order."""
        return [self._opinion(pair) for pair in pairs]

    def _opinion(self, pair: Pair) -> Opinion:
        if stands_whole(pair.sentence, pair.spans):
            return Opinion(1.0, 0.0, 0.0, as_read(pair.sentence))
        found = sides(pair.sentence, pair.spans)
        if not all(side.claim.content and side.sentences for side in found):
            return _NOTHING
        x = rows(found)
        scores = self._weights.score(x)
        at = int(scores.argmin())
        least, decided = x[at : at + 1], restated(found[at])
        supported = _chance(float(scores[at]))
        if not found[at].claim.content & decided.content:
            return Opinion(supported, 0.0, 1.0 - supported, "")
        share = float(self._weights.restates(least)[0]) * _chance(float(self._weights.contradicted.score(least)[0]))
        contradicted = (1.0 - supported) * share
        return Opinion(supported, contradicted, 1.0 - supported - contradicted, decided.text)


def sides(claim: str, evidence: Sequence[str]) -> list[Candidates]:
    """Each sentence of a claim beside the evidence."""
    told = [segment.text for segment in segments(claim)] or [claim]
    return [candidates(text, evidence) for text in told]


def rows(found: Sequence[Candidates]) -> NDArray[np.float64]:
    """The observations of each side, in the order of `NAMES`."""
    import numpy as np

    return np.array([list(observe(side).values()) for side in found], dtype=np.float64).reshape(-1, len(NAMES))


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
