"""Two editions of real runbooks, 2020 then 2022, under one source name: what was found is what a plain script finds."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from corpus.ports import Query, Scope
from ingest.discover import source_roots
from ingest.doctor import examine
from ingest.index.embedded import open_embedded
from ingest.report import RunReport, Silent
from ingest.settle import OpenIndex
from ingest.store.store import Store
from ingest.sync import Order, Tools, sync
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25

pytestmark = [pytest.mark.shared, pytest.mark.quality]

LEXICAL = CodeAwareBm25()


@dataclass(frozen=True)
class Editions:
    """Both runs over the editions, and what they left."""

    old: Path
    new: Path
    store: Store
    door: OpenIndex
    first: RunReport
    second: RunReport


@pytest.fixture(scope="module")
def editions(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editions]:
    encoder = EmbeddedEncoder()
    home = tmp_path_factory.mktemp("versioned")
    data = shared / "data" / "versioned_docs"
    old, new = data / "gitlab-runbooks-2020-11", data / "gitlab-runbooks-2022-02"
    door = partial(
        open_embedded,
        home / "index",
        dimension=encoder.dimension,
        encoder_identity=encoder.identity,
        lexical_identity=LEXICAL.identity,
    )
    tools = Tools(door, LEXICAL, EmbeddedEncoder, encoder.identity)
    with Store.open(home, create=True) as store:
        reports = [
            sync(store, source_roots([folder], source="runbooks"), order=Order(), tools=tools, progress=Silent())
            for folder in (old, new)
        ]
        yield Editions(old, new, store, door, *reports)


def hashes(folder: Path) -> dict[str, str]:
    """An independent look: every file but the licence, by path."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "LICENSE"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def without_licence(names: list[str]) -> set[str]:
    return {name for name in names if name != "runbooks/LICENSE"}


def test_what_the_second_edition_changed_is_found(editions: Editions) -> None:
    old, new = hashes(editions.old), hashes(editions.new)
    removed, added = old.keys() - new.keys(), new.keys() - old.keys()
    moved = Counter(old[path] for path in removed) & Counter(new[path] for path in added)
    assert (len(removed), len(added), moved.total()) == (63, 136, 15)

    report = editions.second
    failed = {failure.file for failure in report.failures}
    assert len(report.renamed) == 15
    assert all(old[r.before[9:]] == new[r.after[9:]] for r in report.renamed)
    gone = {f"runbooks/{path}" for path in removed}
    came = {f"runbooks/{path}" for path in added}
    assert set(report.deleted) | {r.before for r in report.renamed} == gone - failed_before(editions)
    assert set(report.added) | {r.after for r in report.renamed} == came - failed
    same = {f"runbooks/{path}" for path in old.keys() & new.keys() if old[path] == new[path]}
    changed = {f"runbooks/{path}" for path in old.keys() & new.keys() if old[path] != new[path]}
    assert (len(changed), len(same)) == (105, 173)
    assert without_licence(report.changed) == changed - failed
    assert without_licence(report.same) == same - failed


def failed_before(editions: Editions) -> set[str]:
    return {failure.file for failure in editions.first.failures}


def test_only_files_without_text_fail(editions: Editions) -> None:
    for report in (editions.first, editions.second):
        assert {failure.outcome for failure in report.failures} <= {"empty"}
        assert len(report.failures) <= 5


def test_the_index_holds_the_second_edition_and_nothing_else(editions: Editions) -> None:
    revisions = {card.id: card.revision for card in editions.store.documents.cards()}
    encoder = editions.store.ledger.fact("encoder")
    with editions.door() as index:
        assert examine(editions.store, index, lexical=LEXICAL, encoder=encoder).clean
        for point in index.scan():
            assert point.passage.revision == revisions[point.passage.document]
    for name, revision in revisions.items():
        text = (editions.new / name.removeprefix("runbooks/")).read_bytes()
        assert hashlib.sha256(text).hexdigest() == revision, "the canonical text is the file"


def test_nothing_stale_is_found_by_its_own_words(editions: Editions) -> None:
    """Each removed or changed document is asked for in its old words; no passage of an old edition answers."""
    today = {card.id: card.revision for card in editions.store.documents.cards()}
    gone = [*editions.second.deleted, *editions.second.changed]
    with editions.door() as index:
        for name in gone:
            first, *_ = editions.store.documents.revisions(name)
            words = editions.store.read(name, first).text[:400]
            for hit in index.search(Query(LEXICAL.query(words), Scope(frozenset({"public"})), 10)):
                assert today[hit.passage.document] == hit.passage.revision


def test_old_revisions_stay_readable_for_old_citations(editions: Editions) -> None:
    for name in editions.second.deleted:
        (revision,) = editions.store.documents.revisions(name)
        path = editions.old / name.removeprefix("runbooks/")
        assert editions.store.read(name, revision).text.encode() == path.read_bytes()
