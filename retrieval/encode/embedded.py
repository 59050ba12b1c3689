"""The encoder that comes with Aether: all-MiniLM-L6-v2 in int8, run by ONNX Runtime on the processor.

Every text is a run of its own, and the runs are spread over threads: nothing is spent on padding, memory does not grow
with the batch, and a text's vector never depends on which texts it was embedded with (the int8 activations are scaled
per run). The files are checked against their hashes before they are used. Texts longer than 256 word pieces are cut.

The graph that is shipped gives out a text's vector alone. Its token vectors are the output of an inner node; that node
is declared an output when the graph is loaded, which changes no file, no hash and no vector.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Encoding, Tokenizer

from corpus.documents import Span
from corpus.errors import EncoderError
from retrieval.encode.encodable import encodable
from retrieval.encode.tokens import TokenVectors
from retrieval.sealed import sealed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

BUNDLED = Path(__file__).parent / "minilm"
TOKENS = 256
DIMENSION = 384
_SLICE = 512
_INNER = b"layer5.fed.norm"
_REPAIR = "Reinstall Aether, or rebuild the files: python -m eval.export_encoder retrieval/encode/minilm"


class EmbeddedPieces:
    """`WordPieces` of the bundled tokenizer alone: what a process needs that cuts passages but embeds none.

    longest  pairs of texts are cut to so many pieces, the longer text first; 0 = never

    Raises `EncoderError` when the tokenizer is missing, damaged or not loadable.
    """

    def __init__(self, folder: Path = BUNDLED, *, longest: int = 0) -> None:
        path = folder / "tokenizer.json"
        shipped = sealed(path, repair=_REPAIR)
        try:
            self._tokenizer = Tokenizer.from_str(shipped.content.decode())
        except Exception as error:  # tokenizers raises bare Exception
            raise EncoderError(f"cannot be loaded ({error})", item=str(path), next_step=_REPAIR) from error
        self._tokenizer.no_truncation()
        if longest:
            self._tokenizer.enable_truncation(longest)
        self._tokenizer.no_padding()

    def offsets(self, texts: Sequence[str]) -> list[list[Span]]:
        """The character span of every word piece of each text, without special tokens or truncation."""
        spans: list[list[Span]] = []
        for start in range(0, len(texts), _SLICE):
            batch = [encodable(text) for text in texts[start : start + _SLICE]]
            encoded = self._tokenizer.encode_batch(batch, add_special_tokens=False)
            spans.extend(list(starmap(Span, one.offsets)) for one in encoded)
        return spans

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's pieces between those of [CLS] and [SEP], without truncation."""
        return [one.ids for one in self._tokenizer.encode_batch_fast([encodable(text) for text in texts])]

    def paired(self, pairs: Sequence[tuple[str, str]]) -> list[Encoding]:
        """Ids of each pair's pieces, [CLS] one [SEP] other [SEP], and their types: 0 up to the first [SEP], then 1."""
        return self._tokenizer.encode_batch([(encodable(one), encodable(other)) for one, other in pairs])

    def encoded(self, texts: Sequence[str]) -> list[Encoding]:
        """Ids and spans of each text's pieces between [CLS] and [SEP], without truncation."""
        return self._tokenizer.encode_batch([encodable(text) for text in texts])


