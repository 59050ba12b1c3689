"""The standard lens, read from `lens.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.protocols.report import Severity

GROUPS: dict[str, str] = {
    "functional": "Functional coverage",
    "quality": "Quality",
    "operational": "Operation",
    "strategic": "Strategy",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a proposal has to deal with; the fields are explained in `lens.toml`."""

    name: str
    group: str
    label: str
    severity: Severity
    question: str
    headings: re.Pattern[str]
    cues: re.Pattern[str]
    look: str


@cache
def lens() -> tuple[Rule, ...]:
    """The rules in the order of the file."""
    table = tomllib.loads(Path(__file__).with_name("lens.toml").read_text("utf-8"))
    return tuple(
        Rule(
            **{key: row[key] for key in ("name", "group", "label", "severity", "question", "look")},
            headings=re.compile("|".join(row["headings"]), re.IGNORECASE | re.MULTILINE),
            cues=re.compile("|".join(row["cues"]), re.IGNORECASE),
        )
        for row in table["rule"]
    )
