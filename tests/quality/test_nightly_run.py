"""A whole night on a few cases: killed and started again it gives the same report; a broken night says why."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.nightly import Night
from eval.cli.commands.gates import keep_baseline
from eval.nightly.attacks import Sample
from eval.nightly.night import nightly
from eval.suites.catalog import suite
from ingest.report import Silent

pytestmark = pytest.mark.slow
CODE = "from eval.cli import main; main()"
REPO = Path(__file__).resolve().parents[2]
NIGHT = "nights/2026-11-20"
COMMAND = [sys.executable, "-c", CODE, "nightly", "--suite", "smoke", "--limit", "9", "--night", "2026-11-20", "--home"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPO), os.environ.get("PYTHONPATH", "")])}
SAMPLE = Sample(REPO / "no data", attacks=2, requests=40)


def _body(place: Path) -> dict[str, Any]:
    """The report without its timings."""
    body = Night.model_validate_json(place.read_text("utf-8")).model_dump(exclude={"trends"})
    body["figures"] = [figure for figure in body["figures"] if not figure["name"].startswith("Latency")]
    return body


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report of a night that nobody killed."""
    home = tmp_path_factory.mktemp("whole")
    done = subprocess.run([*COMMAND, str(home)], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode in (0, 1), done.stderr  # on so few cases a floor may well be broken
    return _body(home / NIGHT / "report.json")


def _ingesting(home: Path) -> bool:
    return (home / "store/aether.db").exists()


def _asking(home: Path) -> bool:
    log = home / NIGHT / "smoke.jsonl"
    return log.exists() and log.read_bytes().count(b"\n") >= 4


def _attacking(home: Path) -> bool:
    return (home / NIGHT / "smoke.summary.json").exists()


def _reported(home: Path) -> bool:
    return (home / NIGHT / "report.json").exists()


@pytest.mark.parametrize("moment", [_ingesting, _asking, _attacking, _reported])
def test_a_night_that_was_killed_goes_on_and_gives_the_same_report(
    tmp_path: Path, whole: dict[str, Any], moment: Callable[[Path], bool]
) -> None:
    child = subprocess.Popen(
        [*COMMAND, str(tmp_path)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT
    )
    while child.poll() is None and not moment(tmp_path):
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert moment(tmp_path)
    assert _reported(tmp_path) == (moment is _reported)
    again = subprocess.run([*COMMAND, str(tmp_path)], capture_output=True, text=True, env=ENVIRONMENT)
    assert again.returncode in (0, 1), again.stderr
    assert _body(tmp_path / NIGHT / "report.json") == whole


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
    still = nightly([few], tmp_path, "2026-11-23", Silent(), sample=SAMPLE)
    assert (still.verdict, still.cause) == ("bad", broken.cause), "a regression stays red until it is mended"
    assert still.changed == ()
    fewer = nightly([few.first(12)], tmp_path, "2026-11-24", Silent(), sample=SAMPLE)
    assert "the night before" not in first.headline
    assert re.search(r" of 24 cases came out as they should, \d+ the night before", same.headline)
    assert re.search(r" of 12 cases came out as they should, \d+ of 24 the night before", fewer.headline)


def test_a_suite_without_a_baseline_is_held_to_the_last_night_that_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(suite("smoke").first(24), name="ours", floors={})
    nights = [nightly([few], tmp_path, "2026-11-20", Silent(), sample=SAMPLE)]
    with monkeypatch.context() as broken:
        broken.setenv("AETHER_THRESHOLD", "0.99")
        nights += [nightly([few], tmp_path, f"2026-11-{day}", Silent(), sample=SAMPLE) for day in (21, 22)]
        accepted = tmp_path / "baselines" / "ours.json"
        keep_baseline(tmp_path / "nights" / "2026-11-22" / "ours.jsonl", accepted)
        nights += [nightly([few], tmp_path, "2026-11-23", Silent(), sample=SAMPLE)]
    gates = [next(stage.verdict for stage in night.stages if stage.name == "gate ours") for night in nights]
    assert gates == ["fine", "bad", "bad", "fine"]
