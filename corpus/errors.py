"""The one error tree of Aether.

::

    AetherError                 what happened, to which item, and the next step
    ├── UsageError              the caller asked for something that cannot be (exit status 2)
    ├── SourceError             a file cannot become a document; carries an `Outcome`
    ├── StoreError              the store cannot be used
    │   ├── StoreMissing        there is no store at the given place
    │   ├── StoreBusy           another process holds the lock
    │   ├── StoreDamaged        an integrity check failed
    │   └── StoreVersionError   the store was written by a newer Aether
    ├── IndexFailure           the search index failed (lost, unreachable, corrupt)
    ├── EncoderError            an encoder is missing, damaged, or not the one of the store
    ├── ModelFailure            a language model's endpoint failed or may not be used now
    ├── AccessError             an access set is empty or malformed
    ├── UnknownCaller           the caller showed no key, or none that is known
    ├── NotAllowed              the caller's role does not reach so far
    ├── Overloaded              more is asked than can wait; says when to come back
    ├── Clash                   the request contradicts one that was made before under the same name
    └── NotFound                no document, revision or citation of that name that the caller may read

Adapters translate the errors of their vendor into this tree at their edge.
"""

from __future__ import annotations

from typing import Literal

Outcome = Literal[
    "indexed",
    "unchanged",
    "renamed",
    "empty",
    "encrypted",
    "broken",
    "too_large",
    "timeout",
    "binary",
    "unsupported",
    "undecodable",
    "escapes_root",
    "unreadable",
    "bomb",
]
"""Terminal state of one file in the ledger. The first three are successes; `unsupported` and `binary` are
skips; the rest are failures."""


class AetherError(Exception):
    """Root of the tree. `item` is what it happened to; `next_step` is what the reader can do about it."""

    def __init__(self, what: str, *, item: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.item = item
        self.next_step = next_step

    def __str__(self) -> str:
        """One line: what happened, to which item, and the next step."""
        head = f"{self.item}: {self.what}" if self.item else self.what
        return f"{head}. {self.next_step}" if self.next_step else head


class UsageError(AetherError):
    """The caller asked for something that cannot be."""


class SourceError(AetherError):
    """A file cannot become a document."""

    def __init__(self, what: str, *, outcome: Outcome, item: str = "", next_step: str = "") -> None:
        super().__init__(what, item=item, next_step=next_step)
        self.outcome: Outcome = outcome


class StoreError(AetherError):
    """The store cannot be used."""


class StoreMissing(StoreError):
    """There is no store at the given place."""


class StoreBusy(StoreError):
    """Another process holds the lock."""


class StoreDamaged(StoreError):
    """An integrity check of the store failed."""


class StoreVersionError(StoreError):
    """The store was written by a newer Aether."""


class IndexFailure(AetherError):
    """The search index failed: lost, unreachable or corrupt."""


class EncoderError(AetherError):
    """An encoder is missing, damaged, or not the one the store was built with."""


class ModelFailure(AetherError):
    """A language model's endpoint failed. `transient` tells whether another try may help, `wait` after how many seconds
    the endpoint asks for it."""

    def __init__(
        self, what: str, *, item: str = "", next_step: str = "", transient: bool = False, wait: float = 0.0
    ) -> None:
        super().__init__(what, item=item, next_step=next_step)
        self.transient = transient
        self.wait = wait


class AccessError(AetherError):
    """An access set is empty or malformed."""


class UnknownCaller(AetherError):
    """The caller showed no key, or none that is known, or one that has expired."""


class NotAllowed(AetherError):
    """The caller is known, and the caller's role does not reach so far."""


class Overloaded(AetherError):
    """More is asked than can wait, or than this caller may ask. `retry` is in seconds."""

    def __init__(self, what: str, *, retry: int = 1, item: str = "", next_step: str = "") -> None:
        super().__init__(what, item=item, next_step=next_step or f"Ask again in {retry} s")
        self.retry = retry


class Clash(AetherError):
    """The request contradicts one that was made before under the same name."""


class NotFound(AetherError):
    """No document, revision or citation of that name that the caller may read."""
