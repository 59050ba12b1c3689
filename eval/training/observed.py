"""Pairs -> what is observed of each sentence of their claims, made once a part."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.training.pairs import Labelled, share_of
from service.grounding.weighing.weigh import rows, sides

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """Parts side by side.

    x      observations, one row a sentence of a claim
    owner  index of the pair of each row, ascending; every pair has a row
    pairs  the pairs
    """

    x: Floats
    owner: NDArray[np.int64]
    pairs: tuple[Labelled, ...]

    @property
    def supported(self) -> NDArray[np.bool_]:
        """Of each pair."""
        return np.array([pair.known == "supported" for pair in self.pairs])

    def of(self, keep: Callable[[Labelled], bool]) -> Observed:
        """Those pairs alone."""
        kept = np.array([keep(pair) for pair in self.pairs], dtype=bool)
        rows = kept[self.owner]
        index = np.cumsum(kept) - 1
        return Observed(
            self.x[rows], index[self.owner[rows]], tuple(p for p, k in zip(self.pairs, kept, strict=True) if k)
        )

    def least(self, scores: Floats) -> Floats:
        """The score of each pair: that of its least supported sentence."""
        found = np.full(len(self.pairs), np.inf)
        np.minimum.at(found, self.owner, scores)
        return found


def together(parts: Sequence[Observed]) -> Observed:
    """The parts one after the other."""
    shifts = np.cumsum([0, *(len(part.pairs) for part in parts)])
    return Observed(
        np.concatenate([part.x for part in parts]),
        np.concatenate([part.owner + shift for part, shift in zip(parts, shifts[:-1], strict=True)]),
        tuple(pair for part in parts for pair in part.pairs),
    )


def observed(path: Path, pairs: Sequence[Labelled]) -> Observed:
    """The observations of a part, read from `path` or made and kept there."""
    if not path.exists():
        found, owner = [], []
        for at, pair in enumerate(pairs):
            own = rows(sides(pair.claim, pair.evidence))
            found.append(own)
            owner += [at] * len(own)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, x=np.concatenate(found), owner=np.array(owner, dtype=np.int64))
        os.replace(partial, path)
    with np.load(path) as kept:
        return Observed(kept["x"], kept["owner"], tuple(pairs))


def held_out(group: str, share: float = 0.2) -> bool:
    """Whether a group calibrates instead of training."""
    return share_of(f"calibrates/{group}") < share
