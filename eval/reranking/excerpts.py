"""How much of what answers a question stands in its best five passages, and how much else stands there.

    python -m eval.reranking.excerpts --store STORE [--data ../shared/data] [--json]

The store holds the texts of chunking_eval (source `chunking_eval`). Recall is the share of the characters of a
question's excerpts that stand in the first five passages of the product's search. IoU is that of the excerpts and the
first n passages over their union, where n is the fewest passages of the text that hold the excerpts, whatever was
found, as in the reference protocol (Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval", Chroma, 2024).
Both are means over questions. No reranker, and every one that `AETHER_RERANKER` allows without a model of others.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from corpus.documents import Span
from corpus.passages import Passage
from corpus.ports import Index, Scope
from eval.archqa import SHARED
from eval.cli.ended import ended
from eval.datasets.chunking_eval import Excerpted, chunking_eval
from retrieval.search import Tuning, search
from service.settings import read_settings
from service.wiring import Wiring

_SOURCE = "chunking_eval"
_FIRST, _DEPTH = 5, 60


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over questions."""

    questions: int
    recall: float
    iou: float


def overlap(excerpts: Sequence[Span], read: Sequence[Span]) -> int:
    """Characters of the excerpts that stand in what is read."""
    return len(_characters(excerpts) & _characters(read))


def _characters(spans: Sequence[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def fewest(excerpts: Sequence[Span], passages: Sequence[Span]) -> int:
    """How many passages of a text touch its excerpts, at least one: what overlaps is counted too."""
    return max(1, sum(1 for p in passages if overlap(excerpts, [p])))


def measured(question: Excerpted, found: Sequence[Passage], passages: Sequence[Span]) -> tuple[float, float]:
    """Recall in the first five passages, and IoU in the fewest."""
    own = f"{_SOURCE}/{question.document}"
    wanted = len(_characters(question.excerpts))
    recall = overlap(question.excerpts, _of(found[:_FIRST], own)) / wanted
    read = found[: fewest(question.excerpts, passages)]
    inside = overlap(question.excerpts, _of(read, own))
    return recall, inside / (wanted + len(_characters(_of(read, own))) + _elsewhere(read, own) - inside)


def _of(found: Sequence[Passage], document: str) -> list[Span]:
    return [Span(p.start, p.end) for p in found if p.document == document]


def _elsewhere(found: Sequence[Passage], document: str) -> int:
    return sum(p.end - p.start for p in found if p.document != document)


def report(wiring: Wiring, index: Index, questions: Sequence[Excerpted], passages: dict[str, list[Span]]) -> Figures:
    """The figures of the search that the product does."""
    rows = []
    for question in questions:
        found = search(
            question.question,
            index=index,
            embedder=wiring.embedder,
            lexical=wiring.lexical,
            scope=Scope(frozenset({"public"})),
            limit=_DEPTH,
            tuning=replace(Tuning(), words=10**9),
            reranker=wiring.reranker,
        )
        rows.append(measured(question, [e.passage for e in found.evidence], passages[question.document]))
    return Figures(len(rows), sum(r for r, _ in rows) / len(rows), sum(i for _, i in rows) / len(rows))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures by reranker."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    options = parser.parse_args(arguments)
    questions = chunking_eval(options.data / "chunking_eval")
    rows = {}
    for name in ("none", "embedded"):
        wiring = Wiring(read_settings(store=options.store, reranker=name))
        try:
            passages = _passages(wiring, {question.document for question in questions})
            with wiring.open_index() as index:
                rows[name] = report(wiring, index, questions, passages)
        finally:
            wiring.close()
    if options.json:
        print(json.dumps({name: asdict(row) for name, row in rows.items()}))
        return
    for name, row in rows.items():
        print(f"{name:10} {row.questions} questions  recall@{_FIRST} {row.recall:.3f}  IoU {row.iou:.3f}")


def _passages(wiring: Wiring, documents: Collection[str]) -> dict[str, list[Span]]:
    with wiring.store() as store:
        return {name: [Span(p.start, p.end) for p in store.passages.of(f"{_SOURCE}/{name}")] for name in documents}


if __name__ == "__main__":
    ended(main)
