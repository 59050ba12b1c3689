"""How well Aether knows what it cannot answer, over five sets of questions with and without an answer.

    python -m eval.risk_coverage --stores DIR [--keps STORE] [--data ../shared/data] [--size 400] [--json]

Of each set one half is fitted, by article, conversation or question, and the other reported: for the decision that is
shipped (`service/answering/decision.json`, fitted on ArchQA's development questions alone) with its own threshold, and
for the same features fitted on the first half, refusing at the threshold that answers `COVERAGE` of its answerable
questions. `--keps` is a store of kubernetes-enhancements; the shipped decision has seen those questions.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from eval.archqa import SHARED
from eval.cli.ended import ended
from eval.logistic import fit, threshold_at
from eval.risk_coverage.curve import Worth, worth
from eval.risk_coverage.observed import SETS, Observed, observed, observed_archqa
from service.answering.decide import decide, fitted

COVERAGE = 0.85
_RIDGE = 10.0


def compared(seen: Observed) -> dict[str, Worth]:
    """The shipped decision and the fitted one, over the half that no fit has seen."""
    first, other = seen.fitted, ~seen.fitted
    labels = seen.answerable
    model = fit(seen.features[first], labels[first], ridge=_RIDGE, weight=np.ones(int(first.sum())))
    shipped = np.array([decide(row) for row in seen.features])
    own = model.chance(seen.features)
    at = threshold_at(own[first][labels[first]], COVERAGE)
    return {
        "shipped": worth(shipped[other], labels[other], fitted().threshold),
        "shipped, at coverage": worth(
            shipped[other], labels[other], threshold_at(shipped[first][labels[first]], COVERAGE)
        ),
        "fitted": worth(own[other], labels[other], at),
    }


def _sets(options: argparse.Namespace) -> Iterator[tuple[str, Observed]]:
    for name in options.sets:
        yield name, observed(name, options.data, options.stores, size=options.size)
    if options.keps:
        yield "archqa", observed_archqa(options.data, options.keps)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the stores, ask, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stores", type=Path, required=True, help="where a store for each set is kept")
    parser.add_argument("--keps", type=Path, help="a store of kubernetes-enhancements")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--size", type=int, default=400, help="at most so many questions of a set")
    parser.add_argument("--sets", nargs="*", choices=tuple(SETS), default=tuple(SETS), metavar="SET")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    told = {}
    for name, seen in _sets(options):
        told[name] = compared(seen)
        for who, w in told[name].items() if not options.json else ():
            print(f"{name:<9}{who:<22}{w.questions:>5} questions  AUROC {w.auroc:.3f}  area {w.area:.3f}", end="  ")
            print(
                f"of {w.chance:.3f}  answered {w.covered:.3f}  refused {w.refused:.3f}  ECE {w.error:.3f}", flush=True
            )
    if options.json:
        print(json.dumps({name: {who: asdict(w) for who, w in found.items()} for name, found in told.items()}))


if __name__ == "__main__":
    ended(main)
