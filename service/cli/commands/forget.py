"""`aether forget`: a document or a source leaves the store for good, after a yes."""

from __future__ import annotations

import sys

import typer

from corpus.errors import NotFound, UsageError
from service.cli.ending import DONE, ERROR
from service.cli.terminal import clean, counted
from service.forgetting import forget_everywhere
from service.wiring import Wiring

_SHOWN = 10


def forget_name(wiring: Wiring, name: str, *, yes: bool) -> int:
    """Forget what has this name; the exit status."""
    with wiring.store() as store:
        documents = [card.id for card in store.documents.cards(withdrawn=True) if name in (card.id, card.source)]
        if not documents and name not in {record.name for record in store.ledger.sources()}:
            raise NotFound("no such document or source", item=name, next_step="List them with aether status")
        if not yes and not _agreed(name, len(documents)):
            print("Nothing was forgotten.")
            return ERROR
        gone = forget_everywhere(wiring, store, name)
    print(
        f"Forgotten: {counted(len(gone.documents), 'document')} with every revision, {counted(gone.vectors, 'vector')}"
    )
    if gone.remaining:
        print("Their files are still there, and the next ingest would read them again:")
        for file in gone.remaining[:_SHOWN]:
            print(f"  {clean(str(file))}")
        if len(gone.remaining) > _SHOWN:
            print(f"  and {len(gone.remaining) - _SHOWN:,} more")
    return DONE


def _agreed(name: str, documents: int) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here", item=name, next_step="Give --yes to forget it")
    return typer.confirm(f"Forget {clean(name)} for good: {counted(documents, 'document')} with every revision?")
