"""What is trained: a line over what a claim shares with its evidence, and trees that find what was changed in it.

1. `shared` says how far the evidence speaks of the claim: a logistic regression over a few observations, fitted on
   claims that people labelled.
2. `changed` says whether a claim that restates a sentence changed it: boosted trees over all observations, fitted on
   perturbations. What it says counts as far as the claim restates a sentence (`near`); of a claim in words of its own
   every word would be a change.
3. `blend` weighs the two, so that the sum is calibrated log-odds.

The same code scores here and in training. The file is checked against its hash before it is used.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from corpus.errors import EncoderError
from retrieval.sealed import sealed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BUNDLED = Path(__file__).parent / "trained"
_REPAIR = "Reinstall Aether, or train the weights again: python -m eval.training.verifier"
_TREE = ("feature", "threshold", "left", "right", "value", "start")


class Line(NamedTuple):
    """A logistic regression over some of the observations, which are standardised first."""

    columns: NDArray[np.int64]
    mean: Floats
    scale: Floats
    weights: Floats
    bias: Floats

    def score(self, x: Floats) -> Floats:
        """Log-odds of each row of observations."""
        found: Floats = self.bias + ((x[:, self.columns] - self.mean) / self.scale) @ self.weights
        return found


class Trees(NamedTuple):
    """A sum of decision trees, all of the same number of nodes; node 0 is the root of each.

    feature    of each node the observation that is asked, -1 at a leaf, [trees, nodes]
    threshold  what is not above it goes left
    left, right  the next node; a leaf names itself
    value      what a leaf adds
    start      what stands before any tree
    """

    feature: NDArray[np.int16]
    threshold: Floats
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: Floats
    start: Floats

    def score(self, x: Floats) -> Floats:
        """Log-odds of each row of observations."""
        import numpy as np

        trees, rows = np.arange(len(self.feature))[None, :], np.arange(len(x))[:, None]
        node = np.zeros((len(x), len(self.feature)), dtype=np.int64)
        while ((asked := self.feature[trees, node]) >= 0).any():
            lower = x[rows, np.maximum(asked, 0)] <= self.threshold[trees, node]
            node = np.where(lower, self.left[trees, node], self.right[trees, node])
        found: Floats = self.start + self.value[trees, node].sum(axis=1)
        return found


@dataclass(frozen=True, slots=True)
class Weights:
    """What is trained.

    names         of the observations, in order
    shared        how far the evidence speaks of it
    changed       whether a restated sentence was left as it was
    contradicted  whether one that was not is contradicted; else it is merely not said
    near          from where to where in `in_order` a claim begins to restate
    blend         weights of 1, shared, near, near times changed
    digest        start of the SHA-256 of the file
    """

    names: tuple[str, ...]
    shared: Line
    changed: Trees
    contradicted: Trees
    near: tuple[float, float]
    blend: Floats
    digest: str = ""

    def parts(self, x: Floats) -> Floats:
        """What is blended of each row, [rows, 4]."""
        import numpy as np

        restates = self.restates(x)
        return np.column_stack([np.ones(len(x)), self.shared.score(x), restates, restates * self.changed.score(x)])

    def score(self, x: Floats) -> Floats:
        """Log-odds that each row is supported."""
        found: Floats = self.parts(x) @ self.blend
        return found

    def restates(self, x: Floats) -> Floats:
        """How far each row restates a sentence, 0 to 1."""
        import numpy as np

        low, high = self.near
        found: Floats = np.clip((x[:, self.names.index("in_order")] - low) / (high - low), 0.0, 1.0)
        return found


def read_weights(names: tuple[str, ...], folder: Path = BUNDLED) -> Weights:
    """The weights of a folder. Raises `EncoderError` when they are missing, damaged or made for other observations."""
    import numpy as np

    path = folder / "weights.npz"
    shipped = sealed(path, repair=_REPAIR)
    try:
        with np.load(io.BytesIO(shipped.content), allow_pickle=False) as kept:
            found = Weights(
                tuple(kept["names"].tolist()),
                Line(*(kept[f"shared.{part}"] for part in Line._fields)),
                Trees(*(kept[f"changed.{part}"] for part in _TREE)),
                Trees(*(kept[f"contradicted.{part}"] for part in _TREE)),
                (float(kept["near"][0]), float(kept["near"][1])),
                kept["blend"],
                shipped.digest[:12],
            )
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise EncoderError(f"cannot be loaded ({error})", item=str(path), next_step=_REPAIR) from error
    if found.names != names:
        raise EncoderError("made for other observations", item=str(path), next_step=_REPAIR)
    return found


def packed(weights: Weights) -> bytes:
    """The file of some weights; the same weights give the same bytes."""
    import numpy as np

    out = io.BytesIO()
    arrays: dict[str, NDArray[np.generic]] = {
        "names": np.array(weights.names),
        "near": np.array(weights.near),
        "blend": weights.blend,
        **{f"shared.{part}": np.asarray(value) for part, value in weights.shared._asdict().items()},
        **{f"changed.{part}": np.asarray(value) for part, value in weights.changed._asdict().items()},
        **{f"contradicted.{part}": np.asarray(value) for part, value in weights.contradicted._asdict().items()},
    }
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()
