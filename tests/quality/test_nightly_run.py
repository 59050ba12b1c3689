"""A whole night on a few cases: killed and started again it gives the same report; a broken night says why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from corpus.nightly import Night
from eval.nightly.attacks import Sample
from eval.nightly.night import nightly
from eval.suites.catalog import suite
from ingest.report import Silent

pytestmark = pytest.mark.slow
CODE = "from eval.cli import main; main()"
REPO = Path(__file__).resolve().parents[2]
SAMPLE = Sample(REPO / "no data", attacks=2, requests=40)


def _body(place: Path) -> dict[str, Any]:
    """The report without its timings."""
    body = Night.model_validate_json(place.read_text("utf-8")).model_dump(exclude={"trends"})
    body["figures"] = [figure for figure in body["figures"] if not figure["name"].startswith("Latency")]
    return body


def test_a_killed_night_goes_on_and_gives_the_same_report(tmp_path: Path) -> None:
    arguments = ["nightly", "--suite", "smoke", "--limit", "12", "--night", "2026-11-20", "--home"]
    command = [sys.executable, "-c", CODE, *arguments]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPO), os.environ.get("PYTHONPATH", "")])}
    whole = subprocess.run([*command, str(tmp_path / "whole")], capture_output=True, text=True, env=env)
    assert whole.returncode in (0, 1), whole.stderr  # on so few cases a floor may well be broken
    child = subprocess.Popen(
        [*command, str(tmp_path / "cut")], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env
    )
    log = tmp_path / "cut/nights/2026-11-20/smoke.jsonl"
    for _ in range(3000):
        if log.exists() and log.read_bytes().count(b"\n") >= 4:
            break
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (log.parent / "report.json").exists()
    again = subprocess.run([*command, str(tmp_path / "cut")], capture_output=True, text=True, env=env)
    assert again.returncode == whole.returncode, again.stderr
    assert _body(log.parent / "report.json") == _body(tmp_path / "whole/nights/2026-11-20/report.json")


def test_the_second_night_is_compared_with_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = suite("smoke").first(24)
    first = nightly([few], tmp_path, "2026-11-20", Silent(), sample=SAMPLE)
    same = nightly([few], tmp_path, "2026-11-21", Silent(), sample=SAMPLE)
    assert same.results == first.results
    assert same.changed == ()
    assert next(stage for stage in same.stages if stage.name == "citation drift").summary.endswith("0 changed, 0 gone")
    monkeypatch.setenv("AETHER_THRESHOLD", "0.99")
    broken = nightly([few], tmp_path, "2026-11-22", Silent(), sample=SAMPLE)
    assert broken.verdict == "bad"
    assert broken.cause.startswith("refusal threshold")
    assert any(case.new for case in broken.worst)
    assert len(broken.trends[0].points) == 3
