"""Late interaction over the bundled encoder's token vectors: a passage fits as well as its best match for each piece of
the question.

A piece of the question that some candidates match and most do not tells candidates apart, and one that all of them
match, or none, does not. So each piece weighs by how far its best match stands above its mean match (MaxSim of Khattab
and Zaharia, "ColBERT", SIGIR 2020, is the same with equal weights).

The token vectors of the passages that were read last are kept, as bytes: popular passages are popular candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.passages import Passage
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.recent import Recent, name_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SCALE = 127
_LEAST = 1e-6


class LateInteraction:
    """`Reranker` over the bundled encoder. Safe for many threads.

    most     passages whose token vectors are kept, about 80 kB each
    longest  word pieces of a passage that are read, header and [CLS] and [SEP] included
    """

    weight = 0.8

    def __init__(self, encoder: EmbeddedEncoder, *, most: int = 500, longest: int = 256) -> None:
        self._encoder = encoder
        self._longest = longest
        self._recent: Recent[NDArray[np.int8]] = Recent(most)
        self.identity = f"late-interaction-1/{longest}/{encoder.identity}"

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """The weighted mean of the best cosines, -1 to 1; 0 for all when the question has no piece."""
        import numpy as np

        best = self.alignments(question, passages)
        if not best.size:
            return [0.0] * len(passages)
        # Sorted first: a sum of floats depends on its order, and the order of the passages must change nothing.
        spread = best.max(axis=0) - np.sort(best, axis=0).mean(axis=0)
        weights = np.maximum(spread, _LEAST)
        return [float(value) for value in (best * weights).sum(axis=1) / weights.sum()]

    def alignments(self, question: str, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """The best cosine of each piece of the question to any piece of each passage, [passages, pieces]."""
        import numpy as np

        asked = self._encoder.tokens([question])[0].vectors
        read = self._read([p.indexed_text for p in passages])
        return np.array([_best(asked, vectors) for vectors in read], dtype=np.float32).reshape(len(read), len(asked))

    def forget(self) -> None:
        """Keep nothing, as after a document was forgotten."""
        self._recent.forget()

    def _read(self, texts: Sequence[str]) -> list[NDArray[np.int8]]:
        """The token vectors of each text, [pieces, 384] in 127ths."""
        names = [name_of(text) for text in texts]
        found = self._recent.find(names)
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in found}
        if new:
            made = self._encoder.tokens(list(new.values()), longest=self._longest)
            read = {name: _rounded(tokens.vectors) for name, tokens in zip(new, made, strict=True)}
            found |= read
            self._recent.keep(read)
        return [found[name] for name in names]


def _rounded(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    import numpy as np

    rounded: NDArray[np.int8] = np.rint(vectors * _SCALE).astype(np.int8)
    return rounded


def _best(asked: NDArray[np.float32], vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """The best cosine of each piece of the question to any of the text's; 0 without any."""
    import numpy as np

    if not len(vectors):
        return np.zeros(len(asked), dtype=np.float32)
    best: NDArray[np.float32] = (asked @ vectors.T.astype(np.float32)).max(axis=1) / _SCALE
    return best
