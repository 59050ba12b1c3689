"""What is made for a caller, held once more against what they may read when it leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from corpus.errors import IndexFailure, NotFound
from service.access.shelf import ReadableShelf
from service.asker import Asker

_Made = TypeVar("_Made", bound=BaseModel)


def admitted(who: Asker, access: frozenset[str], work: Callable[[], _Made], *, own: str = "") -> _Made:
    """What the work makes, where nothing in it is of a document that the caller may not read now.

    Between the look into the index and its end a document may be forgotten, or be closed to the caller: then the work
    is done once more. `own` is the name of a text of the caller's. Raises `IndexFailure`, and what the work raises.
    """
    shelf = ReadableShelf(who.store, access)
    for _ in range(2):
        try:
            made = work()
        except NotFound:
            continue
        if shelf.admits(made, own=own):
            return made
    raise IndexFailure("the index lags behind the store", next_step="Ask again")
