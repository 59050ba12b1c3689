"""A store becomes one file, while it is written, and a store again; what was altered does not."""

from __future__ import annotations

import io
import os
import tarfile
import threading
from pathlib import Path

import pytest

from corpus.errors import StoreDamaged, UsageError
from ingest.store.store import Store
from service.access.keys import Keys, Wish
from service.backup import backup, restore
from service.cli.program import run
from service.settings import Settings
from service.wiring import Wiring

TEXT = "# Restore the ledger\n\nRestore the ledger with `ledgerctl restore --from latest`.\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("backup")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "restore.md").write_text(TEXT)
    assert run(["ingest", str(tmp_path / "docs"), "--store", str(tmp_path / "store")]) == 0
    Keys(tmp_path / "store").create(Wish("ci"))
    (tmp_path / "store" / "uploads" / "public").mkdir(parents=True)
    (tmp_path / "store" / "uploads" / "public" / "a.md").write_text("# A\n")
    return tmp_path / "store"


def wiring(store: Path) -> Wiring:
    return Wiring(Settings(store=store))


def test_there_and_back(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive, again = tmp_path / "a.tar.gz", tmp_path / "again"
    assert run(["backup", str(archive), "--store", str(store)]) == 0
    assert archive.stat().st_mode & 0o777 == 0o600
    assert run(["restore", str(archive), "--store", str(again)]) == 0
    assert run(["doctor", "--store", str(again)]) == 0
    assert Keys(again).all() == Keys(store).all()
    assert (again / "uploads" / "public" / "a.md").read_text() == "# A\n"
    capsys.readouterr()
    assert run(["ask", "How do I restore the ledger?", "--store", str(again)]) == 0
    assert "ledgerctl restore --from latest" in capsys.readouterr().out
    assert run(["backup", str(archive), "--store", str(store)]) == 2
    assert run(["restore", str(archive), "--store", str(store)]) == 2
    assert "is not empty" in capsys.readouterr().err


def test_a_backup_while_others_write_is_of_one_moment(store: Path, tmp_path: Path) -> None:
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        with Store.open(store) as opened:
            number = 0
            while not ended.is_set():
                number += 1
                with opened.transaction():
                    opened.ledger.set_fact("one", str(number))
                    opened.ledger.set_fact("two", str(number))
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(30)
    try:
        for number in range(3):
            backup(wiring(store), tmp_path / f"{number}.tar.gz")
    finally:
        ended.set()
        writer.join()
    for number in range(3):
        restore(Settings(store=tmp_path / f"s{number}"), tmp_path / f"{number}.tar.gz")
        with Store.open(tmp_path / f"s{number}") as opened:
            assert opened.ledger.fact("one") == opened.ledger.fact("two") != ""


@pytest.mark.parametrize("harm", ["cut", "flipped", "stranger", "outside", "link", "text"])
def test_what_was_altered_is_refused_and_leaves_nothing(store: Path, tmp_path: Path, harm: str) -> None:
    archive, again = tmp_path / "a.tar.gz", tmp_path / "again"
    backup(wiring(store), archive)
    if harm == "cut":
        os.truncate(archive, archive.stat().st_size // 2)
    elif harm == "text":
        archive.write_text("not an archive")
    else:
        _rewritten(archive, harm)
    with pytest.raises(StoreDamaged):
        restore(Settings(store=again), archive)
    assert not again.exists()
    assert not (tmp_path / "evil").exists()
    assert [path for path in tmp_path.iterdir() if "restoring" in path.name] == []


def _rewritten(archive: Path, harm: str) -> None:
    with tarfile.open(archive) as old:
        parts = [(member, old.extractfile(member)) for member in old.getmembers()]
        bodies = [(member, stream.read()) for member, stream in parts if stream]
    with tarfile.open(archive, "w:gz") as new:
        for member, body in bodies:
            changed = body.replace(b"ledger", b"hedger") if harm == "flipped" else body
            if harm == "flipped" and member.name == "keys.json":
                changed = body.replace(b"reader", b"editor")
            new.addfile(member, io.BytesIO(changed))
        extra = tarfile.TarInfo(
            {"stranger": "other.txt", "outside": "uploads/../../evil", "link": "uploads/l"}.get(harm, "")
        )
        if harm == "link":
            extra.type, extra.linkname = tarfile.SYMTYPE, "/etc/passwd"
        if extra.name:
            new.addfile(extra, io.BytesIO())


def test_without_a_store_there_is_no_backup(tmp_path: Path) -> None:
    assert run(["backup", str(tmp_path / "a.tar.gz"), "--store", str(tmp_path / "none")]) == 1
    assert not (tmp_path / "a.tar.gz").exists()
    with pytest.raises(UsageError):
        restore(Settings(store=Path(__file__).parent), tmp_path / "a.tar.gz")
