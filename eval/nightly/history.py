"""The nights in one SQLite file: what each said, and its figures for the trends. Old ones are dropped."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.nightly import Night, NightPoint, NightStage, NightTrend

_SCHEMA = """
CREATE TABLE IF NOT EXISTS nights (night TEXT PRIMARY KEY, verdict TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS figures (night TEXT NOT NULL, suite TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
  low REAL, high REAL, n INTEGER NOT NULL, PRIMARY KEY (night, suite, name));
"""


class History:
    """Reads and writes the nights. One at a time: the nightly run holds a lock."""

    def __init__(self, place: Path) -> None:
        self._place = place
        place.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as database:
            database.executescript(_SCHEMA)

    def keep(self, night: Night) -> None:
        """The night with its figures, in place of an earlier try of the same night."""
        rows = [(night.night, f.suite, f.name, f.value, f.low, f.high, f.n) for f in night.figures]
        with self._open() as database:
            body = night.model_dump_json(exclude={"trends"})
            database.execute("INSERT OR REPLACE INTO nights VALUES (?, ?, ?)", (night.night, night.verdict, body))
            database.execute("DELETE FROM figures WHERE night = ?", (night.night,))
            database.executemany("INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def before(self, night: str) -> list[tuple[str, tuple[NightStage, ...]]]:
        """The nights before with their stages, the last one first."""
        query = "SELECT night, body FROM nights WHERE night < ? ORDER BY night DESC"
        with self._open() as database:
            rows = database.execute(query, (night,)).fetchall()
        return [(name, tuple(map(NightStage.model_validate, json.loads(body)["stages"]))) for name, body in rows]

    def trends(self, until: str, nights: int = 60) -> list[NightTrend]:
        """Each measure over the last nights, oldest first."""
        found: dict[tuple[str, str], list[NightPoint]] = {}
        with self._open() as database:
            for night, suite, name, value, low, high in database.execute(
                "SELECT night, suite, name, value, low, high FROM figures WHERE night <= ? AND night IN"
                " (SELECT night FROM nights WHERE night <= ? ORDER BY night DESC LIMIT ?) ORDER BY suite, name, night",
                (until, until, nights),
            ):
                found.setdefault((suite, name), []).append(NightPoint(night=night, value=value, low=low, high=high))
        return [NightTrend(suite=suite, name=name, points=tuple(points)) for (suite, name), points in found.items()]

    def drop(self, keep: int) -> list[str]:
        """Forget all but the last `keep` nights; which ones went."""
        with self._open() as database:
            rows = database.execute(
                "SELECT night FROM nights ORDER BY night DESC LIMIT -1 OFFSET ?", (keep,)
            ).fetchall()
            for (night,) in rows:
                database.execute("DELETE FROM nights WHERE night = ?", (night,))
                database.execute("DELETE FROM figures WHERE night = ?", (night,))
        return [night for (night,) in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._place)
        try:
            with database:
                yield database
        finally:
            database.close()
