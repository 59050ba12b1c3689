"""Several processes at one embedded index: who waits, who is refused, and what a killed one leaves."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.errors import IndexFailure, StoreBusy, StoreDamaged
from corpus.passages import Passage, Point, Sparse
from corpus.ports import Query, Scope
from ingest.index.embedded import EmbeddedIndex, open_embedded, verify_wholly, wipe

PRELUDE = """
    import sys, uuid
    from pathlib import Path
    from corpus.passages import Passage, Point, Sparse
    from corpus.ports import Query, Scope
    from ingest.index.embedded import open_embedded

    folder = Path(sys.argv[1])
    query = Query((1.0, 0.0), Scope(frozenset({"public"})), 1000)

    def point(n):
        name = str(uuid.UUID(int=n))
        passage = Passage(name, "s/d", "r", "s", "t", "adr", "", (), n, n + 1, "x", "", n, "line 1", "", ("public",))
        return Point(passage, Sparse((n % 7,), (1.0,)), (1.0, float(n)))

    def opened(wait=5.0):
        return open_embedded(folder, dimension=2, encoder_identity="e", lexical_identity="l", wait=wait)

    def say(word):
        print(word, flush=True)
"""


def opened(folder: Path, wait: float = 5.0, *, fresh: bool = False) -> EmbeddedIndex:
    return open_embedded(folder, dimension=2, encoder_identity="e", lexical_identity="l", wait=wait, fresh=fresh)


def point(n: int) -> Point:
    name = str(uuid.UUID(int=n))
    passage = Passage(name, "s/d", "r", "s", "t", "adr", "", (), n, n + 1, "x", "", n, "line 1", "", ("public",))
    return Point(passage, Sparse((n % 7,), (1.0,)), (1.0, float(n)))


def found(index: EmbeddedIndex) -> list[int]:
    hits = index.search(Query((1.0, 0.0), Scope(frozenset({"public"})), 10_000))
    return sorted(h.passage.ordinal for h in hits)


Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Runs Python in another process, with the helpers above and the index folder `tmp_path / "index"`."""
    started: list[subprocess.Popen[str]] = []

    def run(script: str) -> subprocess.Popen[str]:
        code = textwrap.dedent(PRELUDE) + textwrap.dedent(script)
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "index")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        return child

    yield run
    for child in started:
        child.kill()
        child.communicate()


