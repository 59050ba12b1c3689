"""What a night is held against: the night before it, and for its gates a run that passed.

A gate that compared with the night before would be red once: the next night is as bad, so nothing got worse. It
compares with the first of these that is there: `HOME/baselines/SUITE.json`, which is the owner's; the baseline in the
repository; the last night on which the gate of the suite passed; the night before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.nightly import NightStage
from eval.comparing.gate import BASELINES
from eval.nightly.history import History
from eval.running.log import Run, read_log
from eval.running.summary import Summary, load_summary

_KNOWN = ", as the night before"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The nights before one.

    home    where nights are kept
    nights  by date, the last one first, each with its stages
    """

    home: Path
    nights: Sequence[tuple[str, tuple[NightStage, ...]]]

    @classmethod
    def than(cls, night: str, home: Path, history: History) -> Earlier:
        """Those in the history before a night (an ISO date)."""
        return cls(home, history.before(night))

    def runs(self) -> list[Run]:
        """The logs of the night before; none on the first night."""
        return [read_log(log) for night, _ in self.nights[:1] for log in sorted(self._folder(night).glob("*.jsonl"))]

    def summary(self, suite: str) -> Summary | None:
        """A suite's summary of the night before."""
        return next((found for night, _ in self.nights[:1] for found in self._summaries(night, suite)), None)

    def baseline(self, suite: str) -> Summary | None:
        """What a suite's gate compares with; None where only its floors can hold."""
        for place in (self.home / "baselines" / f"{suite}.json", BASELINES / f"{suite}.json"):
            if place.is_file():
                return load_summary(place)
        return self.passed(suite) or self.summary(suite)

    def passed(self, suite: str) -> Summary | None:
        """A suite's summary of the last night on which its gate passed: what broke since, broke after it."""
        passed = (
            found
            for night, stages in self.nights
            if any(stage.name == f"gate {suite}" and stage.verdict == "fine" for stage in stages)
            for found in self._summaries(night, suite)
        )
        return next(passed, None)

    def settled(self, stage: NightStage) -> NightStage:
        """A standing state that is as it was on the night before is no news: it is told as fine."""
        last = next((s for _, stages in self.nights[:1] for s in stages if s.name == stage.name), None)
        if stage.verdict != "look" or last is None or stage.details != last.details:
            return stage
        if stage.summary != last.summary.removesuffix(_KNOWN):
            return stage
        return stage.model_copy(update={"verdict": "fine", "summary": f"{stage.summary}{_KNOWN}"})

    def _summaries(self, night: str, suite: str) -> Iterator[Summary]:
        place = self._folder(night) / f"{suite}.summary.json"
        if place.is_file():
            yield load_summary(place)

    def _folder(self, night: str) -> Path:
        return self.home / "nights" / night
