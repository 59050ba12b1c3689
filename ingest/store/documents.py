"""Documents and their revisions.

A revision is a canonical text, named by its hash: once written it stays readable, also after the document has
changed or left its source, so that old citations resolve; only `forget` takes it away. What a newer parser makes of
the same text replaces the structure, never the text. Today's title, kind, status and access belong to the document.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from corpus.documents import Document, Metadata, Parsed, revision_of
from corpus.errors import NotFound
from ingest.store.coding import (
    pack_metadata,
    pack_names,
    pack_structure,
    pack_text,
    unpack_metadata,
    unpack_path,
    unpack_structure,
    unpack_text,
)
from ingest.store.database import Database


@dataclass(frozen=True, slots=True)
class Card:
    """A document without its text. `present` is false once it left its source."""

    id: str
    source: str
    path: str
    title: str
    kind: str
    status: str
    access: frozenset[str]
    revision: str
    modified_at: str
    commit: str
    present: bool


_CARD = 'id, source, path, title, kind, status, access, revision, modified_at, "commit", present'


class Documents:
    """Reads and writes documents; every write belongs in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, document: Document, *, said: Metadata | None = None) -> None:
        """Make this revision today's. Passages are written by `Passages.put`.

        `said` is what the file itself says, where the document was told otherwise.
        """
        self._database.run(
            "INSERT INTO documents (id, source, path, title, kind, status, metadata, access, revision, modified_at,"
            ' "commit") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title,'
            " kind = excluded.kind, status = excluded.status, metadata = excluded.metadata, access = excluded.access,"
            " revision = excluded.revision, modified_at = excluded.modified_at,"
            ' "commit" = excluded."commit", present = 1',
            _document_row(document),
        )
        self._database.run(
            'INSERT INTO revisions (document, revision, title, modified_at, "commit", first_seen, text, structure)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (document, revision) DO UPDATE SET title = excluded.title,"
            ' modified_at = excluded.modified_at, "commit" = excluded."commit", structure = excluded.structure',
            _revision_row(document, document.parsed.metadata if said is None else said),
        )

    def withdraw(self, document: str) -> None:
        """The document left its source: no longer listed, its revisions stay readable by name."""
        self._database.run("UPDATE documents SET present = 0 WHERE id = ?", (document,))

    def erase(self, document: str) -> None:
        """Take the document and every revision away."""
        self._database.run("DELETE FROM documents WHERE id = ?", (document,))

    def read(self, document: str, revision: str = "") -> Document:
        """The document at a revision, "" being today's. Raises `NotFound`."""
        card = self.card(document)
        if not revision and not card.present:
            raise NotFound("the document left its source", item=document, next_step="Name one of its revisions")
        row = self._database.one(
            'SELECT revision, title, modified_at, "commit", text, structure FROM revisions'
            " WHERE document = ? AND revision = ?",
            (document, revision or card.revision),
        )
        if row is None:
            raise NotFound(f"no revision {revision[:12]}", item=document, next_step="Ask aether show for its revisions")
        found = _document(card, row)
        if found.revision != card.revision:
            return found
        told = self._database.one("SELECT metadata FROM documents WHERE id = ?", (document,))
        return (
            replace(found, parsed=replace(found.parsed, metadata=unpack_metadata(json.loads(told[0]))))
            if told
            else found
        )

    def parsed(self, document: str, revision: str) -> Parsed | None:
        """What the parser made of that revision, with what the file itself says; None without such a revision."""
        row = self._database.one(
            "SELECT text, structure FROM revisions WHERE document = ? AND revision = ?", (document, revision)
        )
        return unpack_structure(unpack_text(row[0]), row[1]) if row else None

    def card(self, document: str) -> Card:
        """The document without its text, also when it left its source. Raises `NotFound`."""
        row = self._database.one(f"SELECT {_CARD} FROM documents WHERE id = ?", (document,))
        if row is None:
            raise NotFound("no such document", item=document, next_step="List the documents with aether status")
        return _card(row)

    def cards(self, source: str = "", *, withdrawn: bool = False) -> Iterator[Card]:
        """Documents by id, of one source or of all; those that left their source only when asked for."""
        where = "WHERE (? = '' OR source = ?) AND (present OR ?)"
        for row in self._database.rows(
            f"SELECT {_CARD} FROM documents {where} ORDER BY id", (source, source, withdrawn)
        ):
            yield _card(row)

    def lineages(self) -> Iterator[tuple[str, Metadata]]:
        """By id, what documents say of themselves that name what they replaced or what replaced them."""
        sql = (
            "SELECT id, metadata FROM documents WHERE present AND (json_array_length(metadata, '$.supersedes') > 0"
            " OR json_array_length(metadata, '$.superseded_by') > 0) ORDER BY id"
        )
        for row in self._database.rows(sql):
            yield row[0], unpack_metadata(json.loads(row[1]))

    def revisions(self, document: str) -> tuple[str, ...]:
        """Every revision in the order they were first seen."""
        sql = "SELECT revision FROM revisions WHERE document = ? ORDER BY first_seen, rowid"
        return tuple(row[0] for row in self._database.rows(sql, (document,)))

    def altered(self) -> list[str]:
        """The revisions whose text is no longer the one they are named after."""
        faults = []
        for document, revision, text in self._database.stream("SELECT document, revision, text FROM revisions"):
            try:
                sound = revision_of(unpack_text(text)) == revision
            except (zlib.error, UnicodeDecodeError):
                sound = False
            if not sound:
                faults.append(f"an altered text: {document} at {revision[:12]}")
        return faults


def _document_row(document: Document) -> tuple[Any, ...]:
    metadata = document.parsed.metadata
    return (
        document.id,
        document.source,
        document.path,
        document.title,
        document.kind,
        metadata.status,
        pack_metadata(metadata),
        pack_names(document.access),
        document.revision,
        document.modified_at,
        document.commit,
    )


def _revision_row(document: Document, said: Metadata) -> tuple[Any, ...]:
    return (
        document.id,
        document.revision,
        document.title,
        document.modified_at,
        document.commit,
        datetime.now(UTC).isoformat(timespec="seconds"),
        pack_text(document.text),
        pack_structure(replace(document.parsed, metadata=said)),
    )


def _card(row: tuple[Any, ...]) -> Card:
    values = list(row)
    values[6], values[10] = frozenset(unpack_path(row[6])), bool(row[10])
    return Card(*values)


def _document(card: Card, row: tuple[Any, ...]) -> Document:
    revision, title, modified_at, commit, text, structure = row
    return Document(
        id=card.id,
        source=card.source,
        path=card.path,
        parsed=unpack_structure(unpack_text(text), structure),
        title=title,
        kind=card.kind,  # type: ignore[arg-type]
        access=card.access,
        modified_at=modified_at,
        commit=commit,
        revision=revision,
    )
