"""Which pairs train the verifier, which calibrate it, and which report it.

Claims that people labelled train, where their licence allows weights that ship, and so do the perturbed sentences of
two corpora. A fifth of their groups is held out of the training and calibrates. What reports has trained nothing: other
sets, documents of the same corpus that were set aside, and another corpus.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval.training.observed import Observed, observed
from eval.training.pairs import Labelled, claims, keep, perturbed, posed, sets

LABELLED = ("begin_", "faithdial_audit", "summac_", "summedits_")
"""How the names of the sets begin that train; the SOURCE.txt of faithfulness_unified allows each."""
PERTURBED = ("perturbed/handbook", "perturbed/keps")
CLAIMED = ("wice_dev", "scifact_train")
ASKED = ("clapnq", "nomiracl")
UNSEEN = ("perturbed/keps-held", "perturbed/operations")


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are: the folder of what is kept between runs, the shared data, and the stores."""

    work: Path
    data: Path
    keps: Path
    handbook: Path
    operations: Path


def training(places: Places) -> dict[str, Observed]:
    """What trains and calibrates, by part."""
    names = [name for start in LABELLED for name in sets(places.data, (start,))]
    return {name: _observed(places, name) for name in (*names, *PERTURBED)}


def reporting(places: Places) -> dict[str, Observed]:
    """What reports, by part."""
    return {name: _observed(places, name) for name in (*CLAIMED, *ASKED, *UNSEEN)}


def _observed(places: Places, name: str) -> Observed:
    """A part, made once."""
    places.work.mkdir(parents=True, exist_ok=True)
    pairs = keep(places.work, name, _maker(places, name))
    found = observed(places.work / f"{name.replace('/', '-')}.npz", pairs)
    print(f"{name}: {len(found.pairs)} pairs, {len(found.x)} sentences", file=sys.stderr, flush=True)
    return found


def _maker(places: Places, name: str) -> Callable[[], Iterable[Labelled]]:
    of = {
        "handbook": partial(perturbed, places.handbook, "handbook", low=0, high=1, documents=49, size=300),
        "keps": partial(perturbed, places.keps, "keps", low=0, high=0.75, documents=180, size=700),
        "keps-held": partial(perturbed, places.keps, "keps-held", low=0.75, high=1, documents=50, size=150),
        "operations": partial(perturbed, places.operations, "operations", low=0, high=1, documents=150, size=200),
    }
    if name.startswith("perturbed/"):
        return of[name.removeprefix("perturbed/")]
    return partial(posed if name in ASKED else claims, places.data, name)
