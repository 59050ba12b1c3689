"""What is kept beside the database is whole, and shows only what the database holds: proof that forgetting reached it.

Looked at are the conversations of the command line and the journal of a service: every document they name, and every
revision they cite, has to be in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from ingest.store.store import Store
from service.access.journal import Journal
from service.talking.kept import Kept

_FORGOTTEN = "shows a document or a revision that the store does not hold"


@dataclass(frozen=True, slots=True)
class Remain:
    """A file that is broken, or shows what the store does not hold. Nothing of its text is told."""

    path: Path
    what: str
    next_step: str


def remains(store: Store) -> tuple[Remain, ...]:
    """What is broken or left, by path. Raises `StoreError`."""
    found: dict[Path, str] = {}
    revisions = cache(store.documents.revisions)  # a journal names the same documents again and again
    kept = Kept(store.folder)
    for path in kept.files():
        try:
            turns = kept.read(path)
        except UsageError as error:
            found[path] = error.what
            continue
        if not all(_held(revisions, turn.model_dump()) for turn in turns):
            found[path] = _FORGOTTEN
    for path, answer in Journal(store.folder, 0).answers():
        try:
            if not _held(revisions, answer):
                found[path] = _FORGOTTEN
        except (KeyError, TypeError, AttributeError):
            found.setdefault(path, "holds a line that is not an answer")
    return tuple(Remain(path, what, "Delete the file") for path, what in sorted(found.items()))


def _held(revisions: Callable[[str], tuple[str, ...]], answer: dict[str, Any]) -> bool:
    return all(
        bool(known) and revision in ("", *known)
        for document, revision in set(_shown(answer))
        for known in [revisions(document)]
    )


def _shown(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The documents that an answer names, with the revision where it cites one."""
    yield from ((one["document"], one["revision"]) for one in answer["citations"])
    yield from ((one["document"], "") for one in answer["evidence"])
    yield from ((name, "") for name in (answer["refusal"] or {}).get("nearest", ()))
