"""A folder of records is checked: each rule finds its flaw, and our own records have none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.library import LIBRARY
from service.cli.program import run
from service.protocols.record.lint import lint

SOUND = """# {number}: {title}

- Status: {status}
- Date: 2026-05-04

## Context

The old way costs too much work each week.

## Decision

We will take the {title} from now on.

## Consequences

- Good: less work each week for everyone.
"""


def record(number: int, title: str, status: str = "accepted", more: str = "") -> str:
    return SOUND.format(number=number, title=title, status=status) + more


def checked(folder: Path, files: dict[str, str]) -> list[tuple[str, str, str]]:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return [(flaw.path, flaw.rule, flaw.other) for flaw in lint(folder).flaws]


def test_sound_records_have_no_flaws(tmp_path: Path) -> None:
    files = {
        "0001-blue.md": record(1, "blue way", "superseded by [2](0002-red.md)"),
        "0002-red.md": record(2, "red way").replace("- Date", "- Supersedes: [1](0001-blue.md)\n- Date"),
        "README.md": "# Our records\n",
    }
    assert checked(tmp_path, files) == []


def test_our_own_records_have_no_flaws() -> None:
    found = lint(LIBRARY / "decisions")
    assert len(found.records) >= 13
    assert found.flaws == ()


@pytest.mark.parametrize(
    ("files", "flaw"),
    [
        ({"0001-a.md": record(1, "blue way").replace("- Status: accepted\n", "")}, ("0001-a.md", "no-status", "")),
        ({"0001-a.md": record(1, "blue way").replace("- Date: 2026-05-04", "")}, ("0001-a.md", "no-date", "")),
        ({"0001-a.md": record(1, "blue way").split("## Conseq")[0]}, ("0001-a.md", "missing-part", "")),
        (
            {"0001-a.md": record(1, "blue way"), "0001-b.md": record(1, "red way")},
            ("0001-b.md", "same-number", "0001-a.md"),
        ),
        (
            {"0001-a.md": record(1, "blue way", more="\nSee [the next](0009-gone.md).\n")},
            ("0001-a.md", "unknown-record", ""),
        ),
        ({"0001-a.md": record(1, "blue way", "superseded by ADR-7")}, ("0001-a.md", "unknown-record", "")),
        ({"0001-a.md": record(1, "blue way", "superseded")}, ("0001-a.md", "no-successor", "")),
        (
            {"0001-a.md": record(1, "blue way", "superseded by ADR-2"), "0002-b.md": record(2, "red way")},
            ("0002-b.md", "one-sided", "0001-a.md"),
        ),
        (
            {
                "0001-a.md": record(1, "blue way"),
                "0002-b.md": record(2, "red way").replace("- Date", "- Supersedes: 0001-a.md\n- Date"),
            },
            ("0001-a.md", "still-in-force", "0002-b.md"),
        ),
        (
            {"0001-a.md": record(1, "blue way", "superseded by ADR-2"), "0002-b.md": record(2, "red way", "proposed")},
            ("0001-a.md", "open-successor", "0002-b.md"),
        ),
        (
            {
                "0001-a.md": record(1, "blue way", "superseded by ADR-2"),
                "0002-b.md": record(2, "red way", "superseded by ADR-1"),
            },
            ("0001-a.md", "circle", "0001-a.md"),
        ),
        (
            {
                "0001-a.md": record(1, "blue way", "rejected"),
                "0002-b.md": record(2, "red way", more="\nThe queue of [the record](0001-a.md) is used.\n"),
            },
            ("0002-b.md", "ended-basis", "0001-a.md"),
        ),
    ],
)
def test_each_flaw_is_found(tmp_path: Path, files: dict[str, str], flaw: tuple[str, str, str]) -> None:
    assert flaw in checked(tmp_path, files)


def test_the_command_says_the_line_and_fails_as_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "0001-a.md").write_text(record(1, "blue way", "superseded"), "utf-8")
    assert run(["adr", "--lint", str(tmp_path)]) == 3
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/0001-a.md:3: medium no-successor: is superseded, and does not say by which record",
        "1 record, 1 flaw",
    ]
    assert run(["adr", "--lint", str(tmp_path), "--fail-on", "high", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["flaws"][0]["rule"] == "no-successor"
