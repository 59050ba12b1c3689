"""How much of what may not stand in a log is taken out, and how much of what may.

Recall: the share of secrets of which nothing is left, not even eight characters in a row. Precision: the share of
stretches taken out that touch a secret.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field

from eval.cli.ended import ended
from eval.redaction.lines import Fold, Line, lines
from service.api.redact import redact, stretches

_LEFT = 8


@dataclass(slots=True)
class Measured:
    """Counts over lines. `missed`, `wrong`: by frame."""

    secrets: int = 0
    taken: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """Share of secrets that are gone."""
        return 1 - self.missed.total() / self.secrets

    @property
    def precision(self) -> float:
        """Share of stretches that were secrets."""
        return 1 - self.wrong.total() / self.taken


def measure(fold: Fold, count: int, *, seed: int) -> Measured:
    """The counts over some lines of a fold."""
    measured = Measured()
    for line in lines(fold, count, seed=seed):
        _count(line, measured)
    return measured


def _count(line: Line, measured: Measured) -> None:
    after = redact(line.text)
    measured.secrets += len(line.secrets)
    measured.missed[line.frame] += sum(_is_left(secret, after) for secret in line.secrets)
    for stretch in stretches(line.text):
        measured.taken += 1
        taken = line.text[stretch.start : stretch.end]
        measured.wrong[line.frame] += not any(secret in taken or taken in secret for secret in line.secrets)


def _is_left(secret: str, text: str) -> bool:
    size = min(_LEFT, len(secret))
    return any(secret[at : at + size] in text for at in range(len(secret) - size + 1))


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description="Measure what is taken out of a log's lines.")
    options.add_argument("--lines", type=int, default=6000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--fold", choices=("mended", "reported"), default="reported")
    options.add_argument("--show", action="store_true", help="also what was missed and wrongly taken, by frame")
    given = options.parse_args()
    measured = measure(given.fold, given.lines, seed=given.seed)
    print(f"{given.lines:,} lines of the fold {given.fold}, {measured.secrets:,} secrets, {measured.taken:,} taken out")
    print(f"recall {measured.recall:.4f}, precision {measured.precision:.4f}")
    if given.show:
        for title, found in (("missed", measured.missed), ("wrong", measured.wrong)):
            for frame, times in (+found).most_common():
                print(f"{title} {times:5}  {frame}")


if __name__ == "__main__":
    ended(main)
