"""Any sentence-transformers cross-encoder that is on this machine, as a verifier (extra `st`).

Nothing is downloaded: the model is a folder, or a name that the local cache holds. Of a model with one output the
output is the chance of support; of one with three, its own labels say which is entailment and which contradiction.

Evidence is read in windows of a few sentences, and the window that supports a claim most decides; where the evidence
has more than one window, its sentences that share most with the claim are one more, since a claim may rest on two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import EncoderError
from retrieval.encode.cross_encoder import LocalCrossEncoder
from service.grounding.alignment import align, stands_whole
from service.grounding.segment import as_read, segments
from service.grounding.verifier import Opinion, Pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 16
_WINDOW = 5
_STEP = 3
_SUPPORTED = ("entail", "support")
_CONTRADICTED = ("contradict", "refut")
_REPAIR = "Use none, alignment, embedded, or the folder of a cross-encoder; Aether downloads none"


@dataclass(frozen=True, slots=True)
class _Labels:
    """Where the outputs of a model are; `contradicted` is None of one that has a single output."""

    supported: int
    contradicted: int | None


class CrossEncoderVerifier:
    """`Verifier` over one model on the processor. Raises `EncoderError` when the extra or the model is missing.

    name  a model's folder, or its name in the local cache
    """

    def __init__(self, name: str) -> None:
        self._model = LocalCrossEncoder(name, item=f"AETHER_VERIFIER={name}", repair=_REPAIR, batch=_BATCH)
        self._labels = _labels(self._model.labels, name)
        self.identity = self._model.identity

    def verify(self, pairs: Sequence[Pair]) -> list[Opinion]:
        """One opinion a pair, in order."""
        return [self._opinion(pair) for pair in pairs]

    def _opinion(self, pair: Pair) -> Opinion:
        claim = as_read(pair.sentence)
        if stands_whole(pair.sentence, pair.spans):
            return Opinion(1.0, 0.0, 0.0, claim)
        windows = _windows(pair)
        if not windows or not claim:
            return Opinion(0.0, 0.0, 1.0, "")
        outputs = self._outputs([(window, claim) for window in windows])
        supported = outputs[:, self._labels.supported]
        at = int(supported.argmax())
        evidence = align(claim, (windows[at],)).sentence
        chance = float(supported[at])
        if self._labels.contradicted is None or not evidence:
            return Opinion(chance, 0.0, 1.0 - chance, evidence)
        against = float(outputs[at, self._labels.contradicted])
        return Opinion(chance, against, max(0.0, 1.0 - chance - against), evidence)

    def _outputs(self, asked: list[tuple[str, str]]) -> NDArray[np.float64]:
        """Probabilities, [windows, labels]."""
        import numpy as np

        scores = np.clip(self._model.logits(asked), -30, 30)
        if self._labels.contradicted is None:
            single: NDArray[np.float64] = 1 / (1 + np.exp(-scores))
            return single
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
        return shares


def _windows(pair: Pair) -> list[str]:
    """The evidence in overlapping windows of sentences, and its sentences that share most with the claim."""
    texts = list(dict.fromkeys(s.text for span in pair.spans for s in segments(span)))
    if len(texts) <= _WINDOW:
        return ["\n".join(texts)] if texts else []
    found = ["\n".join(texts[at : at + _WINDOW]) for at in range(0, len(texts) - _WINDOW + _STEP, _STEP)]
    best = sorted(range(len(texts)), key=lambda at: (-align(pair.sentence, (texts[at],)).covered, at))[:_WINDOW]
    return [*found, "\n".join(texts[at] for at in sorted(best))]


def _labels(labels: Mapping[int, str], name: str) -> _Labels:
    told = {at: label.lower() for at, label in labels.items()}
    if len(told) == 1:
        return _Labels(0, None)
    supported = [at for at, label in told.items() if label.startswith(_SUPPORTED)]
    contradicted = [at for at, label in told.items() if label.startswith(_CONTRADICTED)]
    if len(told) != 3 or len(supported) != 1 or len(contradicted) != 1:
        raise EncoderError(
            "does not say what its outputs are", item=name, next_step="Use a model with one output, or one for NLI"
        )
    return _Labels(supported[0], contradicted[0])
