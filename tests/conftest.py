"""What every test shares: no network beyond loopback, and where the development data lies."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
SHARED = REPO.parent / "shared"
OFFLINE = REPO / "tests" / "offline"

runpy.run_path(str(OFFLINE / "sitecustomize.py"))
os.environ["PYTHONPATH"] = str(OFFLINE)
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the working tree."""
    return REPO


@pytest.fixture(scope="session")
def shared() -> Path:
    """Others' data for development. A test that asks for it is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"needs {SHARED}")
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs ../shared where it is absent. Asking for the fixture `shared` is enough to be marked."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"needs {SHARED}"))