class EmbeddedEncoder:
    """`Embedder` and `WordPieces` over the bundled model. Safe to share between threads.

    folder   where model.onnx, tokenizer.json and SHA256SUMS are
    threads  texts embedded at once; None = the cores this process may use

    Raises `EncoderError` when a file is missing, damaged or not loadable.
    """

    def __init__(self, folder: Path = BUNDLED, *, threads: int | None = None) -> None:
        graph = folder / "model.onnx"
        shipped = sealed(graph, repair=_REPAIR)
        self._pieces = EmbeddedPieces(folder)
        self._session = session(graph, shipped.content + _declared(_INNER))
        self._end = self._pieces.ids([""])[0][-1]
        self._threads = threads or cores()
        self._identity = f"all-MiniLM-L6-v2/int8/{TOKENS}/{shipped.digest[:12]}"

    @property
    def identity(self) -> str:
        """Model, precision, longest text in word pieces, start of the SHA-256 of the graph."""
        return self._identity

    @property
    def dimension(self) -> int:
        """384."""
        return DIMENSION

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """One unit vector of 384 a text, in order; the same text gives the same vector in any company."""
        return list(self._embed(texts))

    def tokens(self, texts: Sequence[str], *, longest: int = TOKENS) -> list[TokenVectors]:
        """The vector of every word piece of each text, and the text's own; texts are cut at `longest` pieces, 2 of
        them [CLS] and [SEP]."""
        encoded = self._pieces.encoded(texts)
        if len(encoded) <= 1 or self._threads == 1:
            return [self._token_vectors(one, longest) for one in encoded]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(lambda one: self._token_vectors(one, longest), encoded))

    def offsets(self, texts: Sequence[str]) -> list[list[Span]]:
        """The character span of every word piece of each text, without special tokens or truncation."""
        return self._pieces.offsets(texts)

    def _embed(self, texts: Sequence[str]) -> Iterator[tuple[float, ...]]:
        if len(texts) <= 1 or self._threads == 1:
            for text in texts:
                yield self._vector(self._pieces.ids([text])[0])
            return
        with ThreadPoolExecutor(self._threads) as pool:
            for start in range(0, len(texts), _SLICE):
                yield from pool.map(self._vector, self._pieces.ids(texts[start : start + _SLICE]))

    def _vector(self, ids: list[int]) -> tuple[float, ...]:
        (vectors,) = self._run(self._cut(ids, TOKENS), ["embedding"])
        return tuple(vectors[0].tolist())

    def _token_vectors(self, encoded: Encoding, longest: int) -> TokenVectors:
        import numpy as np

        ids = self._cut(encoded.ids, min(longest, TOKENS))
        whole, inner = self._run(ids, ["embedding", _INNER.decode()])
        rows = inner[0, 1:-1]
        rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        spans = tuple(Span(*span) for span in encoded.offsets[1 : len(ids) - 1])
        return TokenVectors(spans, rows, tuple(whole[0].tolist()))

    def _cut(self, ids: list[int], longest: int) -> list[int]:
        """The ids, at most `longest` of them, still ending in [SEP]."""
        return [*ids[: longest - 1], self._end] if len(ids) > longest else ids

    def _run(self, ids: list[int], outputs: list[str]) -> list[NDArray[np.float32]]:
        import numpy as np

        try:
            found: list[NDArray[np.float32]] = self._session.run(
                outputs, {"input_ids": np.array([ids], dtype=np.int64)}
            )
        except Exception as error:  # ONNX Runtime raises bare Exception subclasses of its own
            raise EncoderError(f"a run failed ({error})", item=self._identity, next_step=_REPAIR) from error
        return found


def session(path: Path, graph: bytes) -> InferenceSession:
    """A graph that runs one text at a time on one thread, with exact int8 products. Raises `EncoderError` where it
    cannot be loaded; `path` is what the error names."""
    import onnxruntime  # 0.1 s, which a process that only needs word pieces is spared

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # texts run side by side instead
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # would keep a plan for every length of text
    options.log_severity_level = 3
    # Without it int8 products saturate where a processor has no VNNI instructions, and a text's vector depends on the
    # machine (mean cosine 0.993 between the two ways); with it they are exact everywhere, in no more time.
    options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises bare Exception subclasses of its own
        raise EncoderError(f"cannot be loaded ({error})", item=str(path), next_step=_REPAIR) from error


def _declared(node: bytes) -> bytes:
    """What appended to a serialized graph makes a node's output one of the graph's: messages that follow each other are
    merged (protobuf), so this is ModelProto.graph (7) with one more GraphProto.output (12), a float tensor."""
    value = _field(1, node) + _field(2, _field(1, b"\x08\x01"))
    return _field(7, _field(12, value))


def _field(number: int, content: bytes) -> bytes:
    """A protobuf field of bytes, shorter than 128."""
    return bytes([number << 3 | 2, len(content)]) + content


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
