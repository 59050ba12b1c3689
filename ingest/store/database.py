"""One SQLite file, and the translation of SQLite's errors into ours.

WAL mode, so that readers never wait for the writer. `synchronous=FULL`: every commit is on disk when it returns.
That costs one fsync a commit and no more, because all writers here commit whole batches; in exchange the order
"staged in SQLite, then written to the index, then acknowledged in SQLite" also holds across a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.errors import StoreBusy, StoreDamaged, StoreError

_BUSY_SECONDS = 5.0


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite errors inside become errors of our tree, naming the file and the next step."""
    item = str(path)
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(str(error), item) from error
    except sqlite3.IntegrityError as error:
        raise StoreDamaged(f"a row breaks a rule of the store ({error})", item=item, next_step=_DOCTOR) from error
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(f"the file is damaged ({error})", item=item, next_step=_RESTORE) from error


_DOCTOR = "Run aether doctor"
_RESTORE = "Restore the store from a backup, or delete it and ingest again"


def _operational(text: str, item: str) -> StoreError:
    if "is full" in text or "disk I/O error" in text:
        return StoreError(
            f"no room to write ({text})",
            item=item,
            next_step="Free some disk space and run the same command again; nothing acknowledged was lost",
        )
    if "locked" in text or "busy" in text:
        return StoreBusy(
            f"another process has been writing for more than {_BUSY_SECONDS:.0f} s",
            item=item,
            next_step="Wait for it to finish and try again",
        )
    if "readonly" in text or "unable to open" in text:
        return StoreError(f"cannot be opened for writing ({text})", item=item, next_step="Check its permissions")
    return StoreDamaged(f"SQLite failed ({text})", item=item, next_step=_DOCTOR)


class Database:
    """A connection with explicit transactions. Raises `StoreError` and its kinds only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with translated(path):
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self.run(f"PRAGMA {pragma}")
        except StoreError:
            self._connection.close()
            raise

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Execute one statement."""
        with translated(self.path):
            return self._connection.execute(sql, parameters)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Execute one statement for every row; how many rows it touched."""
        with translated(self.path):
            return self._connection.executemany(sql, rows).rowcount

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        with translated(self.path):
            return self._connection.execute(sql, parameters).fetchall()

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, fetched as they are asked for."""
        with translated(self.path):
            yield from self._connection.execute(sql, parameters)

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, if there is one."""
        with translated(self.path):
            row: tuple[Any, ...] | None = self._connection.execute(sql, parameters).fetchone()
            return row

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also when interrupted; one inside another belongs to the outer one."""
        if self._connection.in_transaction:
            yield
            return
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def changes(self) -> int:
        """How many rows this connection has written so far."""
        return self._connection.total_changes

    def close(self) -> None:
        """Close the connection; the last one to close empties the write-ahead log."""
        self._connection.close()
