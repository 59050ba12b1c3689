"""A small library in which some may read less than others, and apps over it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from httpx2 import Response

from service.access.keys import Keys, Wish
from service.api.app import create_app
from service.cli.program import run
from service.settings import Settings
from service.wiring import Wiring

LOCAL = "http://127.0.0.1:8000"
TEXTS = {
    "handbook/restore.md": "# Restore the ledger\n\nRestore the ledger with `ledgerctl restore --from latest`.\n",
    "handbook/deploy.md": "# Deploy the ledger\n\nDeploy the ledger with `ledgerctl deploy`, on Tuesdays only.\n",
    "private/pay.md": "# Payroll\n\nThe payroll export runs on the 25th of each month.\n",
}
Door = Callable[..., TestClient]
Serving = Callable[[Path], AbstractContextManager[str]]
Done = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose source `private` only `group:finance` may read."""
    folder = tmp_path_factory.mktemp("library")
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "private" / ".aether-access").write_text("group:finance\n")
    paths = [str(folder / "handbook"), str(folder / "private")]
    assert run(["ingest", *paths, "--store", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture
def door() -> Iterator[Door]:
    """Makes clients of running apps: `door(store, token="...", exposed=True, **settings)`."""
    with ExitStack() as open_doors:

        def make(store: Path, *, token: str = "", exposed: bool = False, **settings: object) -> TestClient:
            wiring = Wiring(Settings.model_validate({"store": store, **settings}))
            headers = {"authorization": f"Bearer {token}"} if token else {}
            app = create_app(wiring, exposed=exposed)
            return open_doors.enter_context(TestClient(app, LOCAL, headers=headers, raise_server_exceptions=False))

        yield make


@pytest.fixture(scope="session")
def done() -> Done:
    """Waits for a job: `done(client, what told of it, headers)` is its last state."""

    def wait(client: TestClient, told: Response, headers: dict[str, str] | None = None) -> dict[str, Any]:
        assert told.status_code == 202, told.text
        until = time.monotonic() + 60
        while time.monotonic() < until:
            state: dict[str, Any] = client.get(told.headers["location"], headers=headers).json()
            if state["status"] in ("done", "failed"):
                return state
            time.sleep(0.05)
        raise AssertionError("the job does not end")

    return wait


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Serves a store on loop-back while a context lasts, and gives the address."""
    return _serving


@contextmanager
def _serving(store: Path) -> Iterator[str]:
    config = uvicorn.Config(
        create_app(Wiring(Settings(store=store))), port=0, log_level="warning", timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def served(library: Path, serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server over a copy of the library."""
    store = tmp_path_factory.mktemp("served") / "store"
    with serving(Path(shutil.copytree(library, store))) as address:
        yield address


def key_of(store: Path, role: str = "reader", *access: str, **more: int) -> str:
    """The token of a new key."""
    return Keys(store).create(Wish("test", role, access or ("public",), **more))[1]  # type: ignore[arg-type]
