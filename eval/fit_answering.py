"""Fit what the answer rests on: the weights of units and the decision to refuse.

    python -m eval.fit_answering --store KEP_STORE --handbook HANDBOOK_STORE --multi MULTI_STORE

writes `ranking.json` and `decision.json`. The stores hold kubernetes-enhancements, the pages of gitlab_handbook_qa
(source `handbook`) and the Markdown of rag_multi_corpus (a source an organisation).

Units: a unit is right when it stands in a gold document and mostly inside a gold quote, or holds most of one; right and
wrong units of the same question are paired, and the weights are those of a ridge logistic regression on the differences
(RankNet's linear case: Burges et al., ICML 2005), every question weighing the same. Selector: the same over two
numbers, what the weights give and what the selector says of the best units. Decision: kubernetes-enhancements
alone; originals against their twins (gold documents excluded) and unanswerable questions; the threshold keeps
`COVERAGE` of the originals. Nothing here sees the operations set.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.archqa import SHARED
from eval.cli.ended import ended
from eval.logistic import Floats, auroc, fit, fit_differences, threshold_at
from retrieval.select.selector import Selector
from retrieval.select.trained import TrainedSelector
from service.answering.decide import FEATURES as OBSERVED
from service.answering.decide import observe
from service.answering.rank import CLOSER, Scored, read_text, selected, weights
from service.answering.rank import FEATURES as RANKED
from service.engine import Engine, Request
from service.settings import read_settings
from service.wiring import Wiring

COVERAGE = 0.97
_HOME = Path(__file__).resolve().parents[1] / "service" / "answering"
_RIDGE_UNITS = 1.0
_RIDGE_DECISION = 100.0
_WRONG_PER_RIGHT = 20
_MULTI = 200
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold: pairs of document id and quote; without any it is unanswerable."""

    text: str
    gold: tuple[tuple[str, str], ...]


def archqa(path: Path) -> list[Question]:
    """The questions of an ArchQA file; of one without an answer nothing is gold."""
    rows = _rows(path)
    return [
        Question(
            r["question"],
            tuple((f"{r['corpus']}/{g['doc']}", g["quote"]) for g in r.get("gold", [])) if r["answerable"] else (),
        )
        for r in rows
    ]


def handbook(folder: Path) -> list[Question]:
    """The questions of gitlab_handbook_qa."""
    rows = [r for name in ("single_text", "multi-hop_reasoning") for r in _rows(folder / f"{name}.jsonl")]
    return [
        Question(r["question"], tuple((f"handbook/{d}", q) for m in r["retrieval"] for d, qs in m.items() for q in qs))
        for r in rows
    ]


