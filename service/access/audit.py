"""Who asked, read, wrote and forgot: `audit/audit.jsonl` in the store's folder.

One JSON object a line: time, request, who, key, action, target, outcome. The target of a question is the beginning of
its SHA-256, never its words; of a document its id. No text of any document is written. A file that has grown to the
limit is put aside under a number, and the oldest go.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from service.access.principal import Principal

Action = Literal["ask", "search", "read", "write", "forget", "feedback", "manage"]
_LOG = logging.getLogger("aether")


class Audit:
    """Appends to the log. Safe for many threads; a log that cannot be written is told in the service's own log."""

    def __init__(self, store: Path, *, most_bytes: int = 10_000_000, files: int = 10) -> None:
        self._folder = store / "audit"
        self._most = most_bytes
        self._files = files
        self._turn = threading.Lock()

    def note(self, who: Principal, action: Action, target: str, *, request: str = "", outcome: str = "done") -> None:
        """One line."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request": request,
            "who": who.name,
            "key": who.key,
            "action": action,
            "target": target,
            "outcome": outcome,
        }
        with self._turn:
            try:
                self._append(json.dumps(line, ensure_ascii=False) + "\n")
            except OSError as error:
                _LOG.error("the audit log cannot be written: %s", error)

    def _append(self, line: str) -> None:
        path = self._folder / "audit.jsonl"
        if not self._folder.parent.is_dir():
            return  # there is no store, so there is nothing to tell of
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if path.exists() and path.stat().st_size + len(line) > self._most:
            self._rotate(path)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(line)

    def _rotate(self, path: Path) -> None:
        for number in range(self._files - 1, 0, -1):
            older = path.with_name(f"audit.{number}.jsonl")
            if older.exists():
                older.replace(path.with_name(f"audit.{number + 1}.jsonl"))
        path.replace(path.with_name("audit.1.jsonl"))
        path.with_name(f"audit.{self._files}.jsonl").unlink(missing_ok=True)


def digest(question: str) -> str:
    """How a question is named in the log."""
    return hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()[:16]
