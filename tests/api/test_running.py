"""A service holds the index; the owner's commands on the same store go through it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import uvicorn

from corpus.errors import StoreBusy
from service.api.app import create_app
from service.cli.program import run
from service.desk.beacon import FILE, beacon_of, lit
from service.settings import Settings
from service.wiring import Wiring

REPO = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def running(library: Path, tmp_path: Path) -> Iterator[Path]:
    """A store on which a service runs."""
    store, port = Path(shutil.copytree(library, tmp_path / "store")), free_port()
    app = create_app(Wiring(Settings(store=store)))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    with lit(store, host="127.0.0.1", port=port, token=app.state.service.token):
        thread.start()
        until = time.monotonic() + 60
        while not server.started or httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=60).status_code != 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        yield store
        server.should_exit = True
        thread.join(60)


def test_ask_and_ingest_go_through_it(
    running: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AETHER_WAIT", "0.1")
    question = ["When does the payroll export run?", "--store", str(running), "--json"]
    assert run(["ask", *question]) == 3
    assert "25th" not in capsys.readouterr().out
    assert run(["ask", *question, "--as", "group:finance"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "grounded"

    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "rotate.md").write_text("# Rotate the keys\n\nRotate them with `vaultctl rotate`.\n")
    assert run(["ingest", str(tmp_path / "runbooks"), "--store", str(running), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["added"] == ["runbooks/rotate.md"]
    assert json.loads(told.out)["without_vector"] == 0
    assert run(["ask", "How do I rotate the keys?", "--store", str(running)]) == 0
    assert "vaultctl rotate" in capsys.readouterr().out

    assert run(["ingest", str(tmp_path / "nothing"), "--store", str(running)]) == 1
    assert "no such file or folder" in capsys.readouterr().err
    assert run(["ask", "How?", "--store", str(running), "--as", "nobody:x"]) == 2


def test_checks_go_through_it(running: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = (
        "Deploy the ledger with `ledgerctl deploy`, on Fridays only.",
        "The payroll export runs on the 25th of each month.",
    )
    (tmp_path / "draft.md").write_text("\n\n".join(said).replace("25th", "25th of each month"))
    options = ["--store", str(running), "--as", "group:finance", "--json"]
    assert run(["check", str(tmp_path / "draft.md"), *options]) == 3
    found = json.loads(capsys.readouterr().out)
    assert (found["supported"], found["failed"]) == (1, 1)
    (tmp_path / "found.json").write_text(json.dumps(found))
    assert run(["verify", str(tmp_path / "found.json"), *options]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["holds"] == len(found["citations"])


def test_only_the_owner_asks_for_others_and_for_any_path(running: Path) -> None:
    note = running / FILE
    assert note.stat().st_mode & 0o777 == 0o600
    beacon = json.loads(note.read_text())
    address = f"http://127.0.0.1:{beacon['port']}"
    body = {"paths": ["/etc"]}
    assert httpx2.post(f"{address}/v1/ingest", json=body).status_code == 403
    wrong = {"authorization": "Bearer " + "x" * 43}
    assert httpx2.post(f"{address}/v1/ingest", json=body, headers=wrong).status_code == 403
    asked = {"question": "When does the payroll export run?", "as": ["group:finance"]}
    assert httpx2.post(f"{address}/v1/ask", json=asked).status_code == 403


def test_one_service_a_store(running: Path) -> None:
    with pytest.raises(StoreBusy, match="serves it already"), lit(running, host="127.0.0.1", port=1, token="t"):
        pass
    assert beacon_of(running)


def test_a_note_that_was_left_counts_for_nothing(tmp_path: Path) -> None:
    assert beacon_of(tmp_path) is None
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for pid, port in ((ended.pid, 80), (os.getpid(), free_port())):
        (tmp_path / FILE).write_text(json.dumps({"pid": pid, "host": "127.0.0.1", "port": port, "token": "t"}))
        assert beacon_of(tmp_path) is None
    (tmp_path / FILE).write_text('{"pid": 1')
    assert beacon_of(tmp_path) is None
    with lit(tmp_path, host="0.0.0.0", port=1, token="t"):
        assert json.loads((tmp_path / FILE).read_text())["host"] == "127.0.0.1"
    assert not (tmp_path / FILE).exists()


@pytest.mark.slow
def test_the_note_goes_with_the_service(library: Path, tmp_path: Path) -> None:
    store, port = Path(shutil.copytree(library, tmp_path / "store")), free_port()
    environment = {**os.environ, "PYTHONPATH": f"{REPO}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port)]
    for end, left in ((signal.SIGKILL, True), (signal.SIGTERM, False)):
        with subprocess.Popen([*command, "--store", str(store)], env=environment) as served:
            until = time.monotonic() + 60
            while beacon_of(store) is None:
                assert time.monotonic() < until
                time.sleep(0.1)
            served.send_signal(end)
            served.wait(60)
        assert beacon_of(store) is None
        assert (store / FILE).exists() == left
