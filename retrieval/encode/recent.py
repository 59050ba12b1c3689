"""What was made of the texts that were asked for last, by the digests of the texts: popular texts are asked for again.

No text is kept. Who was asked for longest ago goes first.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

V = TypeVar("V")


def name_of(text: str) -> bytes:
    """The name under which something of a text is kept: its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class Recent(Generic[V]):
    """At most `most` values by name. Safe for many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turn = threading.Lock()
        self._kept: OrderedDict[bytes, V] = OrderedDict()

    def find(self, names: Sequence[bytes]) -> dict[bytes, V]:
        """The values of these names that are there, which are the last that were asked for now."""
        with self._turn:
            for name in names:
                if name in self._kept:
                    self._kept.move_to_end(name)
            return {name: self._kept[name] for name in names if name in self._kept}

    def keep(self, values: Mapping[bytes, V]) -> None:
        """These too; beyond the number, those asked for longest ago are let go."""
        with self._turn:
            self._kept |= values
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Keep nothing, as after a document was forgotten."""
        with self._turn:
            self._kept.clear()
