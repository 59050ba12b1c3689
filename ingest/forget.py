"""Take a document or a whole source out of every place of the store.

1. In one transaction: revisions, passages, vectors that no other passage shares, ledger rows; of a source also itself.
2. The index is made anew, since a search index marks deleted payloads and keeps their bytes.
3. The database file is rewritten without the deleted pages, the write-ahead log emptied, copies of older layouts
   removed.

Killed half way, steps 2 and 3 are done by whoever mends the store next.

The files themselves are not ours to delete: those still there are named, and the next ingest would read them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import NotFound
from corpus.ports import LexicalEncoder
from ingest.settle import FORGETTING, OpenIndex, rebuild
from ingest.store.store import Store


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is gone. `remaining` names the files that are still in their source."""

    documents: tuple[str, ...]
    vectors: int
    remaining: tuple[Path, ...]


def forget(store: Store, name: str, *, open_index: OpenIndex, lexical: LexicalEncoder, encoder: str) -> Forgotten:
    """Forget the document or the source of that name.

    Raises `NotFound`; `StoreBusy` when someone reads or changes the store just now; `IndexFailure`.
    """
    with store.changing():
        roots = {record.name: Path(record.root) for record in store.ledger.sources()}
        cards = list(store.documents.cards(withdrawn=True))
        gone = [card for card in cards if name in (card.id, card.source)]
        if not gone and name not in roots and not store.ledger.fact(FORGETTING):
            raise NotFound("no such document or source", item=name, next_step="List them with aether status")
        with store.transaction():
            for card in gone:
                store.passages.withdraw(card.id)
                store.documents.erase(card.id)
                store.ledger.erase_document(card.id)
            if name in roots:
                store.ledger.erase_source(name)
            vectors = store.vectors.erase_unused()
            store.ledger.set_fact(FORGETTING, "begun")
        rebuild(store, open_index=open_index, lexical=lexical, encoder=encoder)
    files = [roots[card.source] / card.path for card in gone if card.source in roots]
    return Forgotten(tuple(card.id for card in gone), vectors, tuple(file for file in files if file.exists()))
