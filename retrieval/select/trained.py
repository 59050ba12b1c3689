"""A small trained cross-encoder: question and sentence are read together, in int8, by ONNX Runtime.

Every pair is a run of its own, spread over threads, so that a score never depends on what is read beside it. The scores
of the pairs that were read last are kept, without their texts: popular questions meet the same sentences again. The
weights are those of `python -m eval.training.selector.train`, checked against their hash before they are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from corpus.errors import EncoderError
from retrieval.encode.embedded import EmbeddedPieces, cores, session
from retrieval.encode.recent import Recent, name_of
from retrieval.sealed import sealed

LONGEST = 96
_REPAIR = "Set AETHER_SELECTOR to none, or to a folder that python -m eval.training.selector.train wrote"


class TrainedSelector:
    """`Selector` over one model on the processor. Safe for many threads.

    folder   where model.onnx and SHA256SUMS are; the tokenizer is the bundled encoder's
    threads  pairs read at once; None = the cores this process may use
    most     pairs whose scores are kept, about 0.2 kB each
    longest  word pieces that are read of a pair

    Raises `EncoderError` when a file is missing, damaged or not loadable.
    """

    def __init__(self, folder: Path, *, threads: int | None = None, most: int = 50_000, longest: int = LONGEST) -> None:
        graph = folder / "model.onnx"
        shipped = sealed(graph, repair=_REPAIR)
        self._pieces = EmbeddedPieces(longest=longest)
        self._session = session(graph, shipped.content)
        self._threads = threads or cores()
        self._recent: Recent[float] = Recent(most)
        self.identity = f"minilm-selector/int8/{longest}/{shipped.digest[:12]}"

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """The log-odds that each text answers the question, in order."""
        names = [name_of(f"{question}\0{text}") for text in texts]
        known = self._recent.find(names)
        fresh = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
        made = dict(zip(fresh, self._read(question, list(fresh.values())), strict=True))
        self._recent.keep(made)
        return [known[name] if name in known else made[name] for name in names]

    def forget(self) -> None:
        """Keep no score."""
        self._recent.forget()

    def _read(self, question: str, texts: Sequence[str]) -> list[float]:
        pairs = self._pieces.paired([(question, text) for text in texts])
        if len(pairs) <= 1 or self._threads == 1:
            return [self._run(pair.ids, pair.type_ids) for pair in pairs]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(lambda pair: self._run(pair.ids, pair.type_ids), pairs))

    def _run(self, ids: list[int], types: list[int]) -> float:
        import numpy as np

        given = {"input_ids": np.array([ids]), "token_type_ids": np.array([types])}
        try:
            (found,) = self._session.run(["score"], given)
        except Exception as error:  # ONNX Runtime raises bare Exception subclasses of its own
            raise EncoderError(f"a run failed ({error})", item=self.identity, next_step=_REPAIR) from error
        return float(found[0, 0])
