"""A text as the vectors of its word pieces: what late interaction compares.

`maxsim` is the sum over the query's pieces of the best cosine to any piece of the text (Khattab and Zaharia, "ColBERT",
SIGIR 2020), here as a mean, so that questions of different lengths compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.documents import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class TokenVectors:
    """A text's word pieces, [CLS] and [SEP] aside.

    spans    characters of each piece in the text
    vectors  float32 [pieces, dimension], unit rows, in the order of `spans`
    whole    the text's own unit vector
    """

    spans: tuple[Span, ...]
    vectors: NDArray[np.float32]
    whole: tuple[float, ...]


def alignment(query: TokenVectors, text: TokenVectors) -> NDArray[np.float32]:
    """The best cosine of each of the query's pieces to any of the text's, [pieces of the query]; 0 without any."""
    import numpy as np

    if not len(query.vectors) or not len(text.vectors):
        return np.zeros(len(query.vectors), dtype=np.float32)
    best: NDArray[np.float32] = (query.vectors @ text.vectors.T).max(axis=1)
    return best


def maxsim(query: TokenVectors, text: TokenVectors) -> float:
    """The mean of `alignment`, -1 to 1; 0 when either has no piece."""
    best = alignment(query, text)
    return float(best.mean()) if len(best) else 0.0
