"""What a run tells: its progress while it lasts, and its report."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from corpus.errors import Outcome

SKIPS: frozenset[Outcome] = frozenset({"unsupported", "binary"})


class Progress(Protocol):
    """Told how far a run is. A stage ends where the next begins."""

    def stage(self, name: str, total: int, unit: str) -> None:
        """A stage begins; `total` counts `unit`s, 0 when unknown."""

    def advance(self, done: int) -> None:
        """That many more units are done."""


class Silent:
    """Progress that nobody watches."""

    def stage(self, name: str, total: int, unit: str) -> None:
        """Nothing to do."""

    def advance(self, done: int) -> None:
        """Nothing to do."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that became no document. `kept` says that an earlier revision of it stays in the library."""

    file: str
    outcome: Outcome
    reason: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Renamed:
    """A document that has another path now, with the same content."""

    before: str
    after: str


@dataclass(slots=True)
class RunReport:
    """What a run found and did; documents by id (`source/path`), in the order they were done.

    restated   same content, but another title, kind, status or commit
    permission same content, but another access set
    skipped    files of formats that hold no text
    failures   files that should have become documents, and did not; also those that failed before and are the same
    """

    run: int
    sources: tuple[str, ...]
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[Renamed] = field(default_factory=list)
    restated: list[str] = field(default_factory=list)
    permission: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    skipped: list[Failure] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    passages: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    def fail(self, failure: Failure) -> None:
        """Put a failure where it belongs."""
        (self.skipped if failure.outcome in SKIPS else self.failures).append(failure)

    def counts(self) -> dict[str, int]:
        """How many documents or files of each sort."""
        lists = {name: value for name, value in asdict(self).items() if isinstance(value, list)}
        outcomes = Counter(failure.outcome for failure in (*self.skipped, *self.failures))
        return {name: len(value) for name, value in lists.items()} | dict(outcomes)

    def summary(self) -> dict[str, Any]:
        """Counts and times, without any document's name: what the store remembers of a run."""
        return self.counts() | {
            "passages": self.passages,
            "seconds": round(self.seconds, 3),
            "interrupted": self.interrupted,
        }
