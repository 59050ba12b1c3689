"""Conversations of the store's owner, each a file in the store: `conversations/NAME.json`.

They are kept as the service keeps its own: for a day after the last turn, and until a document is forgotten; then none
of them may show it any more, so all go.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import UsageError
from service.answer import Answer
from service.whole import write_whole

KEPT_SECONDS = 86_400.0
TURNS = 100
_NAME = re.compile(r"[\w-][\w.-]{0,63}")


class _Talk(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    turns: tuple[Answer, ...]


class Kept:
    """The conversations in the folder of a store."""

    def __init__(self, store: Path) -> None:
        self._folder = store / "conversations"

    def turns(self, name: str) -> tuple[Answer, ...]:
        """The turns so far, oldest first; () of a new one, or one that was not gone on with for a day.

        Raises `UsageError` for what cannot be a name, or a file that is none of ours.
        """
        path = self._path(name)
        self._clear()
        return self.read(path) if path.is_file() else ()

    def files(self) -> Iterator[Path]:
        """The file of each conversation, by name."""
        yield from sorted(self._folder.glob("*.json"))

    def read(self, path: Path) -> tuple[Answer, ...]:
        """The turns in a file. Raises `UsageError` where it is none of ours."""
        try:
            return _Talk.model_validate_json(path.read_bytes()).turns
        except (OSError, ValidationError) as error:
            raise UsageError("is not a conversation", item=str(path), next_step="Delete the file") from error

    def put(self, name: str, made: Answer) -> None:
        """One more turn; of very many the first go."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        talk = _Talk(turns=(*self.turns(name), made)[-TURNS:])
        write_whole(self._path(name), talk.model_dump_json().encode())

    def forget(self) -> None:
        """Keep none, nor a draft of one, as after a document was forgotten."""
        for path in (*self.files(), *self._folder.glob(".*.draft")):
            path.unlink(missing_ok=True)

    def _clear(self) -> None:
        for path in self.files():
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise UsageError("letters, digits, dots and dashes make a name", item=name, next_step="Give another one")
        return self._folder / f"{name}.json"
