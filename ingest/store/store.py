"""The store: the system of record of one library, in `<folder>/aether.db`.

Everything else (the search index) is derived from it and can be rebuilt. It speaks by nouns: `documents`,
`passages`, `vectors`, `ledger`; it is also the `Shelf` from which citations are resolved.

::

    with Store.open(Path(".aether"), create=True) as store:
        store.read("handbook/deploy.md").text
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.documents import Document
from corpus.errors import StoreBusy, StoreDamaged, StoreError, StoreMissing
from ingest.index.lock import FolderLock
from ingest.store.database import Database
from ingest.store.documents import Documents
from ingest.store.ledger import Ledger
from ingest.store.passages import Passages
from ingest.store.schema import upgrade
from ingest.store.vectors import Vectors

FILE = "aether.db"

_FAULTS = {
    "a document without its text": "SELECT id FROM documents d WHERE present AND NOT EXISTS"
    " (SELECT 1 FROM revisions r WHERE r.document = d.id AND r.revision = d.revision)",
    "passages of a document that left its source": "SELECT d.id FROM documents d WHERE NOT present AND EXISTS"
    " (SELECT 1 FROM passages p WHERE p.document = d.id)",
    "a document that no file stands for": "SELECT id FROM documents d WHERE present AND NOT EXISTS"
    " (SELECT 1 FROM ledger l WHERE l.source = d.source AND l.document = d.id)",
    "a file without its document": "SELECT l.source || '/' || l.path FROM ledger l WHERE l.document <> '' AND NOT"
    " EXISTS (SELECT 1 FROM documents d WHERE d.id = l.document AND d.present)",
}


class Store:
    """One library. Readers share it between processes; `changing` admits one writer at a time."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self._database = database
        self.documents = Documents(database)
        self.passages = Passages(database)
        self.vectors = Vectors(database)
        self.ledger = Ledger(database)

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Self:
        """Open a store, bringing an older one up to date. Raises `StoreMissing`, `StoreVersionError`, `StoreError`."""
        path = folder / FILE
        if not create and not path.is_file():
            raise StoreMissing("there is no store", item=str(folder), next_step="Make one with aether ingest PATH")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot be made ({error.strerror})", item=str(folder), next_step="Choose --store"
            ) from error
        database = Database(path)
        try:
            upgrade(database)
        except BaseException:
            database.close()
            raise
        return cls(database, folder)

    def read(self, document: str, revision: str = "") -> Document:
        """The document at a revision, "" being today's. Raises `NotFound`."""
        return self.documents.read(document, revision)

    @contextmanager
    def changing(self, *, seconds: float = 5.0) -> Iterator[None]:
        """Be the one process that ingests, repairs or forgets. Raises `StoreBusy` after `seconds`."""
        with FolderLock(self.folder, wait=seconds):
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What happens inside is written wholly or not at all."""
        with self._database.transaction():
            yield

    def state(self) -> tuple[int, int]:
        """Two numbers that stay the same until something is written, by this process or another."""
        (version,) = self._database.one("PRAGMA data_version") or (0,)
        return int(version), self._database.changes()

    def prove(self) -> None:
        """Check the whole file and what must hold between its tables. Raises `StoreDamaged` with the first faults."""
        faults = [str(row[0]) for row in self._database.rows("PRAGMA integrity_check(5)") if row[0] != "ok"]
        faults += [f"{row[0]} row {row[1]} has no parent" for row in self._database.rows("PRAGMA foreign_key_check")]
        for fault, query in _FAULTS.items():
            faults += [f"{fault}: {row[0]}" for row in self._database.rows(f"{query} LIMIT 3")]
        faults += self.documents.altered()
        if faults:
            raise StoreDamaged(
                "; ".join(faults[:5]), item=str(self._database.path), next_step="Restore the store from a backup"
            )

    def copy(self, target: Path) -> None:
        """The database as it stands now into a new file, while others read and write. Raises `StoreError`."""
        self._database.run("VACUUM INTO ?", (str(target),))

    def scrub(self) -> None:
        """Rewrite the file without what was deleted, empty the write-ahead log, drop copies of older layouts."""
        self._database.run("VACUUM")
        row = self._database.one("PRAGMA wal_checkpoint(TRUNCATE)")
        if row is None or row[0]:
            raise StoreBusy(
                "a reader keeps the old text in the write-ahead log",
                item=str(self._database.path),
                next_step="Stop the Aether service that uses this store and forget again",
            )
        for copy in self.folder.glob(f"{FILE}.v*"):
            copy.unlink()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
