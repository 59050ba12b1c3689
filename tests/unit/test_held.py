"""The index that a service keeps open: searches beside writes, tidied up when nobody asks, given back for good."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.ports import Query, Scope
from ingest.index.embedded import open_embedded
from service.cli.program import run
from service.desk.held import HeldIndex
from service.holdings import HeldCounts, Holdings
from service.settings import Settings
from service.wiring import Wiring


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held")
    (folder / "handbook").mkdir()
    for number in range(40):
        text = f"# Note {number}\n\nNote {number} says `notectl {number}` of the ledger.\n"
        (folder / "handbook" / f"{number}.md").write_text(text)
    assert run(["ingest", str(folder / "handbook"), "--store", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture
def wiring(library: Path) -> Wiring:
    return Wiring(Settings(store=library, wait=0.2))


def held_index(wiring: Wiring, **seconds: float) -> HeldIndex:
    return HeldIndex(wiring.open_index, **seconds)


def until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def asked(wiring: Wiring, words: str) -> Query:
    return Query(wiring.lexical.query(words), Scope(frozenset({"public"})), 10)


def test_searches_go_on_beside_writes_and_see_whole_points(wiring: Wiring) -> None:
    held, query, ended = held_index(wiring), asked(wiring, "notectl 7"), threading.Event()
    with held() as index:
        points, expected = list(index.scan()), index.search(query)
    faults: list[object] = []
    counted = [0]

    def look() -> None:
        while not ended.is_set():
            try:
                found = held.search(query)
            except BaseException as error:
                faults.append(error)
                return
            counted[0] += 1
            if found != expected:
                faults.append(found)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        held.write(points)
    assert until(lambda: counted[0] > 20)
    ended.set()
    for thread in threads:
        thread.join()
    held.stop()
    assert faults == []


def test_a_changed_index_is_tidied_up_once_nobody_works(wiring: Wiring, library: Path) -> None:
    held, manifest = held_index(wiring, quiet=0.05), library / "index" / "manifest.json"
    with held() as index:
        points = list(index.scan())
    held.write(points[:3])
    assert not manifest.exists()
    with held.working():
        held.tidy()
        time.sleep(1.0)
        assert not manifest.exists(), "somebody is at work"
    assert until(manifest.exists)
    assert held.search(asked(wiring, "notectl 7"))
    held.stop()


def test_in_the_end_it_is_tidied_up_whoever_works(wiring: Wiring, library: Path) -> None:
    held, manifest = held_index(wiring, quiet=60.0, latest=0.3), library / "index" / "manifest.json"
    with held() as index:
        points = list(index.scan())
    held.write(points[:3])
    with held.working():
        held.tidy()
        assert until(manifest.exists)
    held.stop()


def test_what_was_given_back_for_good_is_not_opened_again(wiring: Wiring, library: Path) -> None:
    held = held_index(wiring, quiet=0.6)
    with held() as index:
        points = list(index.scan())
    held.write(points[:3])
    held.tidy()
    held.stop()
    time.sleep(1.2)
    with wiring.open_index() as index:
        assert len(list(index.scan())) == len(points)


def test_an_index_in_whose_use_something_went_wrong_is_opened_anew(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.index.embedded import EmbeddedIndex

    held, query = held_index(wiring), asked(wiring, "notectl 7")
    expected = held.search(query)
    with monkeypatch.context() as broken:
        broken.setattr(EmbeddedIndex, "search", lambda *_: (_ for _ in ()).throw(RuntimeError("gone")))
        with pytest.raises(RuntimeError, match="gone"):
            held.search(query)
    assert held.search(query) == expected
    held.stop()


def test_where_there_is_no_store_warming_up_makes_none(tmp_path: Path) -> None:
    with Wiring(Settings(store=tmp_path / "none"), held=True).warming():
        pass
    assert not (tmp_path / "none").exists()


def test_what_was_warmed_up_is_given_back_at_the_end(wiring: Wiring, library: Path) -> None:
    with Wiring(wiring.settings, held=True).warming():
        pass
    open_embedded(
        library / "index",
        dimension=wiring.embedder.dimension,
        encoder_identity=wiring.embedder.identity,
        lexical_identity=wiring.lexical.identity,
        wait=0.1,
    ).close()


def test_while_a_store_changes_what_callers_may_read_is_counted_now_and_then(wiring: Wiring) -> None:
    access = frozenset({"public"})
    with wiring.store() as store, wiring.store() as other:
        patient, exact = HeldCounts(patience=60.0), Holdings(store, wiring.embedder.identity)
        counted = Holdings(store, wiring.embedder.identity, patient)
        before = counted.of(access)
        assert before == exact.of(access)
        gone = next(iter(store.documents.cards())).id
        with other.transaction():
            other.documents.withdraw(gone)
        assert exact.of(access) != before
        assert counted.of(access) == before, "a look a moment ago is good enough"
        patient.forget()
        assert counted.of(access) == exact.of(access)
        with other.transaction():
            other.documents.put(store.read(gone, store.documents.card(gone).revision))
        assert Holdings(store, wiring.embedder.identity).of(access) == before
