"""Bearer token -> principal: the port, and its adapters.

Keys of the store, the one key of the settings, and the token of the store's owner are asked in turn. Where there is no
key at all, this machine's callers are served without one; a service that others can reach does not start then. An
adapter for single sign-on takes its place in the same row.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.access import PUBLIC
from corpus.errors import UnknownCaller
from service.access.keys import Keys
from service.access.principal import Principal

_ANYONE = frozenset({PUBLIC})


class Authenticator(Protocol):
    """Whose token it is."""

    def principal(self, token: str) -> Principal | None:
        """Who shows this token, "" being none; None where this adapter does not know."""


@dataclass(frozen=True, slots=True)
class StoreKeys:
    """The keys that `aether keys` made."""

    keys: Keys

    def principal(self, token: str) -> Principal | None:
        """The bearer of a key that still opens."""
        key = self.keys.find(token)
        return Principal(key.name, frozenset(key.access), key.role, key.id) if key else None


@dataclass(frozen=True, slots=True)
class SharedKey:
    """The one key of the settings, `AETHER_API_KEY`: whoever has it asks as the public."""

    secret: str

    def principal(self, token: str) -> Principal | None:
        """A reader of what is public."""
        known = hmac.compare_digest(token.encode(), self.secret.encode())
        return Principal("shared key", _ANYONE, "reader", "shared") if self.secret and known else None


@dataclass(frozen=True, slots=True)
class OwnerToken:
    """What the service wrote into the store's folder for its owner's other processes."""

    secret: str

    def principal(self, token: str) -> Principal | None:
        """Who owns the store's files."""
        known = hmac.compare_digest(token.encode(), self.secret.encode())
        return Principal("owner", _ANYONE, "owner") if self.secret and known else None


@dataclass(frozen=True, slots=True)
class ThisMachine:
    """Callers of this machine where nobody made a key: they see what is public, and may change the library."""

    keys: Keys
    shared: str

    def principal(self, token: str) -> Principal | None:
        """Anyone, as long as there is no key, whatever they show: some clients cannot leave the header out."""
        if self.shared or self.keys.all():
            return None
        return Principal("local", _ANYONE, "editor")


@dataclass(frozen=True, slots=True)
class Row:
    """Several adapters in a row; the first that knows the token decides."""

    adapters: Sequence[Authenticator]

    def principal(self, token: str) -> Principal | None:
        """Who shows this token."""
        return next((who for adapter in self.adapters if (who := adapter.principal(token))), None)


def authenticate(authenticator: Authenticator, header: str) -> Principal:
    """The caller with this Authorization header. Raises `UnknownCaller`, with the same words whatever is wrong."""
    scheme, _, token = header.partition(" ")
    who = authenticator.principal(token.strip()) if scheme.lower() == "bearer" or not header else None
    if who is None:
        raise UnknownCaller("a bearer token that is known and has not expired is needed")
    return who
