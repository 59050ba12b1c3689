"""The facets that a full answer is filled from, as data: `facets.toml` beside this file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that documents may say of a subject; the fields are told in the file. `worded` is None where "" stands.

    An empty `look` or `question` is nothing to search, or to ask.
    """

    name: str
    section: str
    label: str
    headed: re.Pattern[str]
    worded: re.Pattern[str] | None
    look: str
    most: int
    silent: str
    question: str


@cache
def facets() -> tuple[Facet, ...]:
    """Every facet, in the order in which a full answer tells them."""
    rows = tomllib.loads(Path(__file__).with_name("facets.toml").read_text("utf-8"))["facet"]
    return tuple(
        Facet(
            **{
                **row,
                "headed": re.compile(row["headed"], re.IGNORECASE),
                "worded": re.compile(row["worded"], re.IGNORECASE) if row["worded"] else None,
            }
        )
        for row in rows
    )


def facet_of(name: str) -> Facet:
    """The facet of that name."""
    return next(facet for facet in facets() if facet.name == name)
