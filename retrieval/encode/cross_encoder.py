"""A cross-encoder of sentence-transformers that is on this machine (extra `st`): pairs of texts -> what it puts out.

Nothing is downloaded. torch is imported when a model is loaded, not with this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.errors import EncoderError
from retrieval.encode.encodable import encodable
from retrieval.encode.local_model import load_local

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder


class LocalCrossEncoder:
    """One model on the processor. Raises `EncoderError` when the extra or the model is missing.

    name          a model's folder, or its name in the local cache
    item, repair  what the error names, and what it says to do, when the model is not there
    batch         pairs that are read at once
    labels        the model's own name of each output
    """

    def __init__(self, name: str, *, item: str, repair: str, batch: int) -> None:
        self._model = load_local(_model, name, item=item, repair=repair)
        self._batch = batch
        self.identity = f"{name}/cross-encoder"
        self.labels = {int(at): str(label) for at, label in self._model.model.config.id2label.items()}

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """The outputs as they are, [pairs, outputs]. Raises `EncoderError` when a run fails."""
        import numpy as np
        import torch

        read = [(encodable(one), encodable(other)) for one, other in pairs]
        found = [np.empty((0, len(self.labels)))]
        try:
            for start in range(0, len(read), self._batch):
                made = self._model.predict(
                    read[start : start + self._batch],
                    activation_fn=torch.nn.Identity(),
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
                found.append(np.asarray(made, dtype=np.float64).reshape(-1, len(self.labels)))
        except Exception as error:  # torch and transformers raise whatever they raise
            raise EncoderError(f"a run failed ({error})", item=self.identity) from error
        return np.concatenate(found)


def _model() -> type[CrossEncoder]:
    from sentence_transformers import CrossEncoder

    found: type[CrossEncoder] = CrossEncoder
    return found
