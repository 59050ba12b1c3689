"""The answers that a service gave, as its journal keeps them: the day of each, and its record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def journalled(journal: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Day (an ISO date) and answer, oldest first. Half a line, of a process that was killed, is passed over."""
    for path in sorted(journal.glob("*.jsonl")):
        for line in path.read_text("utf-8", "replace").splitlines():
            try:
                answer = json.loads(line)["answer"]
            except (ValueError, KeyError, TypeError):
                continue
            if isinstance(answer, dict):
                yield path.stem, answer
