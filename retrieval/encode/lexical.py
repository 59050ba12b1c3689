"""Text to sparse BM25 vectors, made for prose full of identifiers.

The tokenizer is `qdrant-edge`'s for code: it splits `KubeProxyDown` and `kube_proxy_down` into their stemmed parts and
keeps the whole (`kubeproxydown`) as a term of its own. What it only splits, compounds such as `kube-proxy`, `ADR-0042`,
`v1.2.3`, `99.95`, `node.kubernetes.io/not-ready`, gets its whole here, in the same form: joined without separators, so
that `kube-proxy` and `KubeProxy` meet. An `x` keeps digits apart (`99x95` is not 9995). A rare whole has a high inverse
document frequency, so a question that names an identifier exactly finds exactly that.

A document's weight of a term is BM25's tf (k + 1) / (tf + k (1 - b + b length / average)); a query's is 1. The index
multiplies by the inverse document frequency.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qdrant_edge import Bm25, Bm25Config, SparseVector, TokenizerType

from corpus.passages import Sparse
from retrieval.encode.encodable import encodable

_COMPOUND = re.compile(r"[A-Za-z0-9_]+(?:[-.:/][A-Za-z0-9_]+){1,5}")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[^A-Za-z0-9]+(?=[0-9])")
_SEPARATOR = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 48


class CodeAwareBm25:
    """`LexicalEncoder` for English technical text. Safe to share between threads; same text, same vector everywhere.

    k        saturation of the term frequency
    b        share of the length normalization, 0 to 1
    average  length of an average passage in terms
    """

    def __init__(self, *, k: float = 1.2, b: float = 0.75, average: float = 90.0) -> None:
        self._bm25 = Bm25(
            Bm25Config(k=k, b=b, avg_len=average, tokenizer=TokenizerType.Code, language="english", max_token_len=64)
        )
        self._identity = f"bm25/code-1/english/{k:g}/{b:g}/{average:g}"

    @property
    def identity(self) -> str:
        """Tokenizer and its version here, language, k, b, average."""
        return self._identity

    def documents(self, texts: Sequence[str]) -> list[Sparse]:
        """Saturated, length-normalised term frequencies, one vector a text, in order."""
        return [_sparse(self._bm25.embed_document(_with_wholes(text))) for text in texts]

    def query(self, text: str) -> Sparse:
        """Weight 1 for every distinct term."""
        return _sparse(self._bm25.embed_query(_with_wholes(text)))


def _with_wholes(text: str) -> str:
    """The text, followed by the joined form of each of its compounds."""
    text = encodable(text)
    wholes = [whole for match in _COMPOUND.finditer(text) if len(whole := _joined(match[0])) <= _LONGEST]
    return f"{text}\n{' '.join(wholes)}" if wholes else text


def _joined(compound: str) -> str:
    return _SEPARATOR.sub("", _BETWEEN_DIGITS.sub("x", compound)).lower()


def _sparse(vector: SparseVector) -> Sparse:
    return Sparse(tuple(vector.indices), tuple(vector.values))
