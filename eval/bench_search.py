"""How fast is one ranked list, and how much memory does an index take? On generated passages; prints a table.

For each size, in a process of its own: passages of about 1 kB, unit vectors in clusters, sparse vectors of about 60
terms by Zipf's law, every second passage public, the rest readable by one of twenty groups. They are streamed into a
fresh index as a rebuild does it; then the index is opened again and asked 300 times for each list, by a caller who may
read half of it (`public`) and by one who may read a twentieth (`group`).

    python -m eval.bench_search --points 10000 100000
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.documents import KINDS
from corpus.passages import Passage, Point, Sparse, passage_id
from corpus.ports import Query, Scope
from eval.cli.ended import ended
from ingest.index.embedded import EmbeddedIndex, open_embedded, verify_wholly

DIMENSION = 384
_BATCH = 2048
_ASKED = 300
_VOCABULARY = 30_000
_WORDS = tuple(f"word{n}" for n in range(4000))


@dataclass(frozen=True)
class Latency:
    """Of one list, in milliseconds."""

    name: str
    p50: float
    p99: float


@dataclass(frozen=True)
class Measured:
    """One size. Times in seconds, memory and disk in MiB."""

    points: int
    rebuild: float
    generate: float
    open: float
    verify: float
    disk: float
    anonymous: float
    resident: float
    lists: tuple[Latency, ...]


class Generator:
    """Seeded passages and queries."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._random = np.random.default_rng(seed)
        self._centres = self._random.normal(size=(200, DIMENSION)).astype(np.float32)
        weights = 1 / np.arange(1, _VOCABULARY + 1)
        self._terms = np.cumsum(weights / weights.sum())

    def points(self, count: int) -> Iterator[Point]:
        """Points `0 ... count - 1`."""
        for n in range(count):
            yield Point(self._passage(n), self.sparse(60), self.dense())

    def dense(self) -> tuple[float, ...]:
        """A unit vector."""
        centre = self._centres[self._chance.randrange(len(self._centres))]
        vector = centre + self._random.normal(size=DIMENSION)
        return tuple((vector / np.linalg.norm(vector)).tolist())

    def sparse(self, terms: int) -> Sparse:
        """Up to `terms` terms, frequent ones more often."""
        indices = np.unique(np.searchsorted(self._terms, self._random.random(terms))).tolist()
        return Sparse(tuple(indices), tuple(self._chance.uniform(0.5, 2.0) for _ in indices))

    def _passage(self, n: int) -> Passage:
        document = f"docs/service-{n // 200}/page-{n // 20}.md"
        return Passage(
            id=passage_id(document, "0" * 64, n, n + 900, "bench"),
            document=document,
            revision="0" * 64,
            source=f"source-{n % 5}",
            title=f"Page {n // 20}",
            kind=KINDS[n % len(KINDS)],
            status="",
            section=("Operations", f"Step {n % 20}"),
            start=n,
            end=n + 900,
            text=" ".join(self._chance.choices(_WORDS, k=120)),
            header=f"Page {n // 20} > Operations > Step {n % 20}",
            ordinal=n % 20,
            place="lines 10-24",
            modified_at="2026-11-22",
            access=("public",) if n % 2 else (f"group:g{n // 2 % 20}",),
        )


def measure(points: int, folder: Path, *, limit: int) -> Measured:
    """Build an index of so many points in `folder`, open it again and ask it."""
    generator = Generator(points)
    generating = 0.0
    began = time.perf_counter()
    stream = generator.points(points)
    with _opened(folder, fresh=True) as index:
        while True:
            start = time.perf_counter()
            batch = list(islice(stream, _BATCH))
            generating += time.perf_counter() - start
            if not batch:
                break
            index.write(batch)
    rebuilt = time.perf_counter() - began - generating
    verifying = _timed(lambda: verify_wholly(folder))
    began = time.perf_counter()
    with _opened(folder) as index:
        opening = time.perf_counter() - began
        lists = tuple(_ask(index, generator, limit))
        anonymous, resident = memory()
    disk = sum(p.stat().st_blocks * 512 for p in folder.rglob("*")) / 2**20
    return Measured(points, rebuilt, generating, opening, verifying, disk, anonymous, resident, lists)


def memory() -> tuple[float, float]:
    """Anonymous and resident memory of this process in MiB (Linux; zeros elsewhere)."""
    rollup = Path("/proc/self/smaps_rollup")
    if not rollup.exists():
        return 0.0, 0.0
    sizes = dict(line.split(":", 1) for line in rollup.read_text().splitlines()[1:])
    return int(sizes["Anonymous"].split()[0]) / 1024, int(sizes["Rss"].split()[0]) / 1024


def _opened(folder: Path, *, fresh: bool = False) -> EmbeddedIndex:
    return open_embedded(folder, dimension=DIMENSION, encoder_identity="bench", lexical_identity="bench", fresh=fresh)


def _ask(index: EmbeddedIndex, generator: Generator, limit: int) -> Iterator[Latency]:
    for caller in ("public", "group:g3"):
        scope = Scope(frozenset({caller}))
        for name, vector in (("dense", generator.dense), ("sparse", lambda: generator.sparse(8))):
            queries = [Query(vector(), scope, limit) for _ in range(_ASKED)]
            index.search(queries[0])
            times = sorted(_timed(lambda q=query: index.search(q)) * 1000 for query in queries)  # type: ignore[misc]
            yield Latency(f"{name}, {caller.split(':')[0]}", times[_ASKED // 2], times[_ASKED * 99 // 100])


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _table(rows: list[Measured]) -> str:
    lines = ["points   list             p50 ms   p99 ms"]
    lines += [f"{r.points:<8} {x.name:<16} {x.p50:6.2f}   {x.p99:6.2f}" for r in rows for x in r.lists]
    lines += ["", "points   rebuild s   open s   whole check s   disk MiB   anonymous MiB   resident MiB"]
    lines += [
        f"{r.points:<8} {r.rebuild:9.2f}   {r.open:6.3f}   {r.verify:13.3f}   {r.disk:8.0f}   {r.anonymous:13.0f}"
        f"   {r.resident:12.0f}"
        for r in rows
    ]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> None:
    """Measure each size in a process of its own and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--limit", type=int, default=100, help="hits asked for")
    parser.add_argument("--folder", type=Path, help="where to build (default: a temporary folder)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a size")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    rows = []
    for points in options.points:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            if options.here:
                print(json.dumps(asdict(measure(points, Path(folder), limit=options.limit))))
                continue
        command = [sys.executable, "-m", "eval.bench_search", "--here", "--points", str(points)]
        command += ["--limit", str(options.limit), *(["--folder", str(options.folder)] if options.folder else [])]
        raw = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows.append(Measured(**{**raw, "lists": tuple(Latency(**x) for x in raw["lists"])}))
    if not options.here:
        print("\n".join(json.dumps(asdict(r)) for r in rows) if options.json else _table(rows))


if __name__ == "__main__":
    ended(main)
