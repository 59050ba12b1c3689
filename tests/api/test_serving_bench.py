"""The measurement of a service under load runs, over a small library of the kind that it makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.serving.run import bench


@pytest.mark.slow
def test_every_row_is_measured_and_nothing_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench(tmp_path / "store", 200, many=24, few=12, new=3, ahead=False)
    told = capsys.readouterr().out
    for row in (
        "read ahead",
        "with the models",
        "start to ready",
        "8 clients",
        "memory",
        "/v1/search",
        "first streamed",
        "documents are read",
    ):
        assert row in told
    assert told.count(" 0 failed") == 7
    assert "status 0" in told
