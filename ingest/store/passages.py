"""Passages of today's revisions, and the outbox: what the index still owes to the store.

Whoever changes passages writes, in the same transaction, which points the index must write or remove. The outbox is
emptied only after the index was written and read back. So whatever the moment of a crash, the store knows exactly
what to repeat, and repeating it is harmless.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.passages import Passage
from ingest.store.coding import digest_of, pack_path, unpack_path
from ingest.store.database import Database

_SELECT = (
    'SELECT p.id, p.document, d.revision, d.source, d.title, d.kind, d.status, p.section, p.start, p."end", p.text,'
    " p.header, p.ordinal, p.place, d.modified_at, d.access, p.digest"
    " FROM passages p JOIN documents d ON d.id = p.document"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage and the digest of its indexed text, by which its vector is found."""

    passage: Passage
    digest: bytes


@dataclass(frozen=True, slots=True)
class Owed:
    """What the index owes for some whole documents."""

    documents: tuple[str, ...]
    write: tuple[str, ...]
    remove: tuple[str, ...]


class Passages:
    """Reads and writes passages; every write belongs in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, document: str, passages: Sequence[Passage]) -> None:
        """These are the document's passages now; the index owes the difference, and every one that stays."""
        self.withdraw(document)
        self._database.many(
            'INSERT INTO passages (id, document, ordinal, start, "end", section, place, header, text, digest)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_row(passage) for passage in passages],
        )
        self.owe((passage.id for passage in passages), document)

    def withdraw(self, document: str) -> None:
        """The document has no passages now."""
        self._database.run(
            "INSERT INTO outbox (passage, document, remove) SELECT id, document, 1 FROM passages WHERE document = ?"
            " ON CONFLICT (passage) DO UPDATE SET remove = 1",
            (document,),
        )
        self._database.run("DELETE FROM passages WHERE document = ?", (document,))

    def owe(self, passages: Iterable[str], document: str) -> None:
        """The index must write these points."""
        self._database.many(
            "INSERT INTO outbox (passage, document, remove) VALUES (?, ?, 0)"
            " ON CONFLICT (passage) DO UPDATE SET remove = 0",
            ((passage, document) for passage in passages),
        )

    def owe_everything(self) -> None:
        """The index must write every point again, as after a change of the lexical encoder."""
        self._database.run(
            "INSERT INTO outbox (passage, document, remove) SELECT id, document, 0 FROM passages WHERE true"
            " ON CONFLICT (passage) DO UPDATE SET remove = 0"
        )

    def owe_digests(self, digests: Collection[bytes]) -> None:
        """The index must write the points with these indexed texts: their vector became known."""
        self._database.many(
            "INSERT INTO outbox (passage, document, remove) SELECT id, document, 0 FROM passages WHERE digest = ?"
            " ON CONFLICT (passage) DO NOTHING",
            ((digest,) for digest in digests),
        )

    def owed(self, limit: int) -> Owed:
        """What the index owes for the first documents that together owe about `limit` points."""
        documents: list[str] = []
        total = 0
        for document, count in self._database.rows("SELECT document, count(*) FROM outbox GROUP BY document"):
            if documents and total + count > limit:
                break
            documents.append(document)
            total += count
        write: list[str] = []
        remove: list[str] = []
        for document in documents:
            for passage, gone in self._database.rows(
                "SELECT passage, remove FROM outbox WHERE document = ?", (document,)
            ):
                (remove if gone else write).append(passage)
        return Owed(tuple(documents), tuple(write), tuple(remove))

    def owing(self) -> int:
        """How many points the index owes."""
        row = self._database.one("SELECT count(*) FROM outbox")
        return int(row[0]) if row else 0

    def owed_ids(self) -> frozenset[str]:
        """Every passage whose point the index owes, to write or to remove."""
        return frozenset(row[0] for row in self._database.rows("SELECT passage FROM outbox"))

    def settle(self, owed: Owed) -> None:
        """The index was written and read back: nothing is owed for these any more."""
        self._database.many("DELETE FROM outbox WHERE passage = ?", ((p,) for p in owed.write + owed.remove))

    def settle_everything(self) -> None:
        """The index was rebuilt from the store."""
        self._database.run("DELETE FROM outbox")

    def pick(self, passages: Collection[str]) -> list[Stored]:
        """The passages of these ids that exist, in order of id."""
        found = []
        wanted = sorted(passages)
        for at in range(0, len(wanted), 500):
            some = wanted[at : at + 500]
            marks = ",".join("?" * len(some))
            found += [_stored(row) for row in self._database.rows(f"{_SELECT} WHERE p.id IN ({marks})", some)]
        return sorted(found, key=lambda stored: stored.passage.id)

    def of(self, document: str) -> list[Passage]:
        """The passages of a document, in order."""
        rows = self._database.rows(f"{_SELECT} WHERE p.document = ? ORDER BY p.ordinal", (document,))
        return [_stored(row).passage for row in rows]

    def each(self) -> Iterator[Stored]:
        """Every passage, in order of id."""
        for row in self._database.stream(f"{_SELECT} ORDER BY p.id"):
            yield _stored(row)

    def ids(self) -> list[str]:
        """The id of every passage, in order."""
        return [row[0] for row in self._database.rows("SELECT id FROM passages ORDER BY id")]

    def count(self) -> int:
        """How many passages there are."""
        row = self._database.one("SELECT count(*) FROM passages")
        return int(row[0]) if row else 0


def _row(passage: Passage) -> tuple[Any, ...]:
    return (
        passage.id,
        passage.document,
        passage.ordinal,
        passage.start,
        passage.end,
        pack_path(passage.section),
        passage.place,
        passage.header,
        passage.text,
        digest_of(passage.indexed_text),
    )


def _stored(row: tuple[Any, ...]) -> Stored:
    *values, digest = row
    values[7], values[15] = unpack_path(row[7]), unpack_path(row[15])
    return Stored(Passage(*values), digest)
