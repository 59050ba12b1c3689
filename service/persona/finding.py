"""What a rule finds in an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`applies` says that the answer is of the kind that the rule speaks of; `faults` are the texts that break it."""

    applies: bool
    faults: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether the rule applies and nothing breaks it."""
        return self.applies and not self.faults


ABSENT = Finding(applies=False)
"""The rule has nothing to say of this answer."""


def found(faults: Iterable[str]) -> Finding:
    """A rule that applies, with what breaks it, each fault once."""
    return Finding(applies=True, faults=tuple(dict.fromkeys(" ".join(fault.split())[:200] for fault in faults)))
