"""The best of a ranked list, with ties settled by id also across the cut.

A store cuts a list of equal scores wherever it likes, so another copy of the same index could answer otherwise. So
some more hits than wanted are asked for; if the last of them ties with the last one wanted, more are asked for until
the tie has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol, TypeVar

SPARE = 50
"""Hits that are asked for beyond those wanted: a second question costs a store as much as the first, and pages that
were written from one template tie by the dozen."""


class Scored(Protocol):
    """A hit of a store; ids are UUIDs or their canonical strings, which sort alike."""

    @property
    def id(self) -> object:
        """Its id."""

    @property
    def score(self) -> float:
        """Higher is better."""


S = TypeVar("S", bound=Scored)


def best(ask: Callable[[int], Sequence[S]], limit: int) -> list[S]:
    """The `limit` best of the list whose first `n` hits `ask(n)` returns. The first question is for `limit + SPARE`."""
    asked = limit + SPARE
    found = ask(asked)
    while len(found) == asked and found[-1].score == found[limit - 1].score:
        asked *= 4
        found = ask(asked)
    ranked: list[S] = []
    for _, tied in groupby(sorted(found, key=_falling), key=_falling):
        if len(ranked) >= limit:
            break
        alike = list(tied)
        ranked += sorted(alike, key=_name) if len(alike) > 1 else alike  # ids cost more than all else here
    return ranked[:limit]


def _falling(hit: Scored) -> float:
    return -hit.score


def _name(hit: Scored) -> str:
    return str(hit.id)
