"""Which fusion finds most? Span recall of min-max, DBSF and RRF on one ArchQA set, plain and with all that raises.

    python -m eval.compare_fusion --store STORE --questions FILE

Plain is fusion alone. RRF's scores are hundreds of times smaller than what is added to raise a passage, so only its
plain row says something of it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.ports import Index, Scope
from eval.cli.ended import ended
from retrieval.fuse import Method
from retrieval.search import Tuning, search
from service.settings import read_settings
from service.wiring import Wiring

_PUBLIC = Scope(frozenset({"public"}))
_METHODS: tuple[Method, ...] = ("minmax", "dbsf", "rrf")
_WORD = re.compile(r"\w+")
_COVERED = 0.8


def compare_fusion(wiring: Wiring, index: Index, questions: Path) -> dict[str, dict[str, float]]:
    """Span recall at 5 and 10 by method, as `archqa_score.py` counts it."""
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines() if line.strip()]
    asked = [row for row in rows if row["answerable"]]
    raised = Tuning()
    plain = replace(raised, identifier=0.0, facet=0.0, neighbour=0.0, document=0.0)
    variants = {f"{m} {n}": replace(t, method=m) for n, t in (("plain", plain), ("raised", raised)) for m in _METHODS}
    return {
        name: {f"span_recall@{k}": _recall(wiring, index, asked, tuning, k) for k in (5, 10)}
        for name, tuning in variants.items()
    }


def _recall(wiring: Wiring, index: Index, asked: Sequence[dict[str, object]], tuning: Tuning, k: int) -> float:
    return sum(_found(wiring, index, row, tuning, k) for row in asked) / len(asked)


def _found(wiring: Wiring, index: Index, row: dict[str, object], tuning: Tuning, k: int) -> bool:
    """Whether the first `k` passages hold the gold quotes of a question, or one of them where one is enough."""
    found = search(
        str(row["question"]),
        index=index,
        embedder=wiring.embedder,
        lexical=wiring.lexical,
        scope=_PUBLIC,
        limit=k,
        tuning=tuning,
    )
    gold = row["gold"]
    assert isinstance(gold, list)
    covered = []
    for g in gold:
        wanted = _words(g["quote"])
        texts = [e.passage.text for e in found.evidence if e.passage.document == f"{row['corpus']}/{g['doc']}"]
        have = frozenset[str]().union(*(_words(" ".join(t.split()[:200])) for t in texts)) & wanted
        covered.append(len(have) >= _COVERED * len(wanted))
    return any(covered) if row.get("alternatives_ok") else all(covered)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    wiring = Wiring(read_settings(store=options.store))
    wiring.store().close()  # where there is none, no index is made
    with wiring.open_index() as index:
        table = compare_fusion(wiring, index, options.questions)
    if options.json:
        print(json.dumps(table))
        return
    for name, figures in table.items():
        print(f"{name:16}", "  ".join(f"{k} {v:.3f}" for k, v in figures.items()))


if __name__ == "__main__":
    ended(main)
