"""Questions that people or models posed about documents, with the units and passages that Aether finds for them.

A candidate is what is read when it is asked: one of the best units of a search over the documents of a set, under its
headings, or one of the best passages. A unit is right by the rule that the weights of units are fitted by
(`eval.fit_answering`), a passage if it holds most of a quote. MTRAG has no quotes: of a relevant passage that is right
which its reference answer says. Half of MTRAG's conversations and one organisation of rag_multi_corpus train nothing
and report.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.passages import Passage
from eval.datasets.lines import json_lines
from eval.fit_answering import Question, handbook, is_right, multi
from eval.measures.relevance import covers
from eval.suites.foreign import ADAPTERS
from eval.training.pairs import share_of
from eval.training.selector.groups import Candidate, Group
from service.answering.rank import CLOSER, read_text
from service.engine import Engine, Request
from service.settings import read_settings
from service.wiring import Wiring

HELD = ("Cendara University",)
"""What reports of rag_multi_corpus."""
_HOLDS = 0.6


def _handbook(data: Path) -> Iterator[tuple[str, Question]]:
    for question in handbook(data / "gitlab_handbook_qa"):
        yield question.gold[0][0], question


def _multi(data: Path) -> Iterator[tuple[str, Question]]:
    for question in multi(data / "rag_multi_corpus", most=None):
        yield question.gold[0][0].partition("/")[0], question


def _chunking(data: Path) -> Iterator[tuple[str, Question]]:
    for case in ADAPTERS["chunking_eval"](data).cases:
        yield case.gold[0].document, Question(case.question, tuple((g.document, g.quote) for g in case.gold))


def _mtrag(domain: str) -> Callable[[Path], Iterator[tuple[str, Question]]]:
    def made(data: Path) -> Iterator[tuple[str, Question]]:
        turns = {row["task_id"]: row for row in json_lines(data / "mtrag/human_turns.jsonl")}
        for case in ADAPTERS[f"mtrag-{domain}"](data).cases:
            if case.id in turns:
                answer = turns[case.id]["reference_answer"]
                gold = tuple((g.document, answer) for g in case.gold)
                yield f"mtrag/{turns[case.id]['conversation_id']}", Question(case.question, gold)

    return made


SETS: dict[str, Callable[[Path], Iterator[tuple[str, Question]]]] = {
    "handbook": _handbook,
    "multi": _multi,
    "chunking_eval": _chunking,
    "mtrag-cloud": _mtrag("cloud"),
    "mtrag-clapnq": _mtrag("clapnq"),
}
"""The questions of a set, each with what belongs into one fold; a store of the same name holds its documents."""


@dataclass(frozen=True, slots=True)
class Posed:
    """Groups of units and groups of passages."""

    units: list[Group]
    passages: list[Group]


def posed(stores: Path, data: Path, work: Path, *, held: bool) -> Posed:
    """The groups of all sets that train, or of those that are `held`. What was found is kept in the folder of the work,
    a file a set. A question of which nothing right was found trains nothing: who posed it knew an answer."""
    every = [_kept(work / f"posed-{name}.json", stores / name, name, data) for name in SETS]
    return Posed(
        [group for one in every for group in one.units if group.answered and _is_held(group.source) == held],
        [group for one in every for group in one.passages if group.answered and _is_held(group.source) == held],
    )


def _is_held(source: str) -> bool:
    return source in HELD or (source.startswith("mtrag/") and share_of(source) >= 0.5)


def _kept(path: Path, store: Path, name: str, data: Path) -> Posed:
    """What `found_in` found, once."""
    if not path.exists():
        found = found_in(store, name, SETS[name](data))
        path.with_suffix(".new").write_text(json.dumps(asdict(found)), "utf-8")
        os.replace(path.with_suffix(".new"), path)
    kept = json.loads(path.read_text("utf-8"))
    return Posed(*([_group(row) for row in kept[kind]] for kind in ("units", "passages")))


def _group(row: dict[str, Any]) -> Group:
    near = tuple(Candidate(one["text"], one["right"]) for one in row["near"])
    return Group(row["question"], near, (), row["source"])


def found_in(store: Path, name: str, questions: Iterable[tuple[str, Question]]) -> Posed:
    """The groups of a set's questions over the documents of a store. `name` is that of the set."""
    wiring = Wiring(read_settings(store=store, selector="none"))
    try:
        with wiring.store() as opened:
            found = [_found(wiring.engine(opened), name, *one) for one in questions]
    finally:
        wiring.close()
    return Posed([units for units, _ in found], [passages for _, passages in found])


def _found(engine: Engine, name: str, source: str, question: Question) -> tuple[Group, Group]:
    """Of a question the best units and passages, and right ones that stand behind them."""
    view = engine.look(Request(question.text))
    units = [Candidate(read_text(s.document, s.unit), is_right(question, s)) for s in view.ranked]
    passages = [Candidate(e.passage.indexed_text, _holds(question, e.passage, name)) for e in view.found.evidence]
    told = [Group(question.text, _best(every), (), source) for every in (units, passages)]
    return told[0], told[1]


def _best(every: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return (*every[:CLOSER], *[one for one in every[CLOSER:] if one.right][:2])


def _holds(question: Question, passage: Passage, name: str) -> bool:
    """Whether a passage holds most of a quote; a document of MTRAG is a passage."""
    return any(
        passage.document == document and (name.startswith("mtrag") or covers(quote, [passage.text], _HOLDS))
        for document, quote in question.gold
    )
