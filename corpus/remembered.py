"""Functions of a text that remember what they made of it, and one call that makes all of them forget.

A document can be forgotten, so nothing may keep its text that this does not reach: whoever remembers by text, or by a
part of one, is decorated here and not by `functools`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")
_CLEAR: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """The function, with what it made of its last `most` arguments, which have to be hashable."""

    def remembering(function: Callable[P, T]) -> Callable[P, T]:
        made = lru_cache(maxsize=most)(function)
        forgets(made.cache_clear)
        return cast(Callable[P, T], made)

    return remembering


def forgets(clear: Callable[[], None]) -> Callable[[], None]:
    """Whoever keeps texts in another way names here what clears them."""
    _CLEAR.append(clear)
    return clear


def forget_texts() -> None:
    """Nothing is remembered any more."""
    for clear in _CLEAR:
        clear()
    re.purge()  # which remembers patterns, and some are made of words of a text
