"""The log of a run: JSON lines, the header first, then a record a case, then the probes.

A line is written whole and flushed, so a killed run loses at most the case it was asking; a torn last line is cut off
when the run goes on. A log is self-describing: it can be scored again anywhere, without the suite and the store.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pydantic import ValidationError

from corpus.errors import UsageError
from eval.running.record import Header, Probe, Record


@dataclass(slots=True)
class Run:
    """A run as read back."""

    header: Header
    records: list[Record] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)


def read_log(path: Path) -> Run:
    """The run of a log; a torn last line is passed over. Raises `UsageError` where it is none."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", item=str(path), next_step="Make it with aether-eval run"
        ) from error
    whole = lines[:-1]
    try:
        run = Run(Header.model_validate_json(whole[0]))
        for line in whole[1:]:
            what, body = line[:2], line[2:]
            if what == "P ":
                run.probes.append(Probe.model_validate_json(body))
            else:
                run.records.append(Record.model_validate_json(line))
    except (ValidationError, IndexError, json.JSONDecodeError) as error:
        first = " ".join(str(error).split())[:120]
        raise UsageError(
            f"is no log of a run ({first})", item=str(path), next_step="Make it with aether-eval run"
        ) from error
    return run


class LogWriter:
    """Appends to a log, or begins one. `done` are the ids that it holds already."""

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self.done: set[str] = set()
        self.probed = 0
        self._file: IO[str] | None = None
        self._header = header

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        known = self._known()
        self._file = self._path.open("a" if known else "w", encoding="utf-8", newline="\n")
        if not known:
            self._line(self._header.model_dump_json())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def _known(self) -> bool:
        """Whether the file is this very run, begun earlier; then it is cut back to whole lines."""
        if not self._path.exists() or not self._path.stat().st_size:
            return False
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if not whole:
            return False
        run = read_log(self._path)
        if run.header.fingerprint() != self._header.fingerprint():
            raise UsageError(
                "holds another run: other cases, documents or settings",
                item=str(self._path),
                next_step="Give another --out, or remove it",
            )
        if len(whole) < len(content):
            os.truncate(self._path, len(whole))
        self.done = {record.case.id for record in run.records}
        self.probed = len(run.probes)
        return True

    def write(self, record: Record) -> None:
        """One more case."""
        self._line(record.model_dump_json())

    def probe(self, probe: Probe) -> None:
        """One more probe."""
        self._line("P " + probe.model_dump_json())

    def _line(self, line: str) -> None:
        assert self._file is not None
        self._file.write(line + "\n")
        self._file.flush()
