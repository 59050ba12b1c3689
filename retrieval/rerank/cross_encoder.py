"""Any sentence-transformers cross-encoder that is on this machine, as a reranker (extra `st`).

Nothing is downloaded: the model is a folder, or a name that the local cache holds. It has to have one output, which is
the higher the better a passage fits. It reads question and passage together, so nothing of a passage can be kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.errors import EncoderError
from corpus.passages import Passage
from retrieval.encode.cross_encoder import LocalCrossEncoder

_BATCH = 8
_REPAIR = "Use none, embedded, or the folder of a cross-encoder with one output; Aether downloads none"


class CrossEncoderReranker:
    """`Reranker` over one model on the processor. Raises `EncoderError` when the extra or the model is missing, and
    when the model has more than one output.

    name  a model's folder, or its name in the local cache
    """

    weight = 2.0

    def __init__(self, name: str) -> None:
        item = f"AETHER_RERANKER={name}"
        self._model = LocalCrossEncoder(name, item=item, repair=_REPAIR, batch=_BATCH)
        if len(self._model.labels) != 1:
            raise EncoderError("has more than one output", item=item, next_step=_REPAIR)
        self.identity = self._model.identity

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """The model's own output of each pair."""
        return [float(logit) for logit in self._model.logits([(question, p.indexed_text) for p in passages])[:, 0]]

    def forget(self) -> None:
        """Nothing was kept."""
