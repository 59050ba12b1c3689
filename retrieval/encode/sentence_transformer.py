"""Any sentence-transformers model that is on this machine, as an encoder (extra `st`).

Nothing is downloaded: the model is a folder, or a name that the local cache holds. torch is imported when an encoder
is built, not with this module. The identity carries a hash of the loaded weights, so that two models of one name are
told apart wherever they came from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import EncoderError
from retrieval.encode.encodable import encodable
from retrieval.encode.local_model import load_local

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32
_REPAIR = "Give the folder of a sentence-transformers model; Aether downloads none"


class SentenceTransformerEncoder:
    """`Embedder` over one model on the processor, in the precision its weights are stored in.

    name  a model's folder, or its name in the local cache, such as `sentence-transformers/all-mpnet-base-v2`

    Raises `EncoderError` when the extra or the model is missing.
    """

    def __init__(self, name: str) -> None:
        self._model = load_local(_model, name, item=name, repair=_REPAIR)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError("does not say how long its vectors are", item=name, next_step="Use another model")
        self._dimension: int = dimension
        self._identity = f"{_short(name)}/st/{self._model.max_seq_length}/{_fingerprint(self._model)}"

    @property
    def identity(self) -> str:
        """Model, `st`, longest text in word pieces, start of the SHA-256 of the weights."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """One unit vector a text, in order; longer texts are cut by the model's own limit."""
        if not texts:
            return []
        read = [encodable(text) for text in texts]
        try:
            vectors = self._model.encode(
                read, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
            )
        except Exception as error:  # torch and transformers raise whatever they raise
            raise EncoderError(f"a run failed ({error})", item=self._identity) from error
        return [tuple(vector) for vector in vectors.tolist()]


def _model() -> type[SentenceTransformer]:
    from sentence_transformers import SentenceTransformer

    found: type[SentenceTransformer] = SentenceTransformer
    return found


def _short(name: str) -> str:
    """The name; of a folder its last two parts, so that identities do not depend on where the folder is."""
    return "/".join(Path(name).resolve().parts[-2:]) if Path(name).is_dir() else name


def _fingerprint(model: SentenceTransformer) -> str:
    """First 12 hexadecimal digits of the SHA-256 over the names and bytes of all weights."""
    import torch

    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    return digest.hexdigest()[:12]
