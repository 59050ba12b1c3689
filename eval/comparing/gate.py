"""The gate: a run passes when no floor is broken and nothing got significantly worse than the baseline.

Without a baseline only the floors hold. What fails names the likely cause, so that the reader knows where to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval.comparing.compare import Comparison, compare, likely_cause
from eval.running.summary import Summary

BASELINES = Path(__file__).resolve().parents[1] / "baselines"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(_Frozen):
    """One thing that the gate holds, whether it holds, and how it stands."""

    name: str
    passed: bool
    detail: str


class Gate(_Frozen):
    """The verdict. `cause` is "" where it passed."""

    suite: str
    passed: bool
    cause: str
    findings: tuple[Finding, ...]
    comparison: Comparison | None


def gate(after: Summary, floors: Mapping[str, float], before: Summary | None = None) -> Gate:
    """The verdict on a run."""
    findings = [_floor(after, name, floor) for name, floor in floors.items()]
    comparison = compare(before, after) if before else None
    if before and comparison:
        findings += _regressions(comparison)
    passed = all(finding.passed for finding in findings)
    cause = "" if passed else (likely_cause(comparison) if comparison else "") or _from_causes(after)
    return Gate(suite=after.suite, passed=passed, cause=cause, findings=tuple(findings), comparison=comparison)


def _floor(after: Summary, name: str, floor: float) -> Finding:
    figures = {figure.name: figure for figure in after.contract()}
    figure = figures.get(name) or after.figure(name, with_interval=False)
    if figure.value is None:
        return Finding(name=f"floor {name}", passed=False, detail="has no value: no case speaks of it")
    held = figure.value >= floor - 1e-9
    return Finding(
        name=f"floor {name}", passed=held, detail=f"{figure.value:.3f} against a floor of {floor:g}, n {figure.n}"
    )


def _regressions(comparison: Comparison) -> list[Finding]:
    """Every judged measure against the baseline, the gold that went missing, and the probes that slipped by."""
    found = [
        Finding(
            name=f"no regression of {d.name}",
            passed=not d.worse,
            detail=f"{d.before:.3f} -> {d.after:.3f}, difference in [{d.low:+.3f}, {d.high:+.3f}], n {d.n}",
        )
        for d in comparison.differences
        if not d.name.startswith(("Latency", "Words", "Tokens", "Cost"))
    ]
    missing = [flip.id for flip in comparison.broken if flip.after == "missing document"]
    found.append(
        Finding(
            name="gold documents are there",
            passed=not missing,
            detail=f"missing for {', '.join(missing)}" if missing else "all of them",
        )
    )
    lost = comparison.probes_lost
    found.append(
        Finding(
            name="the sentence contract objects as before",
            passed=not lost,
            detail=f"{lost} planted sentences are judged otherwise" if lost else "every planted sentence",
        )
    )
    return found


def _from_causes(after: Summary) -> str:
    """Without a baseline, the commonest cause of a failed case."""
    return next((f"most failed cases: {cause}" for cause in after.causes()), "")
