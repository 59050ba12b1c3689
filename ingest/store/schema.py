"""The tables, and how an older store becomes a newer one.

`PRAGMA user_version` counts the layout. `MIGRATIONS[n]` turns layout n into n + 1; a new store starts at layout 1
and takes the same steps, so there is one way to reach a layout. Before an existing store is changed, its file is
copied to `aether.db.v<n>`. A store of a newer Aether is refused.
"""

from __future__ import annotations

from pathlib import Path

from corpus.errors import StoreVersionError
from ingest.store.database import Database

_FIRST = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE sources (name TEXT PRIMARY KEY, root TEXT NOT NULL, settings TEXT NOT NULL) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT NOT NULL DEFAULT '', report TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE documents (
  id TEXT PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL,
  status TEXT NOT NULL, metadata TEXT NOT NULL, access TEXT NOT NULL, revision TEXT NOT NULL,
  modified_at TEXT NOT NULL, "commit" TEXT NOT NULL, present INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX documents_by_source ON documents (source, path);

CREATE TABLE revisions (
  document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, revision TEXT NOT NULL,
  title TEXT NOT NULL, modified_at TEXT NOT NULL, "commit" TEXT NOT NULL, first_seen TEXT NOT NULL,
  text BLOB NOT NULL, structure BLOB NOT NULL,
  PRIMARY KEY (document, revision)
) STRICT;

CREATE TABLE passages (
  id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, section TEXT NOT NULL,
  place TEXT NOT NULL, header TEXT NOT NULL, text TEXT NOT NULL, digest BLOB NOT NULL
) STRICT;
CREATE INDEX passages_by_document ON passages (document, ordinal);
CREATE INDEX passages_by_digest ON passages (digest);

CREATE TABLE vectors (
  digest BLOB NOT NULL, encoder TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (encoder, digest)
) STRICT;

CREATE TABLE outbox (
  passage TEXT PRIMARY KEY, document TEXT NOT NULL, remove INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_document ON outbox (document);

CREATE TABLE ledger (
  source TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
  rules TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, document TEXT NOT NULL, run INTEGER NOT NULL,
  PRIMARY KEY (source, path)
) STRICT;
"""

_HEAD = "ALTER TABLE sources ADD COLUMN head TEXT NOT NULL DEFAULT '';"

MIGRATIONS: tuple[str, ...] = (_FIRST, _HEAD)
LAYOUT = len(MIGRATIONS)


def upgrade(database: Database) -> None:
    """Bring the file to today's layout. Raises `StoreVersionError` on a newer one, before anything is written."""
    found = layout_of(database)
    if found > LAYOUT:
        raise StoreVersionError(
            f"the store has layout {found}, this Aether knows up to {LAYOUT}",
            item=str(database.path),
            next_step="Use the newer Aether that wrote it",
        )
    if found == LAYOUT:
        return
    if found:
        copy_aside(database, found)
    with database.transaction():
        for number in range(layout_of(database), LAYOUT):
            for statement in MIGRATIONS[number].split(";"):
                if statement.strip():
                    database.run(statement)
        database.run(f"PRAGMA user_version={LAYOUT}")


def layout_of(database: Database) -> int:
    """The layout number of the file; 0 of a new one."""
    row = database.one("PRAGMA user_version")
    return int(row[0]) if row else 0


def copy_aside(database: Database, layout: int) -> Path:
    """A complete copy beside the store, without the write-ahead log. An older copy of that layout is kept."""
    target = database.path.with_name(f"{database.path.name}.v{layout}")
    if not target.exists():
        unfinished = target.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        database.run("VACUUM INTO ?", (str(unfinished),))
        unfinished.rename(target)
    return target
