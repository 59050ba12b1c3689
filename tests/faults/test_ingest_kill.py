"""kill -9 at random moments of an ingest: nothing acknowledged is lost, nothing is half there, doctor is clean."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from ingest.chunk import chunk
from ingest.doctor import examine
from ingest.index.embedded import open_embedded
from ingest.settle import OpenIndex, mend
from ingest.store.store import Store
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25

CHILD = Path(__file__).with_name("ingest_child.py")
ENCODER = EmbeddedEncoder()
LEXICAL = CodeAwareBm25()
DOCUMENTS = 16


def start(store: Path, folder: Path, workers: int = 1) -> subprocess.Popen[str]:
    repo = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([str(repo), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(store), str(folder), str(workers)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


def edit(folder: Path, chance: random.Random) -> None:
    """Write, change, rename and delete some files."""
    for number in chance.sample(range(DOCUMENTS), DOCUMENTS // 2):
        path = folder / f"{number}.md"
        match chance.choice(["write", "write", "write", "delete", "rename"]):
            case "delete":
                path.unlink(missing_ok=True)
            case "rename" if path.exists():
                path.rename(folder / f"{number + 100}.md")
            case _:
                words = [chance.choice(["alpha", "beta", "gamma", "delta"]) for _ in range(30)]
                path.write_text(f"# Title {number}\n\n{' '.join(words)}\n\n## Part\n\n{' '.join(words[::-1])}\n")


def run_and_kill(store: Path, folder: Path, seconds: float) -> tuple[dict[str, str], bool]:
    """What the child acknowledged last of each document, and whether it was killed before it was done."""
    with start(store, folder) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        lines = child.stdout.read().split("\n")[:-1]
        child.wait()
    return dict(line.rsplit(" ", 1) for line in lines if line != "done"), "done" not in lines


def check(place: Path, folder: Path, acknowledged: dict[str, str], before: dict[str, str]) -> None:
    """Open the store as the next process would: it holds what was acknowledged, and of each file the old or the new."""
    door: OpenIndex = partial(
        open_embedded,
        place / "index",
        dimension=ENCODER.dimension,
        encoder_identity=ENCODER.identity,
        lexical_identity=LEXICAL.identity,
    )
    with Store.open(place) as store:
        mend(store, open_index=door, lexical=LEXICAL, encoder=ENCODER.identity)
        with door() as index:
            assert examine(store, index, lexical=LEXICAL, encoder=ENCODER.identity).clean
            there = {(point.passage.document, point.passage.revision) for point in index.scan()}
        cards = {card.id: card for card in store.documents.cards()}
        assert there == {(card.id, card.revision) for card in cards.values()}
        for name, card in cards.items():
            document = store.read(name)
            assert store.passages.of(name) == chunk(document, ENCODER)
            assert document.text in (before.get(name), text_of(folder, name))
            assert acknowledged.get(name, card.revision) == card.revision
        for name, revision in acknowledged.items():
            assert (name in cards) or revision == "-"
        for name in before:
            assert name in cards or text_of(folder, name) is None, "an untouched or changed document vanished"


def text_of(folder: Path, name: str) -> str | None:
    path = folder / name.removeprefix("handbook/")
    return path.read_text() if path.exists() else None


def texts(place: Path) -> dict[str, str]:
    with Store.open(place) as store:
        return {card.id: store.read(card.id).text for card in store.documents.cards()}


def finish(place: Path, folder: Path) -> None:
    """An undisturbed run makes all equal again."""
    with start(place, folder) as child:
        assert child.communicate()[0].endswith("done\n")
    assert texts(place) == {f"handbook/{path.name}": path.read_text() for path in folder.iterdir()}


def kill_often(home: Path, kills: int, seed: int, latest: float = 1.0) -> None:
    """Edit, ingest and kill again and again, at the latest after this share of the time of a whole run."""
    chance = random.Random(seed)
    place, folder = home / "store", home / "handbook"
    folder.mkdir()
    edit(folder, chance)
    began = time.monotonic()
    finish(place, folder)
    whole = time.monotonic() - began
    hit = 0
    for _ in range(kills):
        edit(folder, chance)
        before = texts(place)
        acknowledged, killed = run_and_kill(place, folder, chance.uniform(0, latest * whole))
        hit += killed
        check(place, folder, acknowledged, before)
    finish(place, folder)
    assert hit, "every run was done before it could be killed"


def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    kill_often(tmp_path, 1, seed=20261122, latest=0.2)


@pytest.mark.slow
def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    kill_often(tmp_path, 50, seed=int(os.environ.get("KILL_SEED", "7")))


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc")
def test_no_worker_outlives_a_killed_ingest(tmp_path: Path) -> None:
    folder = tmp_path / "handbook"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number}.md").write_text(f"# Title {number}\n\n" + "Some words. " * 200)
    with start(tmp_path / "store", folder, workers=2) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        deadline = time.monotonic() + 30
        while len(workers := descendants(child.pid)) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert workers
        child.send_signal(signal.SIGKILL)
        child.stdout.read()
    while any(alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in workers if alive(pid)]


def descendants(pid: int) -> list[int]:
    children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return children + [below for child in children for below in descendants(child)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
