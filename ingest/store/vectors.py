"""Dense vectors by (digest of the indexed text, encoder): identical text is embedded once, in every run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ingest.store.coding import pack_vector, unpack_vector
from ingest.store.database import Database


@dataclass(frozen=True, slots=True)
class Missing:
    """An indexed text that no vector of the encoder exists for."""

    digest: bytes
    indexed_text: str


class Vectors:
    """Reads and writes vectors; every write belongs in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, encoder: str, vectors: Mapping[bytes, Sequence[float]]) -> None:
        """Keep one vector a digest."""
        self._database.many(
            "INSERT INTO vectors (digest, encoder, vector) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            ((digest, encoder, pack_vector(vector)) for digest, vector in vectors.items()),
        )

    def of(self, encoder: str, digests: Collection[bytes]) -> dict[bytes, tuple[float, ...]]:
        """The known vectors of these digests."""
        found: dict[bytes, tuple[float, ...]] = {}
        wanted = sorted(set(digests))
        for at in range(0, len(wanted), 500):
            some = wanted[at : at + 500]
            marks = ",".join("?" * len(some))
            sql = f"SELECT digest, vector FROM vectors WHERE encoder = ? AND digest IN ({marks})"
            found |= {digest: unpack_vector(blob) for digest, blob in self._database.rows(sql, (encoder, *some))}
        return found

    def missing(self, encoder: str, *, after: bytes = b"", limit: int) -> list[Missing]:
        """Texts of today's passages without a vector of this encoder, in order of digest, from behind `after`."""
        rows = self._database.rows(
            "SELECT p.digest, p.header, min(p.text) FROM passages p WHERE p.digest > ?"
            " AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.encoder = ? AND v.digest = p.digest)"
            " GROUP BY p.digest ORDER BY p.digest LIMIT ?",
            (after, encoder, limit),
        )
        return [Missing(digest, f"{header}\n{text}" if header else text) for digest, header, text in rows]

    def lacking(self, encoder: str) -> int:
        """How many distinct texts have no vector of this encoder."""
        row = self._database.one(
            "SELECT count(DISTINCT digest) FROM passages p"
            " WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE v.encoder = ? AND v.digest = p.digest)",
            (encoder,),
        )
        return int(row[0]) if row else 0

    def embedded(self, encoder: str) -> dict[str, tuple[int, int]]:
        """Of each document, how many passages it has, and how many of them have a vector of this encoder."""
        rows = self._database.rows(
            "SELECT p.document, count(*), count(v.digest) FROM passages p"
            " LEFT JOIN vectors v ON v.encoder = ? AND v.digest = p.digest GROUP BY p.document",
            (encoder,),
        )
        return {document: (passages, embedded) for document, passages, embedded in rows}

    def count(self, encoder: str = "") -> int:
        """How many vectors are kept, of one encoder or of all."""
        row = self._database.one("SELECT count(*) FROM vectors WHERE ? IN ('', encoder)", (encoder,))
        return int(row[0]) if row else 0

    def erase_unused(self) -> int:
        """Take away the vectors of texts that no passage has; how many."""
        return self._database.run("DELETE FROM vectors WHERE digest NOT IN (SELECT digest FROM passages)").rowcount
