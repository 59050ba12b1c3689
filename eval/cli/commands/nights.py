"""Run a night and say where its report lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.errors import UsageError
from eval.nightly.attacks import Sample
from eval.nightly.night import nightly
from eval.suites.catalog import SHARED, suite
from service.cli.ending import DONE, ERROR
from service.cli.progress import progress


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line said."""

    suites: tuple[str, ...]
    home: Path
    night: str | None
    keep: int
    saved: Path | None
    store: Path | None
    limit: int
    data: Path | None
    json: bool


def run_night(wanted: Wanted) -> int:
    """Run, write, tell; exit status 0 for a night that was fine or is worth a look."""
    night = wanted.night or date.today().isoformat()
    try:
        date.fromisoformat(night)
    except ValueError as error:
        raise UsageError("is no date", item=night, next_step="Write it as 2026-11-25") from error
    suites = [suite(name, wanted.data).first(wanted.limit) for name in wanted.suites]
    sample = Sample(wanted.data or SHARED / "data").first(wanted.limit)
    with progress(silent=wanted.json) as shown:
        report = nightly(
            suites,
            wanted.home,
            night,
            shown,
            sample=sample,
            store=wanted.store,
            saved=wanted.saved,
            keep=wanted.keep,
        )
    if wanted.json:
        print(report.model_dump_json(indent=1))
    else:
        print(f"{report.night}: {report.verdict}. {report.headline}")
        for line in report.changed:
            print(f"  {line}")
        for stage in report.stages:
            print(f"  {stage.verdict:10} {stage.name}: {stage.summary}")
        print(f"Report: {wanted.home / 'nights' / night / 'report.html'}")
    return DONE if report.verdict in ("fine", "look") else ERROR
