"""`measurements.toml` -> the Markdown of the report's chapter of figures. What was not measured says so."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

UNKNOWN = "not measured yet"
_NO_COMMAND = "No command that prints the figures is committed yet."
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_STRICT)
class Row:
    """One figure: what it is, the floor it is held to, and what was measured, "" where nothing was."""

    what: str
    floor: str
    figure: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class Group:
    """Figures that one command prints. `date` and `machine` say when and where, "" where nothing was measured."""

    title: str
    command: str
    date: str
    machine: str
    note: str
    row: tuple[Row, ...]


@dataclass(frozen=True, slots=True, config=_STRICT)
class _File:
    group: tuple[Group, ...]


def read_groups(file: Path) -> tuple[Group, ...]:
    """The groups of the file. Raises `ValueError` where figures, command, date and machine do not come together."""
    groups = TypeAdapter(_File).validate_python(tomllib.loads(file.read_text("utf-8"))).group
    for group in groups:
        measured = any(row.figure for row in group.row)
        if measured != bool(group.date and group.machine) or (measured and not group.command):
            raise ValueError(f"{group.title}: figures, command, date and machine come together")
    return groups


def as_markdown(groups: tuple[Group, ...]) -> str:
    """One section a group: a table, then where the figures come from."""
    return "\n\n".join(_section(group) for group in groups)


def _section(group: Group) -> str:
    rows = [f"| {row.what} | {row.floor or 'reported'} | {row.figure or UNKNOWN} |" for row in group.row]
    table = "\n".join(["| What | Floor | Measured |", "|---|---|---|", *rows])
    command = (
        f"The command that prints the figures:\n\n```\n{group.command.strip()}\n```" if group.command else _NO_COMMAND
    )
    where = f"Measured on {group.date}, {group.machine}." if group.date else ""
    return "\n\n".join(part for part in (f"### {group.title}", table, command, where, group.note) if part)
