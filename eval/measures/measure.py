"""What a measure is: parts of each case, folded over a set of cases.

A measure takes from each record a row of numbers, or nothing where it does not apply, and folds the rows of a set into
one value. A mean is the usual fold; F1, calibration error and percentiles are others. Because the rows are taken once,
a set can be drawn again and again for an interval. Nothing is averaged over that is not there: a measure without a
single row has no value, and its count says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.running.record import Record

Floats = NDArray[np.float64]
Rows = Callable[[Record], "float | tuple[float, ...] | None"]
Fold = Callable[[Floats], float]


def mean(rows: Floats) -> float:
    """The mean of the first column."""
    return float(rows[:, 0].mean())


def matrix(rows: Sequence[tuple[float, ...]]) -> Floats:
    """Rows as an array of shape (n, k); (0, 1) of none."""
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(rows[0]) if rows else 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value over a set of cases. `value` is None, never NaN, where no case has anything to say.

    n         how many cases it rests on
    low, high  95 % bootstrap interval over cases, None where there is no value
    """

    name: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A named value.

    about   what it says, its formula and its source
    better  "up", "down", or "" where neither is better
    rows    a record's numbers; None where the measure does not apply to it
    fold    numbers of shape (n, k), n >= 1, to the value
    bounded  whether the value lies in 0 to 1
    says    whether rows of a set say anything together; refusals do not where there was nothing to refuse
    """

    name: str
    about: str
    rows: Rows
    fold: Fold = mean
    better: str = "up"
    bounded: bool = True
    says: Callable[[Floats], bool] = lambda rows: len(rows) > 0

    def table(self, records: Sequence[Record]) -> tuple[list[str], Floats]:
        """Ids and rows, of shape (n, k), of the records that the measure applies to."""
        taken = [(record.case.id, self.rows(record)) for record in records]
        kept = [(i, row if isinstance(row, tuple) else (row,)) for i, row in taken if row is not None]
        return [i for i, _ in kept], matrix([row for _, row in kept])

    def over(self, records: Sequence[Record]) -> Figure:
        """The value over the records, without an interval."""
        _, rows = self.table(records)
        return Figure(self.name, self.fold(rows), len(rows)) if self.says(rows) else Figure(self.name, None, 0)
