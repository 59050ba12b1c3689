"""When each file of a work tree was last changed, and by which commit: one pass of `git log` for all files.

The log is read newest first and left as soon as every wanted file has been seen. Nothing that the work tree's own
configuration names is run: no pager, monitor, signature check or fetch. Without git, without a work tree, or when
git refuses it, there is no history, and that is no error.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_CALM = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "core.pager=cat", "--no-pager")
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Change:
    """The commit that last touched a file, and its time in ISO 8601."""

    commit: str
    date: str


def head_of(root: Path) -> str:
    """The commit that the work tree around `root` is at, or "" where there is none."""
    try:
        done = subprocess.run(
            ["git", *_CALM, "rev-parse", "--verify", "-q", "HEAD"],
            cwd=root,
            env=os.environ | _ENVIRONMENT,
            capture_output=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""


def last_changes(root: Path, paths: Collection[str]) -> dict[str, Change]:
    """The last change of each of these paths (relative to `root`) that git knows."""
    wanted = set(paths)
    found: dict[str, Change] = {}
    if not wanted or not head_of(root):
        return found
    command = [
        "git",
        *_CALM,
        "log",
        "--no-renames",
        "--name-only",
        "--relative",
        "-z",
        "--format=%x01%H %cI",
        "--",
        ".",
    ]
    with subprocess.Popen(
        command, cwd=root, env=os.environ | _ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        change = Change("", "")
        for token in _tokens(process.stdout.fileno()):
            if token.startswith("\x01"):
                commit, _, date = token[1:].strip().partition(" ")
                change = Change(commit, date)
            elif (path := token.lstrip("\n")) in wanted:
                wanted.discard(path)
                found[path] = change
            if not wanted:
                process.kill()
                break
    return found


def _tokens(handle: int) -> Iterator[str]:
    """The NUL-separated strings of a pipe, as they arrive."""
    rest = b""
    while block := os.read(handle, 65536):
        *ready, rest = (rest + block).split(b"\0")
        for token in ready:
            yield token.decode("utf-8", "surrogateescape")
