"""Small real libraries, asked through the engine that is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from corpus.documents import Document
from service.answer import Answer
from service.asker import Asker, asker
from service.cli.program import run
from service.engine import Request
from service.settings import read_settings
from service.wiring import Wiring


class Shelf:
    """A library that was ingested, and who answers over it."""

    def __init__(self, asked: Asker) -> None:
        self.asker = asked

    def ask(self, question: str, *access: str, source: str = "") -> Answer:
        sources = frozenset({source} if source else ())
        return self.asker.ask(Request(question, frozenset(access or ("public",)), sources))

    def read(self, name: str, *access: str) -> Document:
        return self.asker.engine.read(name, "", frozenset(access or ("public",)))


Holding = Callable[[dict[str, str]], Shelf]


@pytest.fixture(scope="module")
def holding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holding]:
    """Ingests files and opens the store, as often as a test likes."""
    opened: list[tuple[Wiring, object]] = []

    def hold(files: dict[str, str]) -> Shelf:
        home = tmp_path_factory.mktemp("library")
        for name, text in files.items():
            path = home / "sources" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert run(["ingest", str(home / "sources"), "--store", str(home / "store"), "--json"]) == 0
        wiring = Wiring(read_settings(store=home / "store"), lease=5.0)
        door = asker(wiring, lambda line: None)
        opened.append((wiring, door))
        return Shelf(door.__enter__())

    yield hold
    for wiring, door in opened:
        door.__exit__(None, None, None)  # type: ignore[attr-defined]
        wiring.close()
