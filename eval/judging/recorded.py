"""A judge that says what another one said before: a recording, one prompt a line, keyed by its hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from eval.judging.port import Judge, JudgeFailure


class RecordedJudge:
    """Replays a recording; with a `source` it asks that one for what is new, and records it."""

    def __init__(self, place: Path, source: Judge | None = None) -> None:
        self._place, self._source = place, source
        rows = [json.loads(line) for line in place.read_text("utf-8").splitlines()] if place.exists() else []
        self._known: dict[str, dict[str, Any]] = {row["prompt"]: row["fields"] for row in rows}
        self.identity = f"recorded/{source.identity if source else place.stem}"
        self.label = f"{source.label if source else 'recorded judge'} (recorded)"

    def fields(self, prompt: str, wanted: str, schema: dict[str, Any]) -> dict[str, Any]:
        """What was said to this prompt."""
        key = hashlib.sha256(f"{wanted}\0{prompt}".encode()).hexdigest()
        if key not in self._known:
            if self._source is None:
                raise JudgeFailure("nothing was recorded for this prompt", item=wanted, next_step="Record it first")
            self._known[key] = self._source.fields(prompt, wanted, schema)
            with self._place.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"prompt": key, "fields": self._known[key]}) + "\n")
        return self._known[key]
