"""The answers that a service gave, kept for some days where the settings say so: `journal/DAY.jsonl` in the store.

One JSON object a line: time, request, who, key, and the answer's whole record, as `aether verify` reads one. It is for
the store's owner only. A day that is older than the retention goes when the next answer is kept, or the service
starts. What cites or shows a document that is forgotten is taken out.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from service.access.principal import Principal
from service.answer import Answer
from service.whole import write_whole

_LOG = logging.getLogger("aether")


class Journal:
    """The journal in the folder of a store. `days`: how long an answer is kept, 0 = none is."""

    def __init__(self, store: Path, days: int) -> None:
        self._folder = store / "journal"
        self._days = days
        self._turn = threading.Lock()
        self._today: date | None = None

    def note(self, who: Principal, made: Answer, *, request: str = "") -> None:
        """Keep an answer. Where that cannot be, the service's own log says so, and the answer is given all the same."""
        if not self._days:
            return
        now = datetime.now(UTC)
        line = {
            "time": now.isoformat(timespec="milliseconds"),
            "request": request,
            "who": who.name,
            "key": who.key,
            "answer": made.model_dump(mode="json"),
        }
        with self._turn:
            try:
                if now.date() != self._today:
                    self._clear(now.date())
                self._append(now.date(), json.dumps(line, ensure_ascii=False) + "\n")
            except OSError as error:
                _LOG.error("the journal cannot be written: %s", error)

    def clear(self) -> None:
        """Delete what is older than the retention."""
        with self._turn:
            self._clear(datetime.now(UTC).date())

    def forget(self, documents: Collection[str]) -> int:
        """Take out the answers that cite or show one of these documents; how many."""
        gone = 0
        with self._turn:
            for path in sorted(self._folder.glob("*.jsonl")):
                lines = path.read_text("utf-8", "replace").splitlines()
                kept = [line for line in lines if not _shows(line, documents)]
                gone += len(lines) - len(kept)
                if len(kept) < len(lines):
                    write_whole(path, "".join(f"{line}\n" for line in kept).encode())
        return gone

    def answers(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The file and the record of each answer; the half line of a process that was killed is none."""
        for path in sorted(self._folder.glob("*.jsonl")):
            for line in path.read_text("utf-8", "replace").splitlines():
                with suppress(ValueError, KeyError, TypeError):
                    yield path, json.loads(line)["answer"]

    def _clear(self, today: date) -> None:
        last = (today - timedelta(days=self._days)).isoformat()
        for path in self._folder.glob("*.jsonl"):
            if not self._days or path.stem <= last:
                path.unlink(missing_ok=True)
        self._today = today

    def _append(self, day: date, line: str) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(self._folder / f"{day.isoformat()}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(line)


def _shows(line: str, documents: Collection[str]) -> bool:
    """Whether an answer shows one of the documents; half a line, of a process that was killed, may show anything."""
    try:
        answer: dict[str, Any] = json.loads(line)["answer"]
        nearest = answer["refusal"]["nearest"] if answer["refusal"] else ()
        shown = {one["document"] for one in (*answer["citations"], *answer["evidence"])}
        return any(name in shown or any(name in near for near in nearest) for name in documents)
    except (ValueError, KeyError, TypeError):
        return True
