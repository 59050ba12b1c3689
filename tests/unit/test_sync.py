"""A run over a small folder, with the real parser, chunker and encoders and the in-memory index."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from corpus.errors import EncoderError, IndexFailure
from corpus.passages import Point
from corpus.ports import Index
from ingest.chunk import chunk
from ingest.describe import Override
from ingest.discover import SourceRoot, source_roots
from ingest.doctor import Findings, examine
from ingest.embed import embed
from ingest.index.memory import MemoryIndex
from ingest.report import Renamed, RunReport, Silent
from ingest.store.store import Store
from ingest.sync import Order, Tools, sync
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25

ENCODER = EmbeddedEncoder()
LEXICAL = CodeAwareBm25()


COMMITTED = os.environ | {"GIT_COMMITTER_DATE": "2020-01-02T03:04:05Z"}
FAST = "/dev/shm" if Path("/dev/shm").is_dir() else None


class Door:
    """Opens one in-memory index; `fresh` empties it. With `fail_with`, the opener after `fail_after` others fails."""

    def __init__(self) -> None:
        self.index = MemoryIndex(dimension=ENCODER.dimension)
        self.opened = 0
        self.written = 0
        self.fail_with: BaseException | None = None
        self.fail_after = 1

    @contextmanager
    def __call__(self, *, fresh: bool = False) -> Iterator[Index]:
        self.opened += 1
        if fresh:
            self.index = MemoryIndex(dimension=ENCODER.dimension)
        before = self.index.count()
        yield self.index
        self.written += self.index.count() - before
        if self.fail_with is not None:
            self.fail_after -= 1
            if self.fail_after < 0:
                raise self.fail_with


class Library:
    """A folder of documents, and what is made of it."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "handbook"
        self.files.mkdir()
        self.door = Door()
        self.store = Store.open(folder / "store", create=True)

    def write(self, path: str, text: str) -> None:
        file = self.files / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def sync(
        self,
        order: Order | None = None,
        *,
        paths: Sequence[Path] = (),
        source: str = "",
        encoder: str = ENCODER.identity,
    ) -> RunReport:
        known = [SourceRoot(record.name, Path(record.root)) for record in self.store.ledger.sources()]
        roots = source_roots(paths or [self.files], source=source or ("" if paths else "handbook"), known=known)
        tools = Tools(self.door, LEXICAL, lambda: ENCODER, encoder)
        return sync(self.store, roots, order=order or Order(workers=1), tools=tools, progress=Silent())

    def embed(self) -> int:
        made = embed(self.store, embedder=ENCODER, open_index=self.door, lexical=LEXICAL, progress=Silent())
        return made.vectors

    def points(self) -> list[Point]:
        return list(self.door.index.scan())

    def documents(self) -> set[str]:
        return {card.id for card in self.store.documents.cards()}

    def examine(self) -> Findings:
        return examine(self.store, self.door.index, lexical=LEXICAL, encoder=ENCODER.identity)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    yield made
    made.store.close()


def test_a_folder_becomes_documents_and_points(library: Library) -> None:
    library.write("deploy.md", "# Deploy\n\nRun `make deploy`.\n")
    library.write("db/restore.md", "# Restore\n\nStop the writers first.\n")
    report = library.sync()
    assert report.added == ["handbook/db/restore.md", "handbook/deploy.md"]
    assert library.store.read("handbook/deploy.md").text == "# Deploy\n\nRun `make deploy`.\n"
    assert {point.passage.document for point in library.points()} == set(report.added)
    assert all(point.dense is None and point.sparse.indices for point in library.points())


def test_stored_passages_are_those_of_the_chunker(library: Library) -> None:
    library.write("deploy.md", "---\nstatus: accepted\n---\n# Deploy\n\nRun it.\n\n## Then\n\n- look\n- wait\n")
    library.sync()
    document = library.store.read("handbook/deploy.md")
    assert library.store.passages.of(document.id) == chunk(document, ENCODER)


def test_dense_vectors_follow_and_are_made_once(library: Library) -> None:
    library.write("deploy.md", "# Deploy\n\nRun `make deploy`.\n")
    library.sync()
    assert library.embed() == 1
    assert all(point.dense is not None for point in library.points())
    assert library.embed() == 0


