"""Who calls: a name, what they may see, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from corpus.errors import NotAllowed

Role = Literal["reader", "editor", "admin", "owner"]
"""What a caller may do, each role also what those before it may.

reader  ask, search and read
editor  add documents, bring sources up to date, forget
admin   see how the whole service stands
owner   what who owns the store's files can do anyhow: ingest any path, ask as anyone; no key has this role
"""
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. `access` is never empty; `key` is the id of the key that was shown, "" without one."""

    name: str
    access: frozenset[str]
    role: Role
    key: str = ""

    def require(self, role: Role) -> None:
        """Raises `NotAllowed` where the caller's role does not reach so far."""
        if ROLES.index(self.role) < ROLES.index(role):
            raise NotAllowed(f"this needs the role {role}", next_step="Ask whoever runs the service for such a key")
