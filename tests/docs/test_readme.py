"""What the README shows is run: its commands in order, in one folder, with what they are said to print."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
README = (REPO / "README.md").read_text("utf-8")
BIN = Path(sys.prefix) / "bin"

# The reader's `make` works in the repository and installs; here it uses the environment that is there and a store of
# the test's own. `make test` is what runs this very file, so it is only planned.
PRELUDE = f"""
make() {{
  local dry=''
  case "$*" in *test*) dry=-n ;; esac
  command make --no-print-directory -C {shlex.quote(str(REPO))} $dry VENV={shlex.quote(sys.prefix)} \\
    -o {shlex.quote(sys.prefix)}/.installed -o {shlex.quote(sys.prefix)}/.installed-dev DEMO="$PWD/.demo" "$@"
}}
"""
RUNBOOK = """# Restore the ledger

Status: accepted

## When to do this

Restore the ledger when `ledger_lag_seconds` stays above 300 for ten minutes.

## Steps

1. Stop the writer with `ledgerctl stop writer`.
2. Run `ledgerctl restore --from latest` on the standby.
3. Start the writer with `ledgerctl start writer`.

A restore takes about 20 minutes.
"""


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block and the line it begins at."""

    line: int
    language: str
    text: str


def _fences() -> list[Fence]:
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [Fence(README.count("\n", 0, match.start()) + 1, match[1], match[2]) for match in found]


def _run(command: str, folder: Path) -> str:
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", PRELUDE + command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, f"{command}\n-> {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _loosely(text: str) -> str:
    """Numbers and spaces do not count."""
    return re.sub(r"\d+(?:\.\d+)?", "0", " ".join(text.split()))


def _check_console(fence: Fence, folder: Path) -> None:
    """`$ ` begins a command; what follows has to be printed in that order; a line of dots stands for anything."""
    for part in re.split(r"^\$ ", fence.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        printed, at = _loosely(_run(command, folder)), 0
        for line in (_loosely(line) for line in shown.splitlines() if line.strip(" .…")):
            found = printed.find(line, at)
            assert found >= 0, f"README line {fence.line}: {command} does not print {line!r} but\n{printed}"
            at = found + len(line)


def test_it_is_short() -> None:
    assert len(README.splitlines()) < 100


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert [target for target in targets if not (REPO / target).exists()] == []


@pytest.mark.slow
def test_every_block_works_in_order(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "restore-ledger.md").write_text(RUNBOOK, "utf-8")
    for fence in _fences():
        if fence.language == "bash":
            _run(fence.text, tmp_path)
        elif fence.language == "console":
            _check_console(fence, tmp_path)
        elif fence.language == "json":
            json.loads(fence.text)
        elif fence.language == "python":
            (tmp_path / "example.py").write_text(fence.text, "utf-8")
            _run("python example.py", tmp_path)
        else:
            pytest.fail(f"README line {fence.line}: nothing runs a block in {fence.language!r}")


@pytest.mark.slow
def test_every_command_and_option_that_it_names_exists(tmp_path: Path) -> None:
    named = set(re.findall(r"aether ([a-z]+)", README)) - {"is"}
    helped = {command: _run(f"aether {command} --help", tmp_path) for command in sorted(named)}
    rows = [(row[1], row[2]) for row in re.finditer(r"^\| `aether ([a-z]+).*?\|.*\|(.*)\|$", README, re.MULTILINE)]
    assert len(rows) >= 8
    for command, options in rows:
        for option in re.findall(r"--[a-z-]+", options):
            assert option in helped[command], f"aether {command} has no {option}"
