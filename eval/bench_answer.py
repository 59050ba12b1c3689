"""How long do search and answer take in process at 10,000 and 100,000 passages, and in how much memory?

    python -m eval.bench_answer --store STORE --questions QUESTIONS.jsonl --points 10000 100000

The passages of a real store, repeated under other names with their vectors slightly turned until there are enough, are
indexed in a folder of their own; then the questions are asked of it. A process of its own for each size. `search` is
the whole of retrieval (encode, every list, fuse, select); `answer` adds reading, ranking and composing.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from corpus.passages import Point, passage_id
from corpus.ports import Scope
from eval.bench_search import memory
from eval.cli.ended import ended
from ingest.index.embedded import open_embedded
from ingest.settle import points_of
from ingest.store.store import Store
from retrieval.search import search
from service.engine import Engine, Request
from service.settings import read_settings
from service.wiring import Wiring

_BATCH = 2048
_TURN = 0.05
_WARM = 10


@dataclass(frozen=True, slots=True)
class Answering:
    """One size. Milliseconds of wall clock and of processor time; memory in MiB after the last answer."""

    points: int
    asked: int
    search_p50: float
    search_p99: float
    search_cpu_p50: float
    search_cpu_p99: float
    answer_p50: float
    answer_p99: float
    anonymous: float
    resident: float


def bench_answer(wiring: Wiring, store: Store, questions: Sequence[str], points: int) -> Answering:
    """Index `points` passages and ask every question. Raises what the ports raise."""
    with tempfile.TemporaryDirectory() as folder:
        place = partial(
            open_embedded,
            Path(folder) / "index",
            dimension=wiring.embedder.dimension,
            encoder_identity=wiring.embedder.identity,
            lexical_identity=wiring.lexical.identity,
        )
        with place(fresh=True) as index:
            for batch in _points(wiring, store, points):
                index.write(batch)
        with place() as index:
            scope = Scope(frozenset({"public"}))
            ask = partial(search, index=index, embedder=wiring.embedder, lexical=wiring.lexical, scope=scope)
            wall, cpu = _time(ask, questions)
        engine = Engine(
            store=store,
            open_index=lambda *, fresh=False: place(fresh=fresh),
            embedder=wiring.embedder,
            lexical=wiring.lexical,
            settings_digest="bench",
        )
        answer, _ = _time(lambda q: engine.ask(Request(q)), questions[:40])
        anonymous, resident = memory()
    return Answering(
        points, len(questions), *_percentiles(wall), *_percentiles(cpu), *_percentiles(answer), anonymous, resident
    )


def _points(wiring: Wiring, store: Store, wanted: int) -> Iterator[list[Point]]:
    """Batches of points: those of the store, then the same again under other names."""
    rng = random.Random(0)
    ids = store.passages.ids()
    for start in range(0, wanted, _BATCH):
        places = range(start, min(start + _BATCH, wanted))
        names = sorted({ids[i % len(ids)] for i in places})
        found = {
            p.passage.id: p for p in points_of(store, names, lexical=wiring.lexical, encoder=wiring.embedder.identity)
        }
        yield [_again(found[ids[i % len(ids)]], i // len(ids), rng) for i in places]


def _again(point: Point, turn: int, rng: random.Random) -> Point:
    """The point, or a copy of it that is another."""
    if not turn or point.dense is None:
        return point
    dense = [v + rng.gauss(0, _TURN) for v in point.dense]
    norm = sum(v * v for v in dense) ** 0.5
    old = point.passage
    name = passage_id(old.id, old.revision, old.start, old.end, str(turn))
    return replace(point, passage=replace(old, id=name), dense=tuple(v / norm for v in dense))


def _time(ask: Callable[[str], object], questions: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of wall clock and processor a question, after a few unmeasured ones."""
    wall, cpu = [], []
    for i, question in enumerate([*questions[:_WARM], *questions]):
        began, used = time.perf_counter(), time.process_time()
        ask(question)
        if i >= _WARM:
            wall.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - used))
    return wall, cpu


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return round(ordered[len(ordered) // 2], 2), round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--points", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--here", action="store_true", help="measure in this process")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not options.here:
        for size in options.points:
            given = ["--store", str(options.store), "--questions", *map(str, options.questions)]
            command = [sys.executable, "-m", "eval.bench_answer", *given, "--here", "--points", str(size)]
            subprocess.run([*command, *(["--json"] if options.json else [])], check=True)
        return
    questions = [
        json.loads(line)["question"]
        for path in options.questions
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    wiring = Wiring(read_settings(store=options.store))
    with wiring.store() as store:
        for size in options.points:
            measured = asdict(bench_answer(wiring, store, questions, size))
            print(json.dumps(measured) if options.json else "  ".join(f"{k} {v:g}" for k, v in measured.items()))


if __name__ == "__main__":
    ended(main)
