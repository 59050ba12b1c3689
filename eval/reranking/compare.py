"""What is a reranker worth on one suite? Ranking with and without it, paired, and what it costs.

    python -m eval.reranking.compare --suite archqa-kubernetes-enhancements --store STORE [--data DIR] [--limit N]
                                     [--words] [--short] [--model CROSS_ENCODER] [--reader FOLDER] [--costs]

The store holds the documents of the suite, as `aether-eval run` or `aether ingest` brings them in. Every row is the
search that the product does. A difference stands with its 95 % interval over questions, drawn in pairs. `plain` is
MaxSim with equal weights for all word pieces of a question; `@0.4` and the like are other weights against the first
stage; `alone` leaves the first stage nothing but the choice of candidates; `/128` reads the first 128 word pieces of a
passage; `read` is a trained selector over whole passages. `--words` searches by words alone, for a store that has no
vectors. `--limit` takes that many questions, drawn with a fixed seed.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log2
from pathlib import Path

import numpy as np

from corpus.passages import Passage
from corpus.ports import Embedder, Index, Scope
from eval.cli.ended import ended
from eval.comparing.bootstrap import paired_interval
from eval.measures.measure import Floats, mean
from eval.measures.relevance import EVIDENCE_WORDS, SPAN_SHARE, covers, first
from eval.suites.case import Case, Gold
from eval.suites.foreign import ADAPTERS
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.evidence import Evidence, Found
from retrieval.rerank.late import LateInteraction
from retrieval.rerank.reranker import Reranker, Unranked
from retrieval.search import Tuning, search
from retrieval.select.trained import TrainedSelector
from service.settings import read_settings
from service.wiring import Wiring

_PUBLIC = Scope(frozenset({"public"}))
_DEPTH = 60
_SEED = 1
_WEIGHTS = (0.4, 0.6, 0.8, 1.0, 2.0)
_ALONE = 1000.0
_SHORT = 128
_PASSAGE = 160


@dataclass
class Weighed:
    """A `Reranker` with another weight, which remembers what it said last: variants are asked one after the other."""

    inner: Reranker
    weight: float
    last: dict[tuple[str, tuple[str, ...]], list[float]]

    @property
    def identity(self) -> str:
        """The other's, and the weight."""
        return f"{self.inner.identity}@{self.weight:g}"

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """The other's."""
        key = (question, tuple(p.id for p in passages))
        if key not in self.last:
            self.last.clear()
            self.last[key] = self.inner.score(question, passages)
        return self.last[key]

    def forget(self) -> None:
        """Keep nothing."""
        self.last.clear()
        self.inner.forget()


@dataclass
class PlainMaxSim:
    """A `Reranker`: MaxSim with equal weights."""

    over: LateInteraction
    identity: str = "maxsim"
    weight: float = 0.8

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """The mean of the best cosines."""
        best = self.over.alignments(question, passages)
        return [float(value) for value in best.mean(axis=1)] if best.size else [0.0] * len(passages)

    def forget(self) -> None:
        """Keep nothing."""
        self.over.forget()


@dataclass
class WholeRead:
    """A `Reranker`: the selector reads the question beside each passage."""

    over: TrainedSelector
    weight: float = 1.0

    @property
    def identity(self) -> str:
        """The selector's."""
        return self.over.identity

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """Log-odds that each passage answers."""
        return self.over.score(question, [p.indexed_text for p in passages])

    def forget(self) -> None:
        """Keep nothing."""
        self.over.forget()


class _Blind:
    """An `Embedder` whose vectors are of zeros: a search leaves its dense list out."""

    identity, dimension = "zeros", 384

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Zeros."""
        return [(0.0,) * self.dimension] * len(texts)


@dataclass(frozen=True)
class Compared:
    """Questions of one suite over its index."""

    cases: tuple[Case, ...]
    wiring: Wiring
    index: Index
    words: bool

    @cached_property
    def asking(self) -> Embedder:
        """What embeds the questions."""
        return _Blind() if self.words else self.wiring.embedder

    def found(self, case: Case, reranker: Reranker) -> Found:
        """The product's search."""
        tuning = replace(Tuning(), words=10**9)  # all of the list is measured, not what an answer has room for
        return search(
            case.question,
            index=self.index,
            embedder=self.asking,
            lexical=self.wiring.lexical,
            scope=_PUBLIC,
            limit=_DEPTH,
            tuning=tuning,
            reranker=reranker,
        )


def variants(encoder: EmbeddedEncoder, models: Mapping[str, Reranker], *, short: bool) -> dict[str, Reranker]:
    """The rerankers by name."""
    own = LateInteraction(encoder)
    plain = PlainMaxSim(own)
    shared: dict[tuple[str, tuple[str, ...]], list[float]] = {}
    equal: dict[tuple[str, tuple[str, ...]], list[float]] = {}
    rows: dict[str, Reranker] = {"none": Unranked()}
    rows |= {f"embedded@{w:g}": Weighed(own, w, shared) for w in _WEIGHTS}
    rows["embedded alone"] = Weighed(own, _ALONE, shared)
    rows |= {f"plain@{w:g}": Weighed(plain, w, equal) for w in _WEIGHTS[1:3]}
    rows["plain alone"] = Weighed(plain, _ALONE, equal)
    if short:
        rows[f"embedded/{_SHORT}"] = LateInteraction(encoder, longest=_SHORT)
    return rows | dict(models)


