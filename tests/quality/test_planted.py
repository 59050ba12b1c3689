"""Six regressions are planted one after the other: the gate catches each, and names the right cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.comparing.planted import KINDS, plant_all
from eval.suites.catalog import suite
from ingest.report import Silent


@pytest.mark.slow
def test_six_of_six_are_caught(tmp_path: Path) -> None:
    caught = {one.kind: (one.right, one.verdict.cause) for one in plant_all(suite("smoke"), tmp_path, Silent())}
    assert set(caught) == set(KINDS)
    assert {kind: told for kind, told in caught.items() if not told[0]} == {}
