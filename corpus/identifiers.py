"""Names that must match as they stand: commands, flags, paths, variables, metric, alert and API names, codes."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"`([^`\n]+)`|\"([^\"\n]{2,80})\"")
_IDENTIFIER = re.compile(
    r"(?<![\w-])--?[A-Za-z][\w-]+(?:=[\w.-]+)?"  # --flag=value
    r"|/[\w.{}-]+(?:/[\w.{}-]+)*/?"  # /path
    r"|\$\w+"  # $VARIABLE
    r"|\b[\w-]+(?:[._/:]+[\w-]+)+\b"  # dotted.name, snake_case, a/b, a:b
    r"|\b[a-z]+[A-Z]\w*\b|\b(?:[A-Z][a-z0-9]+){2,}[A-Za-z0-9]*\b|\b[A-Z]{2,}[a-z]\w*[A-Z]?\w*\b"  # camelCase
    r"|\b[A-Z]{2,}(?:-?\d+)+\b"  # ADR-0042
)


def identifiers(text: str) -> tuple[str, ...]:
    """The names in a text, quoted ones first, each once."""
    found = [next(g for g in m.groups() if g) for m in _QUOTED.finditer(text)]
    found += [m.group().rstrip(".:,?/") for m in _IDENTIFIER.finditer(text)]
    return tuple(dict.fromkeys(f for f in found if len(f) > 2))


def stands_in(name: str, text: str) -> bool:
    """Whether the name occurs in the text, case aside, not inside a longer word."""
    low, name = text.lower(), name.lower()
    at = low.find(name)
    while at >= 0:
        before, after = low[at - 1 : at] if at else "", low[at + len(name) : at + len(name) + 1]
        if not (before.isalnum() and name[0].isalnum()) and not (after.isalnum() and name[-1].isalnum()):
            return True
        at = low.find(name, at + 1)
    return False
