"""Fit what the answer rests on: the weights of units and the decision to refuse.

`python -m eval.fit_answering --store STORE_OF_KUBERNETES_ENHANCEMENTS` writes `ranking.json` and `decision.json`.

Units: a unit is right when it stands in a gold document and holds one of the facts; right and wrong units of the same
question are paired, and the weights are those of a ridge logistic regression on the differences (RankNet's linear
case: Burges et al., ICML 2005). Decision: originals against their twins (gold documents excluded) and unanswerable
questions; the threshold keeps `COVERAGE` of the originals. Nothing here sees the operations set.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.archqa import SHARED
from eval.logistic import Floats, auroc, fit
from service.answering import decide as decision
from service.answering import rank as ranking
from service.engine import Engine, Request, View
from service.settings import read_settings
from service.wiring import Wiring

COVERAGE = 0.97
_HOME = Path(ranking.__file__).parent
_RIDGE_UNITS = 100.0
_RIDGE_DECISION = 100.0
_WRONG_PER_RIGHT = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """A question of the fitting set with what the engine sees of it, as it stands and as a twin."""

    row: dict[str, Any]
    view: View
    twin: View | None


def fit_answering(engine: Engine, rows: Sequence[dict[str, Any]]) -> None:
    """Fit both models on the questions and write them beside the modules that read them."""
    looked = [_look(engine, row) for row in rows]
    weights = _units(looked)
    table = {"weights": {n: round(float(w), 4) for n, w in zip(ranking.FEATURES, weights, strict=True)}}
    (_HOME / "ranking.json").write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    ranking.weights.cache_clear()
    (_HOME / "decision.json").write_text(json.dumps(_decision(engine, rows), indent=1) + "\n", "utf-8")


def _look(engine: Engine, row: dict[str, Any]) -> Looked:
    gold = frozenset(f"{row['corpus']}/{g['doc']}" for g in row.get("gold", []))
    twin = engine.look(Request(row["question"], exclude=gold)) if row["answerable"] else None
    return Looked(row, engine.look(Request(row["question"])), twin)


def _units(looked: Sequence[Looked]) -> Floats:
    """Weights of the unit features, from differences of right and wrong units."""
    rng = np.random.default_rng(0)
    differences: list[Floats] = []
    for item in looked:
        if not item.row["answerable"]:
            continue
        labels = np.array([_right(item.row, s) for s in item.view.ranked], dtype=bool)
        x = np.array([s.features for s in item.view.ranked])
        right, wrong = np.flatnonzero(labels), np.flatnonzero(~labels)
        for r in right:
            chosen = rng.choice(wrong, min(len(wrong), _WRONG_PER_RIGHT), replace=False)
            differences.extend((x[r] - x[w]) / len(right) ** 0.5 for w in chosen)
    d = np.array(differences)
    both, labels = np.vstack([d, -d]), np.arange(2 * len(d)) < len(d)
    model = fit(both, labels, ridge=_RIDGE_UNITS, bias=False)
    weights: Floats = model.weights / model.scale
    return weights


def _right(row: dict[str, Any], scored: ranking.Scored) -> bool:
    """Whether a unit stands in a gold document and holds a fact."""
    if not any(f"{row['corpus']}/{g['doc']}" == scored.document.id for g in row["gold"]):
        return False
    text = _plain(scored.document.visible(scored.unit.start, scored.unit.end))
    return any(_plain(variant) in text for group in row["facts"] for variant in group)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[*`]", "", text)).lower()


def _decision(engine: Engine, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The decision's table; looks again, since the ranking has changed."""
    looked = [_look(engine, row) for row in rows]
    yes = [decision.observe(i.view.found, i.view.ranked) for i in looked if i.row["answerable"]]
    twins = [decision.observe(i.twin.found, i.twin.ranked) for i in looked if i.twin]
    silent = [decision.observe(i.view.found, i.view.ranked) for i in looked if not i.row["answerable"]]
    x = np.array([*yes, *twins, *silent])
    y = np.arange(len(x)) < len(yes)
    model = fit(x, y, ridge=_RIDGE_DECISION)
    kept = np.sort(model.score(np.array(yes)))
    at = kept[int((1 - COVERAGE) * len(kept))]
    print(f"twin AUROC on the fitting set {auroc(model.score(np.array(yes)), model.score(np.array(twins))):.3f}")
    return {
        "features": list(decision.FEATURES),
        "mean": [round(float(v), 6) for v in model.mean],
        "scale": [round(float(v), 6) for v in model.scale],
        "weights": [round(float(v), 6) for v in model.weights],
        "bias": round(model.bias, 6),
        "threshold": round(float(1 / (1 + np.exp(-at))) - 1e-6, 6),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m eval.fit_answering --store DIR`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=SHARED / "data/archqa/kubernetes-enhancements.jsonl")
    options = parser.parse_args(arguments)
    rows = [json.loads(line) for line in options.questions.read_text("utf-8").splitlines() if line.strip()]
    wiring = Wiring(read_settings(store=options.store))
    with wiring.store() as store:
        fit_answering(wiring.engine(store), rows)
    print(f"wrote {_HOME / 'ranking.json'} and {_HOME / 'decision.json'}", file=sys.stderr)


if __name__ == "__main__":
    main()