def read_variants(folder: Path) -> dict[str, Reranker]:
    """The trained selector over whole passages, at several weights."""
    reader = WholeRead(TrainedSelector(folder, longest=_PASSAGE))
    shared: dict[tuple[str, tuple[str, ...]], list[float]] = {}
    rows: dict[str, Reranker] = {f"read@{w:g}": Weighed(reader, w, shared) for w in (*_WEIGHTS, 4.0)}
    return rows | {"read alone": Weighed(reader, _ALONE, shared)}


def measured(case: Case, evidence: Sequence[Evidence]) -> dict[str, float]:
    """Measures of one list: of spans where the gold is quoted, of documents where it is not."""
    if case.gold[0].quote:
        return {f"span@{k}": _spans(case, evidence[:k]) for k in (1, 3, 5, 10, 20, 50)}
    gold = {g.document for g in case.gold}
    documents = list(dict.fromkeys(e.passage.document for e in evidence))
    gains = [float(d in gold) for d in documents[:10]]
    best = sum(1 / log2(n + 2) for n in range(min(10, len(gold))))
    rows = {"nDCG@10": sum(g / log2(n + 2) for n, g in enumerate(gains)) / best}
    return rows | {f"recall@{k}": len(gold.intersection(documents[:k])) / len(gold) for k in (5, 10, 20, 50)}


def _spans(case: Case, evidence: Sequence[Evidence]) -> float:
    held = [_held(gold, evidence) for gold in case.gold]
    return float(any(held) if case.any_gold else all(held))


def _held(gold: Gold, evidence: Sequence[Evidence]) -> bool:
    texts = [first(e.passage.text, EVIDENCE_WORDS) for e in evidence if e.passage.document == gold.document]
    return covers(gold.quote, texts, SPAN_SHARE)


def rows(compared: Compared, rerankers: Mapping[str, Reranker]) -> dict[str, list[dict[str, float]]]:
    """The measures of each question by reranker."""
    table: dict[str, list[dict[str, float]]] = {name: [] for name in rerankers}
    for case in compared.cases:
        for name, reranker in rerankers.items():
            table[name].append(measured(case, compared.found(case, reranker).evidence))
    return table


def cost(compared: Compared, reranker: Reranker, *, count: int = 20) -> tuple[float, float]:
    """Median milliseconds, by the clock and of the processors, for 24 passages that were never read before."""
    spent = []
    for case in compared.cases[:count]:
        passages = [e.passage for e in compared.found(case, Unranked()).evidence[: Tuning().reranked]]
        reranker.forget()
        began, used = time.perf_counter(), time.process_time()
        reranker.score(case.question, passages)
        spent.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - used)))
    return statistics.median(clock for clock, _ in spent), statistics.median(own for _, own in spent)


def lines(table: Mapping[str, list[dict[str, float]]]) -> Iterator[str]:
    """The table: means, and of what differs from no reranker the interval of the difference."""
    names = list(table["none"][0])
    yield "".join([f"{'':16}", *(f"{name:>26}" for name in names)])
    before = {name: _column(table["none"], name) for name in names}
    for variant, found in table.items():
        yield "".join([f"{variant:16}", *(_cell(before[name], _column(found, name)) for name in names)])


def _column(found: Sequence[Mapping[str, float]], name: str) -> Floats:
    return np.array([[row[name]] for row in found])


def _cell(before: Floats, after: Floats) -> str:
    if (before == after).all():
        return f"{after.mean():>26.3f}"
    near = paired_interval(before, after, mean)
    return f"{after.mean():>10.3f} [{near.low:+.3f}, {near.high:+.3f}]"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table and the costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", choices=sorted(ADAPTERS), required=True)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2].parent / "shared/data")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--model", action="append", default=[], help="a cross-encoder that is on this machine")
    parser.add_argument("--reader", type=Path, help="folder of a trained selector that reads passages")
    parser.add_argument("--short", action="store_true", help="also read the beginnings of passages alone")
    parser.add_argument("--costs", action="store_true", help="only what each variant costs")
    options = parser.parse_args(arguments)
    cases = [c for c in ADAPTERS[options.suite](options.data).cases if c.gold and not c.refuse]
    random.Random(_SEED).shuffle(cases)
    wiring = Wiring(read_settings(store=options.store))
    models = {name: Wiring(read_settings(reranker=name)).reranker for name in options.model}
    models |= read_variants(options.reader) if options.reader else {}
    with wiring.open_index() as index:
        compared = Compared(tuple(cases[: options.limit or None]), wiring, index, options.words)
        rerankers = variants(EmbeddedEncoder(), models, short=options.short or options.costs)
        if not options.costs:
            print(f"{options.suite}: {len(compared.cases)} questions")
            print("\n".join(lines(rows(compared, rerankers))))
            return
        for name in ("embedded@1", "plain@0.8", f"embedded/{_SHORT}", *models):
            clock, used = cost(compared, rerankers[name])
            print(f"{name:16} 24 passages: p50 {clock:.0f} ms by the clock, {used:.0f} ms of the processors")


if __name__ == "__main__":
    ended(main)