def test_each_sort_of_edit_is_found(library: Library) -> None:
    for name in ("kept", "changed", "old", "gone"):
        library.write(f"{name}.md", f"# {name}\n\nThe {name} text.\n")
    library.sync()
    library.write("changed.md", "# changed\n\nAnother text.\n")
    (library.files / "old.md").rename(library.files / "new.md")
    (library.files / "gone.md").unlink()
    library.write("fresh.md", "# fresh\n\nJust written.\n")
    report = library.sync()
    assert report.same == ["handbook/kept.md"]
    assert report.changed == ["handbook/changed.md"]
    assert report.renamed == [Renamed("handbook/old.md", "handbook/new.md")]
    assert report.deleted == ["handbook/gone.md"]
    assert report.added == ["handbook/fresh.md"]


def test_a_rename_embeds_nothing_again(library: Library) -> None:
    library.write("old.md", "# Title\n\nThe text.\n")
    library.sync()
    library.embed()
    (library.files / "old.md").rename(library.files / "new.md")
    library.sync()
    assert library.embed() == 0
    assert all(point.dense is not None for point in library.points())


def test_an_unchanged_source_is_left_alone(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    os.utime(library.files / "a.md", (1_700_000_000, 1_700_000_000))
    library.sync()
    opened = library.door.opened
    (library.files / "a.md").chmod(0o000)  # root could read it all the same, but nothing does
    report = library.sync()
    assert (report.same, report.passages) == (["handbook/a.md"], 0)
    assert library.door.written == 1
    assert library.door.opened == opened + 1


def test_a_touched_file_is_the_same(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    os.utime(library.files / "a.md", (1_700_000_000, 1_700_000_000))
    assert library.sync().same == ["handbook/a.md"]
    assert library.store.ledger.entries("handbook")["a.md"].mtime_ns == 1_700_000_000 * 10**9


def test_a_change_of_permission_alone_reaches_every_point(library: Library) -> None:
    library.write("hr/pay.md", "# Pay\n\nThe bands.\n")
    library.sync()
    library.embed()
    library.write("hr/.aether-access", "group:hr\n")
    report = library.sync()
    assert (report.permission, report.changed) == (["handbook/hr/pay.md"], [])
    assert {point.passage.access for point in library.points()} == {("group:hr",)}
    assert library.embed() == 0
    assert library.store.read("handbook/hr/pay.md").access == {"group:hr"}


def test_a_manifest_overrides_what_a_document_says(library: Library) -> None:
    library.write("a.md", "---\nstatus: draft\n---\n# A\n\nText.\n")
    library.sync()
    said = Override(title="Alpha", kind="adr", status="accepted", owner="platform", access=("group:sre",))
    report = library.sync(Order(overrides={"handbook/a.md": said}, workers=1))
    assert report.restated == ["handbook/a.md"]
    document = library.store.read("handbook/a.md")
    assert (document.title, document.kind, document.access) == ("Alpha", "adr", {"group:sre"})
    assert (document.parsed.metadata.status, document.parsed.metadata.owner) == ("accepted", "platform")
    (point,) = library.points()
    assert (point.passage.title, point.passage.status) == ("Alpha", "accepted")


def test_what_a_manifest_no_longer_says_is_taken_back(library: Library) -> None:
    library.write("a.md", "---\nstatus: draft\n---\n# A\n\nText.\n")
    library.sync(Order(overrides={"handbook/a.md": Override(status="accepted")}, workers=1))
    assert library.store.read("handbook/a.md").parsed.metadata.status == "accepted"
    library.sync()
    assert library.store.read("handbook/a.md").parsed.metadata.status == "draft"


def test_a_bad_file_is_reported_and_stops_nothing(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.write("empty.md", "  \n")
    (library.files / "image.md").write_bytes(bytes(range(256)) * 40)
    for _ in range(2):
        report = library.sync()
        assert [(failure.file, failure.outcome) for failure in report.failures] == [("handbook/empty.md", "empty")]
        assert [(failure.file, failure.outcome) for failure in report.skipped] == [("handbook/image.md", "binary")]
    assert library.documents() == {"handbook/a.md"}


def test_a_document_that_can_no_longer_be_read_stays_as_it_was(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    library.write("a.md", "\n")
    (failure,) = library.sync().failures
    assert (failure.outcome, failure.kept) == ("empty", True)
    assert library.store.read("handbook/a.md").text == "# A\n\nText.\n"
    assert len(library.points()) == 1
    library.write("a.md", "# A\n\nText again.\n")
    assert library.sync().changed == ["handbook/a.md"]


def test_a_file_that_cannot_be_read_under_its_new_name_is_gone_from_its_old_one(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    library.write("a.md", "")
    library.sync()
    (library.files / "a.md").rename(library.files / "alpha.md")
    report = library.sync()
    assert [(failure.file, failure.kept) for failure in report.failures] == [("handbook/alpha.md", False)]
    assert (report.deleted, report.renamed) == (["handbook/a.md"], [])
    assert set(library.store.ledger.entries("handbook")) == {"alpha.md"}
    assert (library.documents(), library.points()) == (set(), [])
    assert library.examine().clean


def test_what_lies_in_a_folder_that_cannot_be_read_does_not_vanish(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.write("hr/pay.md", "# Pay\n\nThe bands.\n")
    library.sync()
    scan = os.scandir

    def denied(path: Path) -> Iterator[os.DirEntry[str]]:
        if path.name == "hr":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr("ingest.discover.os.scandir", denied)
    report = library.sync()
    assert (report.deleted, [failure.file for failure in report.failures]) == ([], ["handbook/hr"])
    assert library.documents() == {"handbook/hr/pay.md"}


def test_what_nobody_knows_the_readers_of_is_hidden_until_it_is_mended(library: Library) -> None:
    library.write("hr/pay.md", "# Pay\n\nThe bands.\n")
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    library.write("hr/.aether-access", "everyone\n")
    library.write("a.md", "---\naccess: group\n---\n# A\n\nText.\n")
    report = library.sync()
    assert [failure.file for failure in report.failures] == ["handbook/hr", "handbook/a.md"]
    assert not any(failure.kept for failure in report.failures)
    assert (library.documents(), library.points()) == (set(), [])
    library.write("hr/.aether-access", "group:hr\n")
    library.write("a.md", "---\naccess: group:sre\n---\n# A\n\nText.\n")
    library.sync()
    assert {point.passage.access for point in library.points()} == {("group:hr",), ("group:sre",)}
    assert library.examine().clean


def test_a_part_of_a_source_touches_nothing_outside_it(library: Library) -> None:
    library.write("a/one.md", "# One\n\nText.\n")
    library.write("b/two.md", "# Two\n\nText.\n")
    library.sync()
    (library.files / "b/two.md").unlink()
    library.write("a/three.md", "# Three\n\nText.\n")
    report = library.sync(paths=[library.files / "a"])
    assert (report.added, report.deleted) == (["handbook/a/three.md"], [])
    assert library.sync().deleted == ["handbook/b/two.md"]


def test_a_source_can_move_to_another_folder(library: Library, tmp_path: Path) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.write("b.md", "# B\n\nText.\n")
    library.sync()
    library.files.rename(tmp_path / "moved")
    (tmp_path / "moved" / "b.md").unlink()
    report = library.sync(paths=[tmp_path / "moved"], source="handbook")
    assert (report.same, report.deleted) == (["handbook/a.md"], ["handbook/b.md"])


def test_two_sources_do_not_touch_each_other(library: Library, tmp_path: Path) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.md").write_text("# A\n\nText.\n")
    report = library.sync(paths=[other])
    assert (report.added, report.renamed, report.deleted) == (["other/a.md"], [], [])
    assert library.documents() == {"handbook/a.md", "other/a.md"}
    library.embed()
    assert library.store.vectors.count() == 1


def test_git_gives_commit_and_date(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.write("a.md", "# A\n\nText.\n")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    git = partial(subprocess.run, cwd=library.files, check=True, capture_output=True)
    git(["git", "init", "-q"])
    library.sync()
    assert library.store.read("handbook/a.md").commit == ""
    git(["git", "add", "."])
    git(["git", *who, "commit", "-qm", "one", "--date", "2020-01-02T03:04:05Z"], env=COMMITTED)
    assert library.sync().restated == ["handbook/a.md"]
    document = library.store.read("handbook/a.md")
    assert (len(document.commit), document.modified_at[:10]) == (40, "2020-01-02")
    assert library.sync().same == ["handbook/a.md"]
    monkeypatch.setattr("ingest.sync.head_of", lambda root: "")
    assert library.sync().same == ["handbook/a.md"], "git is gone, what it said stays"
    monkeypatch.undo()
    library.write("a.md", "# A\n\nNot committed.\n")
    library.sync()
    assert library.store.read("handbook/a.md").commit == ""
    assert library.sync().same == ["handbook/a.md"]


def test_another_encoder_than_the_stores_is_refused(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    with pytest.raises(EncoderError, match="AETHER_ENCODER"):
        library.sync(encoder="another")


def test_a_lost_index_is_made_again_from_the_store(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    library.embed()
    before = library.points()
    library.door.index = MemoryIndex(dimension=ENCODER.dimension)
    library.sync()
    assert library.points() == before


def test_the_store_keeps_a_summary_of_each_run(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    (run,) = library.store.ledger.runs()
    assert run.finished
    assert (run.report["added"], run.report["passages"]) == (1, 1)


def test_ctrl_c_keeps_what_is_done(library: Library) -> None:
    library.write("a.md", "# A\n\nText.\n")
    library.sync()
    library.write("b.md", "# B\n\nText.\n")
    library.door.fail_with = KeyboardInterrupt()
    report = library.sync()
    assert report.interrupted
    library.door.fail_with = None
    library.sync()
    assert library.documents() == {"handbook/a.md", "handbook/b.md"}
    assert library.examine().clean


def test_a_failing_encoder_loses_nothing_that_was_embedded(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.embed._BATCH", 2)
    for number in range(6):
        library.write(f"{number}.md", f"# Title {number}\n\nText {number}.\n")
    library.sync()
    real, calls = EmbeddedEncoder.embed, []

    def tired(encoder: EmbeddedEncoder, texts: Sequence[str]) -> list[tuple[float, ...]]:
        calls.append(len(texts))
        if len(calls) == 3:
            raise EncoderError("out of memory", next_step="Try again")
        return real(encoder, texts)

    monkeypatch.setattr(EmbeddedEncoder, "embed", tired)
    with pytest.raises(EncoderError):
        library.embed()
    monkeypatch.setattr(EmbeddedEncoder, "embed", real)
    assert library.store.vectors.count() == 4
    assert library.embed() == 2
    assert library.examine().clean


def test_an_index_that_does_not_give_back_what_was_written_acknowledges_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.write("a.md", "# A\n\nText.\n")
    monkeypatch.setattr(MemoryIndex, "write", lambda index, points: None)
    with pytest.raises(IndexFailure, match="did not come back"):
        library.sync()
    assert library.store.passages.owing() == 1
    monkeypatch.undo()
    library.sync()
    assert library.examine().clean


WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta"])
PATHS = st.sampled_from(["a.md", "b.md", "d/a.md", "d/c.txt", "e/f/g.md"])


class EditsAreFollowed(RuleBasedStateMachine):
    """After any sequence of edits and of runs that fail at any point, one good run makes store and index the source."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=FAST)
        self.library = Library(Path(self.folder.name))

    def teardown(self) -> None:
        self.library.store.close()
        self.folder.cleanup()

    def paths(self) -> list[Path]:
        return sorted(p for p in self.library.files.rglob("*") if p.is_file() and not p.name.startswith("."))

    @rule(path=PATHS, words=st.lists(WORDS, max_size=3))
    def write(self, path: str, words: list[str]) -> None:
        self.library.write(path, "# Title\n\n" + "\n\n".join(words) if words else "")

    @precondition(lambda self: self.paths())
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.paths())).unlink()

    @precondition(lambda self: self.paths())
    @rule(data=st.data(), name=WORDS)
    def rename(self, data: st.DataObject, name: str) -> None:
        path = data.draw(st.sampled_from(self.paths()))
        path.rename(path.with_name(f"{name}{path.suffix}"))

    @rule(who=st.sampled_from(["public", "group:sre", "user:ada\ngroup:hr"]))
    def permit(self, who: str) -> None:
        self.library.write("d/.aether-access", who)

    @rule(at=st.integers(0, 3), what=st.sampled_from([KeyboardInterrupt(), IndexFailure("lost"), RuntimeError("bug")]))
    def fail(self, at: int, what: BaseException) -> None:
        self.library.door.fail_with, self.library.door.fail_after = what, at
        with suppress(IndexFailure, RuntimeError):
            self.library.sync()
        self.library.door.fail_with = None

    @rule()
    def embed(self) -> None:
        self.library.embed()

    @rule()
    def lose_the_index(self) -> None:
        self.library.door.index = MemoryIndex(dimension=ENCODER.dimension)

    @rule()
    def sync_and_compare(self) -> None:
        report = self.library.sync()
        entries = self.library.store.ledger.entries("handbook")
        assert set(entries) == {p.relative_to(self.library.files).as_posix() for p in self.paths()}
        failed = {failure.file for failure in report.failures}
        for path in self.paths():
            name = path.relative_to(self.library.files).as_posix()
            if f"handbook/{name}" not in failed:
                document = self.library.store.read(f"handbook/{name}")
                assert document.text == path.read_text()
                rule = self.library.files / "d/.aether-access"
                restricted = name.startswith("d/") and rule.exists()
                assert document.access == (set(rule.read_text().split()) if restricted else {"public"})
        assert self.library.documents() <= {f"handbook/{name}" for name in entries}
        assert self.library.examine().clean
        assert self.library.sync().counts()["same"] == len(entries) - len(failed)


TestEditsAreFollowed = EditsAreFollowed.TestCase
TestEditsAreFollowed.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
