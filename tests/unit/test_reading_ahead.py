"""Vectors of sentences that a service computes ahead are those that it would compute, and a forgotten text has none."""

from __future__ import annotations

import shutil
import threading
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.errors import StoreError
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.recent import name_of
from retrieval.encode.remembering import RememberingEncoder
from service.ahead import sentences as module
from service.ahead.reading import ReadingAhead
from service.ahead.sentences import FILE, SentenceVectors
from service.answer import Answer
from service.asker import asker
from service.cli.program import run
from service.engine import Request
from service.forgetting import forget_everywhere
from service.settings import Settings
from service.wiring import Wiring
from tests.unit.test_remembering import Counting

TEXTS = {
    "restore.md": "# Restore the ledger\n\nRun `ledgerctl restore`. It takes 40 minutes. Tell the team before.\n",
    "deploy.md": "# Deploy the ledger\n\nDeploy on Tuesdays only.\n\n## Steps\n\n1. Drain the node.\n2. Deploy it.\n",
}
QUESTION = "How long does it take to restore the ledger?"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ahead")
    (folder / "book").mkdir()
    for name, text in TEXTS.items():
        (folder / "book" / name).write_text(text)
    assert run(["ingest", str(folder / "book"), "--store", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "store"))


def wired(store: Path, **settings: object) -> tuple[Wiring, Counting]:
    wiring, counting = Wiring(Settings.model_validate({"store": store, **settings}), held=True), Counting()
    wiring.__dict__["embedder"] = counting
    return wiring, counting


@contextmanager
def read_ahead(wiring: Wiring) -> Iterator[ReadingAhead]:
    """A reader that has read everything."""
    with wiring.open_index():
        pass
    ahead = ReadingAhead(wiring, quiet=0.1)
    ahead.start()
    until = time.monotonic() + 60
    while len(wiring.sentences.documents()) < len(TEXTS):
        assert time.monotonic() < until, "it does not end"
        time.sleep(0.05)
    try:
        yield ahead
    finally:
        ahead.stop()


def asked(wiring: Wiring) -> Answer:
    with asker(wiring, print) as who:
        return who.ask(Request(QUESTION))


def test_a_question_costs_no_vector_but_its_own_and_its_answer_is_the_same(store: Path) -> None:
    plain, counting = wired(store, read_ahead=False)
    before = asked(plain)
    assert len(counting.asked) > 4, "without it the sentences are embedded"
    assert not (store / FILE).exists()
    plain.stop()
    wiring, counting = wired(store)
    with read_ahead(wiring):
        read = len(counting.asked)
        after = asked(wiring)
    wiring.stop()
    assert counting.asked[read:] == ["ready", QUESTION]
    assert "40 minutes" in after.text
    assert after.model_dump(exclude={"id", "timing_ms"}) == before.model_dump(exclude={"id", "timing_ms"})


def test_the_next_service_finds_what_the_last_one_read(store: Path) -> None:
    first, _ = wired(store)
    with read_ahead(first):
        pass
    first.stop()
    second, counting = wired(store)
    with read_ahead(second):
        asked(second)
    second.stop()
    assert counting.asked == ["ready", QUESTION]


def test_what_is_forgotten_has_no_vector_and_the_rest_is_read_again(store: Path) -> None:
    wiring, _ = wired(store)
    with read_ahead(wiring):
        pass
    wiring.stop()
    document = next(name for name in wiring.sentences.documents() if name.endswith("restore.md"))
    held = (store / FILE).read_bytes()
    with wiring.store() as opened:
        forget_everywhere(wiring, opened, document)
    assert not list(store.glob(f"{FILE}*"))
    wiring, _ = wired(store)
    ahead = ReadingAhead(wiring, quiet=0.1)
    with wiring.open_index():
        ahead.start()
    until = time.monotonic() + 60
    while not wiring.sentences.documents() and time.monotonic() < until:
        time.sleep(0.05)
    assert [name.endswith("deploy.md") for name in wiring.sentences.documents()] == [True]
    ahead.stop()
    wiring.stop()
    vector = array("f", EmbeddedEncoder().embed(["Restore the ledger\nIt takes 40 minutes."])[0]).tobytes()
    assert vector in held, "what is looked for can be found"
    assert all(vector not in path.read_bytes() for path in store.glob(f"{FILE}*"))


