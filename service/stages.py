"""The stages of one piece of work, for whoever watches it.

The engine says when a stage began and ended; outside of `watching` nobody hears it, and it costs a look at a variable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, and when it was, in nanoseconds since 1970."""

    name: str
    began: int
    ended: int


_WATCHED: ContextVar[list[Stage] | None] = ContextVar("stages", default=None)


@contextmanager
def watching() -> Iterator[list[Stage]]:
    """The stages of what this thread does while the context lasts, as they end."""
    stages: list[Stage] = []
    token = _WATCHED.set(stages)
    try:
        yield stages
    finally:
        _WATCHED.reset(token)


def note(name: str, began: int, ended: int) -> None:
    """A stage has ended."""
    watched = _WATCHED.get()
    if watched is not None:
        watched.append(Stage(name, began, ended))
