"""Which of two sources takes precedence, and by which rule. `precedence.toml` orders the rules and words them.

Only what the documents or their history say decides: a date counts where the document states it or a commit dates it,
because the date of a file says when it was copied.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.documents import Document
from service.standing.force import in_force, is_decided, stage
from service.standing.tier import tier_of

_CLAIMS = ("vendor documentation", "marketing")


@dataclass(frozen=True, slots=True)
class Precedence:
    """`first` says whether the first of the two takes precedence, None where no rule decides; `rule` is in words."""

    first: bool | None
    rule: str


def precedence(one: Document, other: Document) -> Precedence:
    """Which of the two."""
    for name, says in _rules():
        beats = _RULES[name]
        left, right = beats(one, other), beats(other, one)
        if left != right:
            return Precedence(left, says)
    return Precedence(None, "")


def dated(document: Document) -> str:
    """The day that the document states or its history gives, "" where only the file has a date."""
    said = document.parsed.metadata.date
    return (document.modified_at if document.commit else said)[:10]


def _superseding(one: Document, other: Document) -> bool:
    return one.id in other.parsed.metadata.superseded_by


def _in_force(one: Document, other: Document) -> bool:
    return in_force(one) and not in_force(other)


def _accepted(one: Document, other: Document) -> bool:
    return is_decided(one) and stage(other.parsed.metadata.status) == "open"


def _measured(one: Document, other: Document) -> bool:
    return tier_of(one) == "own measurement" and tier_of(other) in _CLAIMS


def _newer(one: Document, other: Document) -> bool:
    return dated(one) > dated(other) != ""


_RULES: Mapping[str, Callable[[Document, Document], bool]] = {
    "superseding": _superseding,
    "in_force": _in_force,
    "accepted": _accepted,
    "measured": _measured,
    "newer": _newer,
}


@cache
def _rules() -> tuple[tuple[str, str], ...]:
    rows = tomllib.loads(Path(__file__).with_name("precedence.toml").read_text("utf-8"))["rule"]
    return tuple((row["name"], row["says"]) for row in rows)
