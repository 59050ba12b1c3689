"""Access sets: who may read a document.

Documents and callers carry sets over one alphabet: `public`, `user:NAME`, `group:NAME`. A caller may read a
document when the two sets meet. An empty set on either side is refused, because an empty filter in a vector
store matches everything.
"""

from __future__ import annotations

import re

from corpus.errors import AccessError

PUBLIC = "public"
_PRINCIPAL = re.compile(r"public|(?:user|group):[^\s:,]+")


def access_set(names: frozenset[str] | set[str] | tuple[str, ...] | list[str]) -> frozenset[str]:
    """The names as a checked, non-empty access set. Raises `AccessError` on an empty or malformed one."""
    if not names:
        raise AccessError("an access set is empty", next_step="Name at least one of public, user:NAME, group:NAME")
    for name in names:
        if not _PRINCIPAL.fullmatch(name):
            raise AccessError("not a principal", item=repr(name), next_step="Use public, user:NAME or group:NAME")
    return frozenset(names)


def may_read(caller: frozenset[str], document: frozenset[str]) -> bool:
    """Whether the two sets meet."""
    return not caller.isdisjoint(document)
