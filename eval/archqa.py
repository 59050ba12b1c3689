"""ArchQA end to end: ask every question of a store, score the answers with the independent yardstick.

`twins` asks every answerable question again with its gold documents excluded: a good decision tells the twin from the
original. Beside it stands a control that sees only the question.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.cli.ended import ended
from eval.logistic import Floats, auroc, fit
from service.answer import Answer
from service.engine import Engine, Request
from service.settings import read_settings
from service.wiring import Wiring

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
_CONTROL = (r"\bhow (?:many|much|long|often|big)\b", r"\bwhy\b", r"\bwhich\b", r"\bhow (?:do|can|to)\b", r"\bwhat\b")


@dataclass(frozen=True, slots=True)
class Case:
    """A question of ArchQA. `gold` are its documents' ids."""

    id: str
    question: str
    answerable: bool
    gold: frozenset[str]


def cases(path: Path) -> list[Case]:
    """The questions of one file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Case(r["id"], r["question"], r["answerable"], frozenset(f"{r['corpus']}/{g['doc']}" for g in r.get("gold", [])))
        for r in rows
    ]


def ask(engine: Engine, questions: Iterable[Case], *, twins: bool = False) -> list[Answer]:
    """The answers; of twins, those to the answerable questions without their gold documents."""
    return [
        engine.ask(Request(c.question, exclude=c.gold if twins else frozenset(), id=c.id))
        for c in questions
        if c.answerable or not twins
    ]


def score(questions: Path, answers: Sequence[Answer], out: Path) -> dict[str, Any]:
    """What the yardstick says of the answers, which are written to `out`."""
    out.write_text("".join(a.model_dump_json() + "\n" for a in answers), "utf-8")
    command = [sys.executable, str(SHARED / "tools/archqa_score.py"), "--questions", str(questions)]
    command += ["--answers", str(out), "--corpora", str(SHARED / "data/archqa/corpora"), "--json"]
    figures: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def twin_auroc(originals: Sequence[Answer], twins: Sequence[Answer]) -> float:
    """How well the confidence tells answerable originals from their twins."""
    asked = {t.id for t in twins}
    return auroc(np.array([a.confidence for a in originals if a.id in asked]), np.array([t.confidence for t in twins]))


def control_f1(fitted_on: Sequence[Case], reported_on: Sequence[Case]) -> float:
    """refusal_f1 of a model that sees only the question, fitted on one set and reported on another."""
    model = fit(_seen(fitted_on), np.array([not c.answerable for c in fitted_on]), ridge=1.0)
    refused = model.score(_seen(reported_on)) > 0
    silent = np.array([not c.answerable for c in reported_on])
    hit = int((refused & silent).sum())
    return 2 * hit / max(1, int(refused.sum()) + int(silent.sum()))


def _seen(questions: Sequence[Case]) -> Floats:
    return np.array(
        [
            [*(float(bool(re.search(p, c.question, re.I))) for p in _CONTROL), len(c.question.split()) / 20]
            for c in questions
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m eval.archqa --store DIR --questions FILE [--out FILE] [--json]`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--control", type=Path, default=SHARED / "data/archqa/kubernetes-enhancements.jsonl")
    parser.add_argument("--out", type=Path, default=Path("archqa.answers.bench.json"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    questions = cases(options.questions)
    wiring = Wiring(read_settings(store=options.store))
    with wiring.store() as store:
        engine = wiring.engine(store)
        answers = ask(engine, questions)
        figures = score(options.questions, answers, options.out)
        twins = ask(engine, questions, twins=True)
    figures["twin_auroc"] = round(twin_auroc(answers, twins), 4)
    figures["twins_refused"] = sum(t.status == "refused" for t in twins) / len(twins)
    figures["control_refusal_f1"] = round(control_f1(cases(options.control), questions), 4)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24} {value:.3f}" if isinstance(value, float) else f"{name:24} {value}")


if __name__ == "__main__":
    ended(main)