class Gated(Counting):
    """It waits at its first text until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.free = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        self.begun.set()
        assert self.free.wait(30)
        return super().embed(texts)


def test_it_waits_while_somebody_works_and_lets_go_of_a_text_that_is_to_be_forgotten(store: Path) -> None:
    wiring, gated = Wiring(Settings(store=store), held=True), Gated()
    wiring.__dict__["embedder"] = gated
    ahead = ReadingAhead(wiring, quiet=0.1)
    with wiring.open_index():
        ahead.start()
    assert gated.begun.wait(30)
    with wiring.working():
        gated.free.set()
        time.sleep(1.0)
        assert len(gated.asked) == 1, "it goes on while somebody works"
        ahead.forget()
        assert wiring.sentences.documents() == {}
    ahead.stop()
    wiring.stop()


def test_what_was_read_before_a_forgetting_is_not_kept_after_it(tmp_path: Path) -> None:
    vectors = SentenceVectors(tmp_path, "one")
    before = vectors.forgettings
    vectors.forget()
    vectors.put("a/b.md", "r", {b"n": array("f", [1.0])}, forgettings=before)
    assert vectors.find([b"n"]) == {}
    vectors.put("a/b.md", "r", {b"n": array("f", [0.5])}, forgettings=vectors.forgettings)
    assert vectors.find([b"n", b"m"]) == {b"n": array("f", [0.5])}
    vectors.put("a/b.md", "s", {b"m": array("f", [0.25])}, forgettings=vectors.forgettings)
    assert vectors.find([b"n", b"m"]) == {b"m": array("f", [0.25])}
    assert vectors.documents() == {"a/b.md": "s"}
    vectors.drop(["a/b.md"])
    assert (vectors.find([b"m"]), vectors.documents()) == ({}, {})
    vectors.close()


def test_vectors_of_another_encoder_are_not_used(tmp_path: Path) -> None:
    one = SentenceVectors(tmp_path, "one")
    one.put("d", "r", {b"n": array("f", [1.0])}, forgettings=0)
    one.close()
    assert SentenceVectors(tmp_path, "two").find([b"n"]) == {}
    assert SentenceVectors(tmp_path, "one").find([b"n"]) == {}, "they were deleted"


@pytest.mark.parametrize("broken", [b"not a database, and longer than a hundred bytes " * 9, b""])
def test_a_damaged_file_is_deleted_and_answers_do_without(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / FILE).write_bytes(broken)
    vectors, counting = SentenceVectors(tmp_path, "one"), Counting()
    encoder = RememberingEncoder(counting, behind=vectors.find)
    assert encoder.embed(["Drain the node."]) == counting.encoder.embed(["Drain the node."])
    vectors.put("d", "r", {name_of("x"): array("f", [1.0])}, forgettings=0)
    assert vectors.find([name_of("x")])
    vectors.close()


def test_a_memory_does_not_take_the_last_of_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RESERVE", 1 << 60)
    with pytest.raises(StoreError, match="free"):
        SentenceVectors(tmp_path, "one").put("d", "r", {}, forgettings=0)
    assert not (tmp_path / FILE).exists()


def test_many_threads_find_what_is_there(tmp_path: Path) -> None:
    vectors, wrong = SentenceVectors(tmp_path, "one"), []
    vectors.put("d", "r", {bytes([n]): array("f", [float(n)]) for n in range(200)}, forgettings=0)

    def find(at: int) -> None:
        for _ in range(50):
            found = vectors.find([bytes([n]) for n in range(at, at + 100)])
            if any(found.get(bytes([n])) != array("f", [float(n)]) for n in range(at, at + 100)):
                wrong.append(at)

    threads = [threading.Thread(target=find, args=(at,)) for at in (0, 40, 80)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    vectors.close()
    assert wrong == []
