"""How far a run is, on standard error: a bar on a terminal, else a line when a stage begins and every few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from ingest.report import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_EVERY = 10.0


@contextmanager
def progress(*, silent: bool) -> Iterator[Progress]:
    """What a run tells its progress to."""
    if silent:
        yield Silent()
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield BarProgress(bars)
    else:
        lines = LineProgress(sys.stderr)
        yield lines
        lines.end()


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    return Bars(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
    )


class BarProgress:
    """One bar for the stage that runs."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def stage(self, name: str, total: int, unit: str) -> None:
        """The bar of the stage before goes, this one comes."""
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(name, total=total or None, unit=unit, rate="")

    def advance(self, done: int) -> None:
        """Move the bar."""
        if self._task is None:
            return
        self._bars.advance(self._task, done)
        task = next(task for task in self._bars.tasks if task.id == self._task)
        self._bars.update(self._task, rate=f", {task.speed:,.0f}/s" if task.speed else "")


class LineProgress:
    """Lines for a log."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._name, self._unit, self._total, self._done = "", "", 0, 0
        self._began = self._said = time.monotonic()

    def stage(self, name: str, total: int, unit: str) -> None:
        """Say that a stage begins."""
        self.end()
        self._name, self._unit, self._total, self._done = name, unit, total, 0
        self._began = self._said = time.monotonic()
        if total:
            self._say(f"{name}: {total:,} {unit}")

    def advance(self, done: int) -> None:
        """Say how far it is, now and then."""
        self._done += done
        now = time.monotonic()
        if now - self._said < _EVERY:
            return
        self._said = now
        rate = self._done / (now - self._began)
        left = f", {(self._total - self._done) / rate:.0f} s left" if self._total and rate else ""
        of = f" of {self._total:,}" if self._total else ""
        self._say(f"{self._name}: {self._done:,}{of} {self._unit}, {rate:,.1f}/s{left}")

    def end(self) -> None:
        """Say what a stage took that was worth a line before."""
        spent = time.monotonic() - self._began
        if self._done and spent >= _EVERY:
            self._say(f"{self._name}: {self._done:,} {self._unit} in {spent:,.0f} s")
        self._done = 0

    def _say(self, line: str) -> None:
        print(line, file=self._out, flush=True)