@contextmanager
def took(least: float, most: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert least <= time.monotonic() - start < most


def line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def go_on(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


HOLDER = """
    with opened() as index:
        index.write([point(n) for n in range(20)])
        say("ready")
        sys.stdin.readline()
        index.write([point(n) for n in range(20, 30)])
        index.remove([point(0).passage.id])
    say("closed")
"""


@pytest.mark.slow
def test_a_second_opener_waits_is_refused_and_harms_nothing(tmp_path: Path, start: Start) -> None:
    folder = tmp_path / "index"
    child = start(HOLDER)
    assert line(child) == "ready"
    for opener in (
        lambda: opened(folder, 0.3),
        lambda: wipe(folder, wait=0.3),
        lambda: verify_wholly(folder, wait=0.3),
    ):
        with pytest.raises(StoreBusy) as caught, took(0.3, 3):
            opener()
        said = str(caught.value)
        assert f"process {child.pid}" in said
        assert "Try again" in said
        assert "\n" not in said
    go_on(child)
    assert line(child) == "closed"
    with opened(folder) as index:
        assert found(index) == list(range(1, 30))


def test_a_waiting_opener_gets_in_when_the_first_one_closes(tmp_path: Path, start: Start) -> None:
    child = start(HOLDER)
    assert line(child) == "ready"
    go_on(child)
    with opened(tmp_path / "index", 20) as index:
        assert found(index) == list(range(1, 30))


def test_four_askers_and_a_writer_take_turns(tmp_path: Path, start: Start) -> None:
    with opened(tmp_path / "index") as index:
        index.write([point(0)])
    writer = start(
        """
        for n in range(1, 6):
            with opened(30) as index:
                index.write([point(n)])
        say("done")
        """
    )
    asker = """
        for _ in range(3):
            with opened(30) as index:
                say(len(index.search(query)))
        """
    askers = [start(asker) for _ in range(4)]
    for child in askers:
        counts = [int(line(child)) for _ in range(3)]
        assert counts == sorted(counts)
        assert 1 <= counts[0] <= counts[-1] <= 6
    assert line(writer) == "done"
    with opened(tmp_path / "index") as index:
        assert found(index) == list(range(6))


def test_the_same_process_cannot_open_twice(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
            opened(tmp_path, 0)
        index.write([point(1)])
        assert found(index) == [1]
    with opened(tmp_path, 0) as index:
        assert found(index) == [1]


def test_a_forked_worker_does_not_keep_the_lock(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        index.write([point(1)])
        worker = os.fork()
        if worker == 0:
            time.sleep(30)
            os._exit(0)
    try:
        opened(tmp_path, 0).close()
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


def test_a_killed_writer_is_noticed_and_a_fresh_index_follows(tmp_path: Path, start: Start) -> None:
    folder = tmp_path / "index"
    with opened(folder) as index:
        index.write([point(n) for n in range(5)])
    child = start(
        """
        index = opened()
        for n in range(5, 10_000):
            index.write([point(n)])
            say(n)
        """
    )
    for _ in range(3):
        assert line(child)
    time.sleep(random.Random(1).random() / 20)
    child.kill()
    child.wait()
    for _ in range(2):
        with pytest.raises(StoreDamaged, match=r"not closed after its last change.*rebuild"):
            opened(folder, 0)
    with opened(folder, 0, fresh=True) as index:
        assert index.count() == 0
        index.write([point(n) for n in range(7)])
    with opened(folder, 0) as index:
        assert found(index) == list(range(7))


READER = """
    say("start")
    index = opened()
    for _ in range(100):
        index.search(query)
    say("asked")
    index.close()
    say("closed")
    sys.stdin.readline()
"""


@pytest.mark.slow
def test_a_killed_reader_leaves_the_index_as_it_was(tmp_path: Path, start: Start) -> None:
    folder = tmp_path / "index"
    with opened(folder) as index:
        index.write([point(n) for n in range(40)])
        index.remove([point(3).passage.id])
    chance = random.Random(2)
    for until, pause in [("asked", 0.0), ("closed", 0.0), *[("start", chance.random() / 5) for _ in range(6)]]:
        child = start(READER)
        while line(child) != until:
            pass
        time.sleep(pause)
        child.kill()
        child.wait()
        verify_wholly(folder, wait=0)
        with opened(folder, 0) as index:
            assert found(index) == [n for n in range(40) if n != 3]


def write_and_raise(index: EmbeddedIndex, error: BaseException) -> None:
    with index:
        index.write([point(1)])
        raise error


def test_a_rebuild_that_dies_is_never_taken_for_an_index(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        index.write([point(n) for n in range(5)])
    with pytest.raises(RuntimeError):
        write_and_raise(opened(tmp_path, fresh=True), RuntimeError())
    with pytest.raises(StoreDamaged):
        opened(tmp_path)
    wipe(tmp_path)
    with opened(tmp_path) as index:
        assert found(index) == []


def test_an_error_of_the_caller_does_not_harm_what_was_written(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_and_raise(opened(tmp_path), KeyboardInterrupt())
    with opened(tmp_path) as index:
        assert found(index) == [1]


@pytest.mark.slow
def test_threads_may_ask_while_one_writes(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        index.write([point(n) for n in range(100)])

        def ask(_: int) -> None:
            for _ in range(200):
                seen = found(index)
                assert set(range(100)) <= set(seen) <= set(range(108))

        with ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(ask, n) for n in range(3)]
            for n in range(100, 108):
                index.write([point(n)])
            for future in asking:
                future.result()
    with pytest.raises(IndexFailure, match="closed"):
        found(index)
    with pytest.raises(IndexFailure, match="closed"):
        index.write([point(1)])
    index.close()
    with opened(tmp_path) as index:
        assert found(index) == list(range(108))
