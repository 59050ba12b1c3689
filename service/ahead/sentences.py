"""Vectors of sentences, kept in a file of the store beside the database, by the digests of their texts.

A memory and nothing more: what is not in it is computed, to the same vector. It holds no text. Whatever is wrong with
the file, it is deleted and filled again; and it is deleted when anything is forgotten, because a vector tells something
of its text.
"""

from __future__ import annotations

import shutil
import threading
from array import array
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import StoreDamaged, StoreError
from ingest.store.database import Database

FILE = "sentences.db"
_RESERVE = 1 << 30
_SLICE = 500
_LAYOUT = (
    "CREATE TABLE IF NOT EXISTS about (identity TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, revision TEXT)",
    "CREATE TABLE IF NOT EXISTS vectors (name BLOB PRIMARY KEY, document INTEGER, vector BLOB)",
    "CREATE INDEX IF NOT EXISTS by_document ON vectors (document)",
)


class SentenceVectors:
    """The vectors of one store. Safe for many threads.

    identity     of the encoder and of how documents are cut; vectors of another are not used
    forgettings  how often it was made to forget
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self._path = folder / FILE
        self._identity = identity
        self._turn = threading.Lock()
        self._open: Database | None = None
        self.forgettings = 0

    def find(self, names: Collection[bytes]) -> dict[bytes, array[float]]:
        """The vectors of these names that are there; none where the file cannot be read."""
        found: dict[bytes, array[float]] = {}
        wanted = list(names)
        try:
            with self._used() as database:
                for at in range(0, len(wanted) if database else 0, _SLICE):
                    some = wanted[at : at + _SLICE]
                    asked = f"SELECT name, vector FROM vectors WHERE name IN ({','.join('?' * len(some))})"
                    for name, vector in database.rows(asked, some) if database else ():
                        found[name] = array("f", vector)
        except StoreError:
            return {}
        return found

    def documents(self) -> dict[str, str]:
        """The documents whose sentences are here, with the revision that was read. Raises `StoreError`."""
        with self._used() as database:
            return dict(database.rows("SELECT id, revision FROM documents")) if database else {}

    def put(self, document: str, revision: str, vectors: Mapping[bytes, array[float]], *, forgettings: int) -> None:
        """These are the document's now, unless something was forgotten since `forgettings` were counted.

        Raises `StoreError`, also where there is little room: a memory does not take the last of a disk.
        """
        if shutil.disk_usage(self._path.parent).free < _RESERVE:
            raise StoreError("less than 1 GiB is free", item=str(self._path), next_step="Free space on the disk")
        with self._used(make=True) as database:
            if database is None or self.forgettings != forgettings:
                return
            with database.transaction():
                _drop(database, document)
                row = database.run("INSERT INTO documents (id, revision) VALUES (?, ?)", (document, revision))
                rows = [(name, row.lastrowid, vector.tobytes()) for name, vector in vectors.items()]
                database.many("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", rows)

    def drop(self, documents: Collection[str]) -> None:
        """These are not in the library any more. Raises `StoreError`."""
        with self._used() as database:
            if database and documents:
                with database.transaction():
                    for document in documents:
                        _drop(database, document)

    def forget(self) -> None:
        """Keep nothing, as after a document was forgotten."""
        with self._turn:
            self.forgettings += 1
            self._delete()

    def close(self) -> None:
        """Let the file go; the next call opens it again."""
        with self._turn:
            self._shut()

    @contextmanager
    def _used(self, *, make: bool = False) -> Iterator[Database | None]:
        """The database for one call; None where there is no file and none is to be made. A damaged file is deleted."""
        with self._turn:
            try:
                if self._open is None and (make or self._path.exists()):
                    self._open = self._opened()
                yield self._open
            except StoreDamaged:
                self._delete()
                raise

    def _opened(self) -> Database:
        database = Database(self._path)
        with database.transaction():
            for statement in _LAYOUT:
                database.run(statement)
            if database.rows("SELECT identity FROM about") != [(self._identity,)]:
                for table in ("vectors", "documents", "about"):
                    database.run(f"DELETE FROM {table}")
                database.run("INSERT INTO about VALUES (?)", (self._identity,))
        return database

    def _shut(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _delete(self) -> None:
        self._shut()
        for end in ("", "-wal", "-shm"):
            self._path.with_name(FILE + end).unlink(missing_ok=True)


def _drop(database: Database, document: str) -> None:
    database.run("DELETE FROM vectors WHERE document = (SELECT number FROM documents WHERE id = ?)", (document,))
    database.run("DELETE FROM documents WHERE id = ?", (document,))
