"""What the shipped verifier is worth on data that trained nothing, beside the support score that needs no weights.

    python -m eval.training.verifier_report --work ../verifier-work --keps KEP_STORE --handbook HANDBOOK_STORE
                                            --operations OPERATIONS_STORE [--data ../shared/data]

The threshold is 0.5 of the calibrated probability, fixed on held-out groups of the sets that train; for WiCE also the
one that is best on scifact, a set of claims against whole documents that trains nothing. For summedits the weights are
fitted anew without the domain that is reported. The folder of the work is that of `eval.training.verifier`.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from eval.cli.ended import ended
from eval.logistic import Floats, auroc
from eval.perturbing.perturbed import CONTROLS, FALSE
from eval.training.fitting import fit_trees, fit_weights
from eval.training.observed import Observed, together
from eval.training.pairs import Labelled
from eval.training.parts import ASKED, PERTURBED, UNSEEN, reporting, training
from eval.training.verifier import places
from service.grounding.verifier import AlignmentVerifier, Pair, Verifier
from service.grounding.weighing.weigh import EmbeddedVerifier

_BINS = 10
_SENTENCES = 12
_ROUNDS = 20


def chances(verifier: Verifier, pairs: Sequence[Labelled]) -> Floats:
    """The probability of support of each pair."""
    found = verifier.verify([Pair(pair.claim, pair.evidence) for pair in pairs])
    return np.array([opinion.supported for opinion in found])


def balanced(y: NDArray[np.bool_], told: NDArray[np.bool_]) -> float:
    """Balanced accuracy: the mean of the shares of supported and of other pairs that are told so."""
    return float((told[y].mean() + (~told[~y]).mean()) / 2)


def ranked(y: NDArray[np.bool_], scores: Floats) -> float:
    """Area under the ROC curve."""
    return auroc(scores[y], scores[~y])


def left_out(parts: dict[str, Observed]) -> Iterator[tuple[str, NDArray[np.bool_], Floats]]:
    """Each summedits domain with the log-odds of weights that were fitted without it."""
    trees = fit_trees([parts[name] for name in PERTURBED])
    for name in sorted(part for part in parts if part.startswith("summedits_")):
        weights = fit_weights({k: v for k, v in parts.items() if k != name}, changed=trees)
        yield name, parts[name].supported, parts[name].least(weights.score(parts[name].x))


def by_kind(pairs: Sequence[Labelled], scores: Floats) -> Iterator[tuple[str, int, float]]:
    """Of each kind of perturbation how many there are, and how well they are told from true sentences."""
    kinds = np.array([pair.kind for pair in pairs])
    true = np.isin(kinds, CONTROLS)
    for kind in FALSE:
        own = kinds == kind
        if own.any():
            yield kind, int(own.sum()), auroc(scores[true], scores[own])


def reliability(y: NDArray[np.bool_], told: Floats) -> Iterator[tuple[int, float, float]]:
    """By tenth of probability: how many pairs, the mean probability, the share that is supported."""
    at = np.minimum((told * _BINS).astype(int), _BINS - 1)
    for one in range(_BINS):
        if (at == one).any():
            yield int((at == one).sum()), float(told[at == one].mean()), float(y[at == one].mean())


def cost(verifier: Verifier, pairs: Sequence[Labelled]) -> float:
    """Median milliseconds of twelve sentences, none of them read before."""
    asked = [Pair(pair.claim, pair.evidence) for pair in pairs]
    times = []
    for start in range(0, min(len(asked), _ROUNDS * _SENTENCES), _SENTENCES):
        began = time.perf_counter()
        verifier.verify(asked[start : start + _SENTENCES])
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def main() -> None:
    """Print every row: the verifier, then the support score without weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    found = places(parser)
    parser.parse_args()
    trained, reported = training(found), reporting(found)
    verifier, plain = EmbeddedVerifier(), AlignmentVerifier()
    changed = [pair for pair in reported["perturbed/operations"].pairs if pair.kind not in ("untouched", "citation")]
    print(f"cost: p50 of 12 sentences {cost(verifier, changed):.0f} ms")
    told = {name: (chances(verifier, p.pairs), chances(plain, p.pairs)) for name, p in reported.items()}
    for name in ("wice_dev", "scifact_train", *ASKED):
        y = reported[name].supported
        figures = "  against  ".join(f"BA {balanced(y, s >= 0.5):.3f} AUROC {ranked(y, s):.3f}" for s in told[name])
        print(f"{name:<22} n {len(y):>5}  {figures}")
    _moved(reported, told)
    _summedits(trained, plain)
    for name in UNSEEN:
        ours, theirs = (list(by_kind(reported[name].pairs, scores)) for scores in told[name])
        for (kind, count, value), (_, _, other) in zip(ours, theirs, strict=True):
            print(f"{name:<22} {kind:<11} n {count:>5}  AUROC {value:.3f}  against  {other:.3f}")
    _reliability(reported, {name: scores for name, (scores, _) in told.items()})


def best_threshold(y: NDArray[np.bool_], told: Floats) -> float:
    """Where balanced accuracy is highest, smoothed over neighbouring thresholds."""
    options = np.quantile(told, np.linspace(0.02, 0.98, 97))
    values = np.pad([balanced(y, told >= at) for at in options], 3, mode="edge")
    return float(options[int(np.argmax(np.convolve(values, np.ones(7) / 7, "valid")))])


def _moved(reported: dict[str, Observed], told: dict[str, tuple[Floats, Floats]]) -> None:
    figures = []
    for which in (0, 1):
        at = best_threshold(reported["scifact_train"].supported, told["scifact_train"][which])
        figures.append(f"BA {balanced(reported['wice_dev'].supported, told['wice_dev'][which] >= at):.3f} at {at:.2f}")
    print(f"wice_dev, threshold of scifact_train: {'  against  '.join(figures)}")


def _summedits(trained: dict[str, Observed], plain: Verifier) -> None:
    rows = []
    for name, y, odds in left_out(trained):
        other = chances(plain, trained[name].pairs)
        rows.append((balanced(y, odds >= 0), ranked(y, odds), balanced(y, other >= 0.5), ranked(y, other)))
        print(f"{name:<22} n {len(y):>5}  BA {rows[-1][0]:.3f} AUROC {rows[-1][1]:.3f}  against  BA {rows[-1][2]:.3f}")
    mean = np.mean(rows, axis=0)
    print(f"summedits, mean: BA {mean[0]:.3f} AUROC {mean[1]:.3f}  against  BA {mean[2]:.3f} AUROC {mean[3]:.3f}")


def _reliability(reported: dict[str, Observed], told: dict[str, Floats]) -> None:
    for label, names in (("claims", ("wice_dev", "scifact_train")), ("perturbed", UNSEEN)):
        y = together([reported[name] for name in names]).supported
        rows = list(reliability(y, np.concatenate([told[name] for name in names])))
        error = sum(count * abs(mean - share) for count, mean, share in rows) / len(y)
        print(f"reliability of {label}, n {len(y)}, expected calibration error {error:.3f}")
        for count, mean, share in rows:
            print(f"    told {mean:.2f}  is {share:.2f}  n {count}")


if __name__ == "__main__":
    ended(main)
