"""Several processes at one store: readers while an ingest runs, and two ingests at once."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from corpus.errors import StoreBusy
from corpus.ports import Query, Scope
from ingest.index.embedded import open_embedded
from ingest.settle import OpenIndex
from ingest.store.store import Store
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25

CHILD = Path(__file__).with_name("ingest_child.py")
REPO = Path(__file__).resolve().parents[2]


def start(store: Path, folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(REPO), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(store), str(folder), "1"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


def door(place: Path) -> OpenIndex:
    encoder = EmbeddedEncoder(threads=1)
    return partial(
        open_embedded,
        place / "index",
        dimension=encoder.dimension,
        encoder_identity=encoder.identity,
        lexical_identity=CodeAwareBm25().identity,
    )


def ask_until(place: Path, stop: Path) -> int:
    """Ask again and again, as `aether ask` does: load, search, close, read. How often an answer was whole."""
    opener, by = door(place), CodeAwareBm25().query("alpha")
    answered = 0
    while True:
        last = stop.exists()
        with opener() as index:
            hits = index.search(Query(by, Scope(frozenset({"public"})), 5))
        with Store.open(place) as store:
            for hit in hits:
                document = store.read(hit.passage.document, hit.passage.revision)
                assert document.text[hit.passage.start : hit.passage.end].strip()
        answered += bool(hits)
        if last:
            return answered
        time.sleep(0.05)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "handbook"
    made.mkdir()
    for number in range(24):
        (made / f"{number}.md").write_text(f"# Title {number}\n\nThe alpha of {number}.\n\n## Part\n\nMore.\n")
    return made


@pytest.mark.slow
def test_four_asks_at_once_while_an_ingest_runs(tmp_path: Path, folder: Path) -> None:
    place, stop = tmp_path / "store", tmp_path / "stop"
    with start(place, folder) as child:
        assert child.stdout is not None
        while not child.stdout.readline().startswith("handbook/"):
            pass
        with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
            asks = [pool.submit(ask_until, place, stop) for _ in range(4)]
            assert child.stdout.read().endswith("done\n")
            stop.touch()
            assert all(ask.result(timeout=60) >= 1 for ask in asks)


def test_a_second_ingest_waits_and_then_says_why_it_cannot_start(tmp_path: Path, folder: Path) -> None:
    place = tmp_path / "store"
    with start(place, folder) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        time.sleep(0.2)
        with Store.open(place) as store:
            with pytest.raises(StoreBusy, match=str(child.pid)), store.changing(seconds=0.1):
                pytest.fail("two writers at once")
            assert child.stdout.read().endswith("done\n")
            with store.changing(seconds=0.1):
                assert len(list(store.documents.cards())) == 24
