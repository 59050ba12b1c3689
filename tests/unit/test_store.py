"""The store by itself: what is put in comes out, and what must not happen is refused."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Anchor, Block, Document, Metadata, Parsed, Span, revision_of
from corpus.errors import NotFound, StoreBusy, StoreDamaged, StoreError, StoreMissing, StoreVersionError
from corpus.passages import Passage, passage_id
from ingest.store.coding import pack_structure, pack_vector, unpack_structure, unpack_vector
from ingest.store.database import Database
from ingest.store.ledger import Entry
from ingest.store.schema import LAYOUT, MIGRATIONS
from ingest.store.store import FILE, Store


def document(text: str = "# Deploy\n\nRun it.\n", **changes: object) -> Document:
    plain = Document(
        id="handbook/deploy.md",
        source="handbook",
        path="deploy.md",
        parsed=Parsed(text, (Block("heading", 0, 8, 1),), metadata=Metadata(status="accepted")),
        title="Deploy",
        kind="runbook",
        access=frozenset({"group:sre", "user:ada"}),
        modified_at="2026-11-22",
        commit="abc",
        revision=revision_of(text),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def passage(of: Document, ordinal: int = 0) -> Passage:
    start, end = ordinal * 4, ordinal * 4 + 4
    return Passage(
        id=passage_id(of.id, of.revision, start, end, "test"),
        document=of.id,
        revision=of.revision,
        source=of.source,
        title=of.title,
        kind=of.kind,
        status=of.parsed.metadata.status,
        section=("Deploy", "Steps"),
        start=start,
        end=end,
        text=of.text[start:end],
        header=f"Deploy {ordinal}",
        ordinal=ordinal,
        place="line 1",
        modified_at=of.modified_at,
        access=tuple(sorted(of.access)),
    )


def put(store: Store, of: Document, *passages: Passage) -> None:
    with store.transaction():
        store.documents.put(of)
        store.passages.put(of.id, passages)
        entry = Entry(of.source, of.path, len(of.text), 1, "00", "rules", "indexed", "", of.id)
        store.ledger.record(store.ledger.begin(), [entry])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", create=True) as opened:
        yield opened


def test_a_document_comes_back_as_it_was_put(store: Store) -> None:
    put(store, document())
    assert store.read("handbook/deploy.md") == document()


def test_a_passage_comes_back_as_it_was_put(store: Store) -> None:
    first, second = passage(document()), passage(document(), 1)
    put(store, document(), first, second)
    assert store.passages.of("handbook/deploy.md") == [first, second]
    assert [stored.passage for stored in store.passages.pick([second.id, "unknown"])] == [second]


def test_an_old_revision_stays_readable_and_is_no_longer_searched(store: Store) -> None:
    old, new = document(), document("# Deploy\n\nRun it twice.\n")
    put(store, old, passage(old))
    put(store, new, passage(new))
    assert store.read(old.id).text == new.text
    assert store.read(old.id, old.revision).text == old.text
    assert store.documents.revisions(old.id) == (old.revision, new.revision)
    assert store.passages.of(old.id) == [passage(new)]


def test_a_withdrawn_document_is_found_at_its_revision_only(store: Store) -> None:
    put(store, document(), passage(document()))
    with store.transaction():
        store.passages.withdraw(document().id)
        store.documents.withdraw(document().id)
    with pytest.raises(NotFound, match="left its source"):
        store.read(document().id)
    assert store.read(document().id, document().revision).text == document().text
    assert list(store.documents.cards()) == []


def test_unknown_documents_and_revisions_are_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.read("handbook/nothing.md")
    put(store, document())
    with pytest.raises(NotFound, match="no revision"):
        store.read(document().id, "f" * 64)


def test_the_index_owes_what_changed_until_it_is_settled(store: Store) -> None:
    old, new = document(), document("# Deploy\n\nRun it twice.\n")
    put(store, old, passage(old))
    assert store.passages.owed(10).write == (passage(old).id,)
    put(store, new, passage(new))
    owed = store.passages.owed(10)
    assert (owed.write, owed.remove) == ((passage(new).id,), (passage(old).id,))
    with store.transaction():
        store.passages.settle(owed)
    assert store.passages.owing() == 0


def test_what_is_owed_comes_in_whole_documents(store: Store) -> None:
    for number in range(3):
        one = document(id=f"handbook/{number}.md", path=f"{number}.md")
        put(store, one, *(passage(one, ordinal) for ordinal in range(3)))
    owed = store.passages.owed(4)
    assert owed.documents == ("handbook/0.md",)
    assert len(owed.write) == 3


def test_identical_text_is_embedded_once(store: Store) -> None:
    for number in range(3):
        one = document(id=f"handbook/{number}.md", path=f"{number}.md")
        put(store, one, passage(one))
    assert store.vectors.lacking("encoder") == 1
    (missing,) = store.vectors.missing("encoder", limit=10)
    assert missing.indexed_text == passage(document()).indexed_text
    with store.transaction():
        store.vectors.put("encoder", {missing.digest: (0.6, 0.8)})
    assert store.vectors.lacking("encoder") == 0
    assert store.vectors.lacking("another encoder") == 1
    assert store.vectors.of("encoder", [missing.digest])[missing.digest] == pytest.approx((0.6, 0.8))


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def interrupted() -> None:
        with store.transaction():
            store.documents.put(document())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(store.documents.cards(withdrawn=True)) == []


def test_a_second_process_that_changes_waits_and_is_told(store: Store) -> None:
    with (
        Store.open(store.folder) as other,
        store.changing(),
        pytest.raises(StoreBusy, match="Try again"),
        other.changing(seconds=0.05),
    ):
        pytest.fail("two writers at once")


def test_a_missing_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="aether ingest"):
        Store.open(tmp_path / "nowhere")


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / FILE) as raw:
        raw.execute(f"PRAGMA user_version={LAYOUT + 1}")
    raw.close()
    with pytest.raises(StoreVersionError, match="newer"):
        Store.open(tmp_path)


def test_an_older_store_is_copied_then_brought_up_to_date(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as raw:
        raw.executescript(MIGRATIONS[0])
        raw.execute("INSERT INTO sources (name, root, settings) VALUES ('handbook', '/docs', '{}')")
        raw.execute("PRAGMA user_version=1")
    raw.close()
    with Store.open(tmp_path) as store:
        (source,) = store.ledger.sources()
        assert (source.name, source.head) == ("handbook", "")
        put(store, document())
    with sqlite3.connect(tmp_path / f"{FILE}.v1") as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT name FROM sources").fetchone() == ("handbook",)
    copy.close()


def test_a_failed_migration_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.open(tmp_path, create=True).close()
    monkeypatch.setattr("ingest.store.schema.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE late (x); SELECT nonsense;"))
    monkeypatch.setattr("ingest.store.schema.LAYOUT", LAYOUT + 1)
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path)
    monkeypatch.undo()
    with Store.open(tmp_path) as store:
        store.prove()


def test_a_full_disk_is_said_so_and_loses_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        put(store, document(), passage(document()))
        pages = store._database.one("PRAGMA page_count")
        assert pages is not None
        store._database.run(f"PRAGMA max_page_count={pages[0]}")
        big = document("".join(f"{n * n % 9973} " for n in range(200_000)), id="handbook/big.md", path="big.md")
        with pytest.raises(StoreError, match="Free some disk space"):
            put(store, big)
        assert store.read(document().id) == document()
        store.prove()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreDamaged, match="backup"):
        Store.open(tmp_path)


def test_an_altered_text_is_found(store: Store) -> None:
    put(store, document(), passage(document()))
    store.prove()
    store._database.run("UPDATE revisions SET text = (SELECT zeroblob(9))")
    with pytest.raises(StoreDamaged, match="altered text"):
        store.prove()


def test_a_broken_tie_between_tables_is_found(store: Store) -> None:
    put(store, document(), passage(document()))
    store._database.run("DELETE FROM ledger")
    with pytest.raises(StoreDamaged, match="no file stands for"):
        store.prove()


SPANS = st.builds(Span, st.integers(0, 99), st.integers(0, 99))
TEXTS = st.text(max_size=40)
STRUCTURES = st.builds(
    Parsed,
    text=TEXTS,
    blocks=st.lists(
        st.builds(Block, st.sampled_from(["heading", "row"]), st.integers(0, 9), st.integers(0, 9), label=TEXTS)
    ).map(tuple),
    hidden=st.lists(SPANS).map(tuple),
    anchors=st.lists(
        st.builds(
            Anchor,
            st.sampled_from(["page", "cell"]),
            TEXTS,
            st.integers(0, 9),
            st.integers(0, 9),
            st.none() | st.tuples(*[st.floats(0, 1000)] * 4),
        )
    ).map(tuple),
    metadata=st.builds(Metadata, title=TEXTS, supersedes=st.lists(TEXTS).map(tuple), access=st.just(("public",))),
    native=st.booleans(),
)


@given(STRUCTURES)
def test_structure_round_trips(parsed: Parsed) -> None:
    assert unpack_structure(parsed.text, pack_structure(parsed)) == parsed


@given(st.lists(st.floats(width=32, allow_nan=False), max_size=8))
def test_vectors_round_trip_in_single_precision(vector: list[float]) -> None:
    assert unpack_vector(pack_vector(vector)) == tuple(vector)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4)), max_size=12))
def test_after_any_changes_the_outbox_is_the_difference(changes: list[tuple[str, int]]) -> None:
    """An index that did what it owes, whenever it did, holds exactly the passages of the store."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        store._database.run("PRAGMA synchronous=OFF")
        index: set[str] = set()
        for name, count in changes:
            one = document("x" * (4 * count + 4), id=f"handbook/{name}", path=name)
            one = replace(one, revision=revision_of(one.text))
            put(store, one, *(passage(one, ordinal) for ordinal in range(count)))
            if count % 2:
                owed = store.passages.owed(3)
                index = (index | set(owed.write)) - set(owed.remove)
                store.passages.settle(owed)
        while (owed := store.passages.owed(3)).documents:
            index = (index | set(owed.write)) - set(owed.remove)
            store.passages.settle(owed)
        assert index == set(store.passages.ids())


def test_a_database_closes_when_it_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError):
        Database(tmp_path / "folder")
