"""The best of a ranked list, with ties settled by id also across the cut.

A store cuts a list of equal scores wherever it likes, so another copy of the same index could answer otherwise. So one
more hit than wanted is asked for; if it ties with the last one wanted, more are asked for until the tie has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Protocol, TypeVar


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
    """The `limit` best of the list whose first `n` hits `ask(n)` returns. The first question is for `limit + 1`."""
    asked = limit + 1
    found = ask(asked)
    while len(found) == asked and found[-1].score == found[limit - 1].score:
        asked *= 4
        found = ask(asked)
    scored = [(-hit.score, hit) for hit in found]
    if len({score for score, _ in scored}) == len(scored):  # ids cost more than all else here, and settle only ties
        return [hit for _, hit in sorted(scored, key=itemgetter(0))[:limit]]
    return [hit for *_, hit in sorted((score, str(hit.id), i, hit) for i, (score, hit) in enumerate(scored))[:limit]]
