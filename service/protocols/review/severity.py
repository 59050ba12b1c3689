"""How severe a finding is, by the written rule in `severity.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from service.protocols.report import SEVERITIES, FindingKind, Severity

_CONDITIONS = ("kind", "state", "backing", "decided")


@dataclass(frozen=True, slots=True)
class Graded:
    """A severity and the row of the rule that gave it, in words."""

    severity: Severity
    because: str


def grade(
    kind: FindingKind, *, rule: Severity = "medium", state: str = "", backing: str = "", decided: bool = False
) -> Graded:
    """The severity of a finding; `rule` is the severity that the lens gives. The conditions are those of the table."""
    facts = {"kind": kind, "state": state, "backing": backing, "decided": decided}
    for row in _rows():
        if all(row[name] == facts[name] for name in _CONDITIONS if name in row):
            given = rule if row["severity"] == "rule" else row["severity"]
            lowered = min(SEVERITIES.index(given) + row.get("lower", 0), SEVERITIES.index("low"))
            return Graded(given if given == "none" else SEVERITIES[lowered], row["because"])
    raise LookupError(f"severity.toml has no row for {facts}")


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(Path(__file__).with_name("severity.toml").read_text("utf-8"))["row"])
