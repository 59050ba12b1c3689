"""A real Chromium on a real service over a small library, and screenshots kept as artefacts."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.library import LIBRARY
from service.cli.program import run

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

REPO = Path(__file__).resolve().parents[2]
SHOTS = REPO / ".aether" / "screenshots"
_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --window-size=1280,900 --force-color-profile=srgb"
).split()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `aether serve` answers from the bundled library."""
    with _served(tmp_path_factory.mktemp("browser"), LIBRARY) as door:
        yield door


@pytest.fixture(scope="session")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same where a library that draws diagrams is installed."""
    home = tmp_path_factory.mktemp("drawing")
    drawn = "render: async (id, text) => ({ svg: `<svg><text y='20'>${text.replace('>', '&gt;')}</text></svg>` })"
    (home / "mermaid.js").write_text(f"globalThis.mermaid = {{ initialize() {{}}, {drawn} }};")
    with _served(home, LIBRARY / "runbooks", AETHER_MERMAID=str(home / "mermaid.js")) as door:
        yield door


@contextmanager
def _served(home: Path, documents: Path, **settings: str) -> Iterator[str]:
    assert run(["ingest", str(documents), "--store", str(home / "store")]) == 0
    environment = {**os.environ, **settings, "PYTHONPATH": f"{REPO}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--store", str(home / "store")]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with (
        (home / "log").open("w") as log,
        subprocess.Popen([*command, "--port", port], env=environment, stdout=log, stderr=log, cwd=home) as served,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            served.terminate()
            served.wait(20)


def _wait(url: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"{url} is not ready")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    """Chromium, driven by selenium; skipped where there is none."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        pytest.skip("needs chromium and chromedriver")
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = browser
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in _FLAGS:
        options.add_argument(flag)
    window = Chrome(options, Service(driver))
    try:
        yield window
    finally:
        window.quit()
