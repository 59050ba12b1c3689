"""What a nightly report holds: the JSON beside the HTML page, and what others may read of it.

A platform lead reads `verdict` and `headline`; the rest says why.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

NightVerdict = Literal["fine", "look", "bad", "untrusted"]
StageVerdict = Literal["fine", "look", "bad", "untrusted"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NightFigure(_Frozen):
    """One measure of one suite with its 95 % interval; `before` is last night's value."""

    suite: str
    name: str
    value: float
    low: float | None
    high: float | None
    n: int
    before: float | None = None
    worse: bool = False


class NightStage(_Frozen):
    """One part of the night in a line, with details."""

    name: str
    verdict: StageVerdict
    summary: str
    details: tuple[str, ...] = ()


class NightSentence(_Frozen):
    """A sentence of an answer, and what the sentence contract said of it."""

    text: str
    supported: bool
    check: str = ""


class NightEvidence(_Frozen):
    """A passage that an answer was made from."""

    document: str
    text: str


class NightCase(_Frozen):
    """A case that failed: question, what was expected and given, and what it rests on. Public cases only."""

    id: str
    suite: str
    question: str
    cause: str
    expected: str
    answer: str
    evidence: tuple[NightEvidence, ...]
    sentences: tuple[NightSentence, ...]
    new: bool


class NightPoint(_Frozen):
    """One night of a trend."""

    night: str
    value: float
    low: float | None = None
    high: float | None = None


class NightTrend(_Frozen):
    """A measure over the nights, oldest first."""

    suite: str
    name: str
    points: tuple[NightPoint, ...]


class Night(_Frozen):
    """One night. `changed` says what differs from the night before, `cause` where it probably began."""

    format: int = 1
    night: str
    verdict: NightVerdict
    headline: str
    changed: tuple[str, ...]
    cause: str
    stages: tuple[NightStage, ...]
    figures: tuple[NightFigure, ...]
    trends: tuple[NightTrend, ...]
    worst: tuple[NightCase, ...]
    causes: dict[str, int]
    fingerprints: dict[str, str]
    results: dict[str, str]
