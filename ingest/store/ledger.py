"""The ledger: every file that a run met, with its terminal state and the reason; and the sources and runs.

The state of a file that became a document is final once the outbox owes nothing for that document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from corpus.errors import NotFound
from ingest.store.database import Database


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one file.

    path     in the source, with forward slashes
    mtime_ns 0 when the file was so fresh that its time proves nothing
    sha256   of the file's bytes as parsed, "" when it was never read
    rules    fingerprint of all else that decides what the file becomes: chunker, kind, access, commit
    outcome  a `corpus.errors.Outcome`
    document its id, "" when it never became one
    """

    source: str
    path: str
    size: int
    mtime_ns: int
    sha256: str
    rules: str
    outcome: str
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source as last ingested. `head` is the git commit its root was at, or ""."""

    name: str
    root: str
    settings: dict[str, Any]
    head: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run; `finished` is "" when it was killed."""

    id: int
    started: str
    finished: str
    report: dict[str, Any]


_ENTRY = "source, path, size, mtime_ns, sha256, rules, outcome, reason, document"


class Ledger:
    """Reads and writes the ledger; every write belongs in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, run: int, entries: Iterable[Entry]) -> None:
        """Set the state of some files."""
        self._database.many(
            f"INSERT OR REPLACE INTO ledger ({_ENTRY}, run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (e.source, e.path, e.size, e.mtime_ns, e.sha256, e.rules, e.outcome, e.reason, e.document, run)
                for e in entries
            ),
        )

    def strike(self, source: str, paths: Iterable[str]) -> None:
        """These files are gone."""
        self._database.many("DELETE FROM ledger WHERE source = ? AND path = ?", ((source, path) for path in paths))

    def entries(self, source: str = "") -> dict[str, Entry]:
        """The files of one source by path, or of all sources by `source/path`."""
        sql = f"SELECT {_ENTRY} FROM ledger WHERE ? IN ('', source) ORDER BY source, path"
        found = [Entry(*row) for row in self._database.rows(sql, (source,))]
        return {entry.path if source else f"{entry.source}/{entry.path}": entry for entry in found}

    def counts(self) -> dict[str, int]:
        """How many files are in which state."""
        return dict(self._database.rows("SELECT outcome, count(*) FROM ledger GROUP BY outcome ORDER BY outcome"))

    def sources(self) -> list[SourceRecord]:
        """All sources by name."""
        rows = self._database.rows("SELECT name, root, settings, head FROM sources ORDER BY name")
        return [SourceRecord(name, root, json.loads(settings), head) for name, root, settings, head in rows]

    def source(self, name: str) -> SourceRecord:
        """One source. Raises `NotFound`."""
        for record in self.sources():
            if record.name == name:
                return record
        raise NotFound("no such source", item=name, next_step="List the sources with aether status")

    def put_source(self, record: SourceRecord) -> None:
        """Add a source or change it."""
        self._database.run(
            "INSERT OR REPLACE INTO sources (name, root, settings, head) VALUES (?, ?, ?, ?)",
            (record.name, record.root, json.dumps(record.settings), record.head),
        )

    def erase_source(self, name: str) -> None:
        """Take a source and its part of the ledger away."""
        self._database.run("DELETE FROM sources WHERE name = ?", (name,))
        self._database.run("DELETE FROM ledger WHERE source = ?", (name,))

    def erase_document(self, document: str) -> None:
        """Take the ledger rows of a document away."""
        self._database.run("DELETE FROM ledger WHERE document = ? OR source || '/' || path = ?", (document, document))

    def begin(self) -> int:
        """Start a run; its number."""
        return int(self._database.run("INSERT INTO runs (started) VALUES (?)", (_now(),)).lastrowid or 0)

    def finish(self, run: int, report: dict[str, Any]) -> None:
        """End a run with its report."""
        self._database.run("UPDATE runs SET finished = ?, report = ? WHERE id = ?", (_now(), json.dumps(report), run))

    def runs(self, limit: int = 10) -> list[RunRecord]:
        """The latest runs, newest first."""
        rows = self._database.rows("SELECT id, started, finished, report FROM runs ORDER BY id DESC LIMIT ?", (limit,))
        return [RunRecord(number, started, finished, json.loads(report)) for number, started, finished, report in rows]

    def fact(self, name: str) -> str:
        """A fact of the whole store, such as the identity of its encoder; "" when not set."""
        row = self._database.one("SELECT value FROM facts WHERE name = ?", (name,))
        return str(row[0]) if row else ""

    def set_fact(self, name: str, value: str) -> None:
        """Set a fact of the whole store."""
        self._database.run("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
