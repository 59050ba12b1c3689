"""Any sentence-transformers cross-encoder that is on this machine, as a reranker (extra `st`).

Nothing is downloaded: the model is a folder, or a name that the local cache holds. It has to have one output, which is
the higher the better a passage fits. It reads question and passage together, so nothing of a passage can be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.errors import EncoderError
from corpus.passages import Passage
from retrieval.encode.local_model import load_local

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

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
        self._model = load_local(_model, name, item=item, repair=_REPAIR)
        if self._model.model.config.num_labels != 1:
            raise EncoderError("has more than one output", item=item, next_step=_REPAIR)
        self.identity = f"{name}/cross-encoder"

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """The model's own output of each pair."""
        import torch

        asked = [(_encodable(question), _encodable(p.indexed_text)) for p in passages]
        found: list[float] = []
        try:
            for start in range(0, len(asked), _BATCH):
                logits = self._model.predict(
                    asked[start : start + _BATCH],
                    activation_fn=torch.nn.Identity(),
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
                found += [float(logit) for logit in logits]
        except Exception as error:  # torch and transformers raise whatever they raise
            raise EncoderError(f"a run failed ({error})", item=self.identity) from error
        return found

    def forget(self) -> None:
        """Nothing was kept."""


def _encodable(text: str) -> str:
    """The text with lone surrogates, which the tokenizer refuses, replaced."""
    return text.encode("utf-8", "replace").decode()


def _model() -> type[CrossEncoder]:
    from sentence_transformers import CrossEncoder

    found: type[CrossEncoder] = CrossEncoder
    return found