def multi(folder: Path, most: int | None = _MULTI) -> list[Question]:
    """A fixed sample of the questions of rag_multi_corpus, or all."""
    rows = _rows(folder / "queries.jsonl")
    random.Random(0).shuffle(rows)
    return [
        Question(
            r["query"],
            tuple((f"{r['organisation']}/{f['filename'].strip()}", f["text"]) for f in r["supporting_facts"]),
        )
        for r in rows[:most]
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def fit_units(sets: Sequence[tuple[Engine, Sequence[Question]]]) -> None:
    """Fit the weights of units on answerable questions and write `ranking.json`."""
    rng = np.random.default_rng(0)
    model = _fitted(sets, lambda engine, question: _pairs(engine, question, rng))
    table = {"weights": {n: round(float(w), 4) for n, w in zip(RANKED, model, strict=True)}, "selected": selected()}
    (_HOME / "ranking.json").write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    weights.cache_clear()


def fit_selected(sets: Sequence[tuple[Engine, Sequence[Question]]], selector: Selector) -> None:
    """Fit what a selector's score counts for beside the weights of units and write it into `ranking.json`."""
    placed, read = _fitted(sets, lambda engine, question: _read_pairs(engine, question, selector))
    path = _HOME / "ranking.json"
    table = json.loads(path.read_text("utf-8")) | {"selected": round(float(read / placed), 4)}
    path.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


def _fitted(
    sets: Sequence[tuple[Engine, Sequence[Question]]], pairs_of: Callable[[Engine, Question], list[Floats]]
) -> Floats:
    """Weights under which right units score above wrong ones; every answerable question weighs the same."""
    rows: list[Floats] = []
    shares: list[float] = []
    for engine, questions in sets:
        for question in questions:
            pairs = pairs_of(engine, question) if question.gold else []
            rows.extend(pairs)
            shares.extend(1 / len(pairs) for _ in pairs)
    return fit_differences(np.array(rows), np.array(shares), ridge=_RIDGE_UNITS)


def _read_pairs(engine: Engine, question: Question, selector: Selector) -> list[Floats]:
    """Differences of right and wrong units: what the weights give, what the selector says."""
    near = engine.look(Request(question.text)).ranked[:CLOSER]
    read = selector.score(question.text, [read_text(s.document, s.unit) for s in near])
    told = [(np.array([s.score, value]), is_right(question, s)) for s, value in zip(near, read, strict=True)]
    return [one - other for one, right in told if right for other, wrong in told if not wrong]


def _pairs(engine: Engine, question: Question, rng: np.random.Generator) -> list[Floats]:
    """Differences of the features of right and wrong units."""
    ranked = engine.look(Request(question.text)).ranked
    right = [np.array(s.features) for s in ranked if is_right(question, s)]
    wrong = [np.array(s.features) for s in ranked if not is_right(question, s)]
    if not wrong:
        return []
    chosen = [rng.choice(len(wrong), min(len(wrong), _WRONG_PER_RIGHT), replace=False) for _ in right]
    return [r - wrong[int(i)] for r, picks in zip(right, chosen, strict=True) for i in picks]


def is_right(question: Question, scored: Scored) -> bool:
    """Whether a unit stands in a gold document and mostly inside a gold quote, or holds most of one."""
    own = _words(scored.document.visible(scored.unit.start, scored.unit.end))
    quotes = [_words(quote) for document, quote in question.gold if document == scored.document.id]
    return bool(own) and any(
        len(own & quote) >= 0.75 * len(own) or len(own & quote) >= 0.8 * len(quote) for quote in quotes
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def fit_decision(engine: Engine, questions: Sequence[Question]) -> None:
    """Fit the decision and write `decision.json`."""
    table = _decision(engine, questions)
    (_HOME / "decision.json").write_text(json.dumps(table, indent=1) + "\n", "utf-8")


def _observe(engine: Engine, question: str, exclude: frozenset[str] = frozenset()) -> tuple[float, ...]:
    view = engine.look(Request(question, exclude=exclude))
    return observe(view.found, view.ranked)


def _decision(engine: Engine, questions: Sequence[Question]) -> dict[str, Any]:
    """The decision's table."""
    answerable = [q for q in questions if q.gold]
    yes = [_observe(engine, q.text) for q in answerable]
    twins = [_observe(engine, q.text, frozenset(d for d, _ in q.gold)) for q in answerable]
    silent = [_observe(engine, q.text) for q in questions if not q.gold]
    x = np.array([*yes, *twins, *silent])
    y = np.arange(len(x)) < len(yes)
    model = fit(x, y, ridge=_RIDGE_DECISION)
    at = threshold_at(model.score(np.array(yes)), COVERAGE)
    print(f"twin AUROC on the fitting set {auroc(model.score(np.array(yes)), model.score(np.array(twins))):.3f}")
    return {
        "features": list(OBSERVED),
        "mean": [round(float(v), 6) for v in model.mean],
        "scale": [round(float(v), 6) for v in model.scale],
        "weights": [round(float(v), 6) for v in model.weights],
        "bias": round(model.bias, 6),
        "threshold": round(float(1 / (1 + np.exp(-at))) - 1e-6, 6),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit both and write them beside the modules that read them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("store", "handbook", "multi"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--selector", type=Path, help="a trained selector, whose weight is fitted too")
    options = parser.parse_args(arguments)
    data = SHARED / "data"
    keps = archqa(data / "archqa/kubernetes-enhancements.jsonl")
    sets = [keps, handbook(data / "gitlab_handbook_qa"), multi(data / "rag_multi_corpus")]
    with ExitStack() as stack:
        engines = []
        for folder in (options.store, options.handbook, options.multi):
            wiring = Wiring(read_settings(store=folder, selector="none"))
            stack.callback(wiring.close)
            engines.append(wiring.engine(stack.enter_context(wiring.store())))
        fit_units(list(zip(engines, sets, strict=True)))
        if options.selector:
            fit_selected(list(zip(engines, sets, strict=True)), TrainedSelector(options.selector))
        fit_decision(engines[0], keps)
    print(f"wrote {_HOME / 'ranking.json'} and {_HOME / 'decision.json'}", file=sys.stderr)


if __name__ == "__main__":
    ended(main)
