"""Files of a data set -> rows. A file that is not as its set says is an error that names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.errors import NotFound, UsageError

_NEXT = "Point --data at the folder of data sets"


def json_lines(path: Path) -> list[dict[str, Any]]:
    """One object a line. Raises `NotFound` without the file, `UsageError` on a line that is no object."""
    found = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(f"line {number} is no JSON ({error})", item=str(path), next_step=_NEXT) from error
        if not isinstance(row, dict):
            raise UsageError(f"line {number} is no object", item=str(path), next_step=_NEXT)
        found.append(row)
    return found


def json_file(path: Path) -> Any:  # noqa: ANN401 - whatever the set's own format is
    """The file's content. Raises `NotFound` without the file, `UsageError` when it is no JSON."""
    try:
        return json.loads(_read(path))
    except ValueError as error:
        raise UsageError(f"no JSON ({error})", item=str(path), next_step=_NEXT) from error


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise NotFound(f"cannot be read ({error.strerror})", item=str(path), next_step=_NEXT) from error
