"""Commands that destroy data or interrupt a service: they are said, and marked."""

from __future__ import annotations

from service.grounding.words.vocabulary import DESTRUCTIVE


def destructive(text: str) -> str:
    """The first such command in a text, as it stands; "" without one."""
    found = [m for pattern in DESTRUCTIVE if (m := pattern.search(text))]
    first = min(found, key=lambda m: m.start(), default=None)
    return first.group().strip(" `") if first else ""
