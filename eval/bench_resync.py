"""Ingest, then ingest again unchanged: how long until the first lexical answer, and what an unchanged run costs.

    python -m eval.bench_resync [FOLDER] [--dense] [--json]

One process, a fresh store. The first run parses, chunks, stores and lexically indexes the folder; its time ends when a
search over the whole of it has answered. With `--dense` the dense phase follows. Then the same folder is ingested
again, three times, the best counting; then with one file changed; then the index is rebuilt from the store. The
ratio is that of the whole first run, dense phase included where it was asked for, to the unchanged one.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from corpus.errors import UsageError
from corpus.ports import Query, Scope
from eval.cli.ended import ended
from ingest.discover import SourceRoot, source_roots
from ingest.embed import embed
from ingest.report import RunReport, Silent
from ingest.settle import rebuild
from ingest.store.store import Store
from ingest.sync import Order, Tools, sync
from service.settings import Settings
from service.wiring import Wiring, word_pieces

_LIBRARY = Path(__file__).resolve().parents[1] / "corpus" / "library"
_EVERYONE = Scope(frozenset({"public"}))
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Resync:
    """Seconds of each step, and what they wrote.

    first_cpu  processor seconds of the first run, in all its processes
    ratio      first run to unchanged run
    """

    documents: int
    passages: int
    first: float
    first_cpu: float
    dense: float
    vectors: int
    unchanged: float
    ratio: float
    written_again: int
    one_changed: float
    rebuilt: float


def bench_resync(folder: Path, *, dense: bool) -> Resync:
    """Measure the runs on a copy of the folder. Raises `UsageError`, `StoreError`, `IndexFailure`."""
    with tempfile.TemporaryDirectory() as home:
        files = Path(shutil.copytree(folder, Path(home) / folder.name))
        bench = _Bench(Wiring(Settings(store=Path(home) / "store")), files)
        with Store.open(Path(home) / "store", create=True) as store:
            return bench.measure(store, dense=dense)


class _Bench:
    def __init__(self, wiring: Wiring, files: Path) -> None:
        self._wiring = wiring
        self._files = files

    def measure(self, store: Store, *, dense: bool) -> Resync:
        """Every step in turn."""
        began, computed = time.perf_counter(), _computed()
        first = self._sync(store)
        self._ask()
        lexical, computed = time.perf_counter() - began, _computed() - computed
        vectors, embedding = self._embed(store) if dense else (0, 0.0)
        before = (store.vectors.count(), len(first.added))
        unchanged = min(self._timed_unchanged(store, before) for _ in range(_ROUNDS))
        written = store.vectors.count() - before[0] + (self._embed(store)[0] if dense else 0)
        changed = self._change_one(store)
        began = time.perf_counter()
        encoder, wiring = self._wiring.embedder.identity, self._wiring
        rebuild(store, open_index=wiring.open_index, lexical=wiring.lexical, encoder=encoder)
        return Resync(
            documents=len(first.added),
            passages=first.passages,
            first=lexical,
            first_cpu=computed,
            dense=embedding,
            vectors=vectors,
            unchanged=unchanged,
            ratio=(lexical + embedding) / unchanged,
            written_again=written,
            one_changed=changed,
            rebuilt=time.perf_counter() - began,
        )

    def _sync(self, store: Store) -> RunReport:
        wiring = self._wiring
        known = [SourceRoot(record.name, Path(record.root)) for record in store.ledger.sources()]
        roots = source_roots([self._files], source=self._files.name, known=known)
        tools = Tools(wiring.open_index, wiring.lexical, word_pieces, wiring.embedder.identity)
        return sync(store, roots, order=Order(), tools=tools, progress=Silent())

    def _ask(self) -> None:
        with self._wiring.open_index() as index:
            if not index.search(Query(self._wiring.lexical.query("how to deploy the cluster"), _EVERYONE, 10)):
                raise UsageError("nothing was found", item=str(self._files), next_step="Name a folder with more text")

    def _embed(self, store: Store) -> tuple[int, float]:
        wiring = self._wiring
        made = embed(
            store,
            embedder=wiring.embedder,
            open_index=wiring.open_index,
            lexical=wiring.lexical,
            progress=Silent(),
        )
        return made.vectors, made.seconds

    def _timed_unchanged(self, store: Store, before: tuple[int, int]) -> float:
        began = time.perf_counter()
        report = self._sync(store)
        seconds = time.perf_counter() - began
        if len(report.same) != before[1]:
            raise UsageError("the folder changed meanwhile", item=str(self._files), next_step="Measure again")
        return seconds

    def _change_one(self, store: Store) -> float:
        file = max(self._files.rglob("*.md"), key=lambda path: path.stat().st_size)
        file.write_text(file.read_text("utf-8") + "\nOne more line.\n", "utf-8")
        began = time.perf_counter()
        self._sync(store)
        return time.perf_counter() - began


def _computed() -> float:
    """Processor seconds of this process and of its workers that have ended."""
    return sum(r.ru_utime + r.ru_stime for r in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="The cost of a first, an unchanged and a slightly changed ingest.")
    parser.add_argument("folder", type=Path, nargs="?", default=_LIBRARY)
    parser.add_argument("--dense", action="store_true", help="embed as well")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    result = bench_resync(asked.folder.resolve(), dense=asked.dense)
    if asked.json:
        print(json.dumps(asdict(result)))
        return
    print(f"{result.documents} documents, {result.passages} passages")
    print(f"first run until a lexical answer  {result.first:8.2f} s ({result.first_cpu:.1f} s of computing)")
    if asked.dense:
        print(f"dense phase, {result.vectors} vectors      {result.dense:8.2f} s")
    print(
        f"unchanged run (best of {_ROUNDS})         {result.unchanged:8.2f} s, {result.written_again} vectors written"
    )
    print(f"ratio                             {result.ratio:8.0f}")
    print(f"run with one file changed         {result.one_changed:8.2f} s")
    print(f"index rebuilt from the store      {result.rebuilt:8.2f} s")


if __name__ == "__main__":
    ended(main)
