"""How much weight a source carries: own measurement, decision or proposal, paper, vendor documentation, marketing.

The manifest or the document itself says so, or a row of `tiers.toml` decides by kind, folder, title, status and
opening; else the tier is unknown, which is "".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import get_args

from corpus.documents import Document
from corpus.library import Tier

TIERS: tuple[Tier, ...] = get_args(Tier)
"""The tiers, the weightiest first."""

_OPENING = 3000


@dataclass(frozen=True, slots=True)
class _Rule:
    """A row of `tiers.toml`; an empty field fits every document."""

    tier: Tier
    kinds: tuple[str, ...] = ()
    folder: str = ""
    title: str = ""
    status: str = ""
    opening: str = ""

    def fits(self, document: Document) -> bool:
        folders = (document.source, *PurePosixPath(document.path).parts[:-1])
        return (
            (not self.kinds or document.kind in self.kinds)
            and (not self.folder or any(re.fullmatch(self.folder, name, re.IGNORECASE) for name in folders))
            and (not self.title or bool(re.search(self.title, document.title, re.IGNORECASE)))
            and (not self.status or bool(re.match(self.status, document.parsed.metadata.status, re.IGNORECASE)))
            and (not self.opening or bool(re.search(self.opening, document.text[:_OPENING], re.IGNORECASE)))
        )


def tier_of(document: Document) -> Tier | str:
    """The document's tier, "" where nobody knows."""
    claimed = document.parsed.metadata.tier
    if claimed in TIERS:
        return claimed
    return next((rule.tier for rule in _rules() if rule.fits(document)), "")


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = tomllib.loads(Path(__file__).with_name("tiers.toml").read_text("utf-8"))["rule"]
    return tuple(_Rule(**{**row, "kinds": tuple(row.get("kinds", ()))}) for row in rows)
