"""Measures of the persona: the share of answers that break none of its rules, together and by rule."""

from __future__ import annotations

from eval.measures.measure import Measure, Rows
from eval.running.record import Record


def persona_rule(rule: str) -> Measure:
    """`PersonaRule:P2`: the share of answers that keep one rule."""
    about = f"Share of answers in which rule {rule} of the persona was not broken, or was mended before it was shown."

    def rows(record: Record) -> float | None:
        if record.answer is None:
            return None
        return float(not any(v.rule == rule and not v.mended for v in record.answer.violations))

    return Measure(f"PersonaRule:{rule}", about, rows)


def _leads(record: Record) -> float | None:
    if record.answer is None or record.refused:
        return None
    return float("**" in record.answer.text)


def _kept() -> Rows:
    def rows(record: Record) -> float | None:
        if record.answer is None:
            return None
        return float(all(violation.mended for violation in record.answer.violations))

    return rows


MEASURES = (
    Measure(
        "PersonaRules",
        "Share of answers that break no rule of the persona (P0 to P22), as the answer's own record says; a violation "
        "that the renderer mended counts as kept.",
        _kept(),
    ),
    Measure(
        "LeadBold",
        "Share of answers, refusals aside, in which a lead is set out in bold, as rule P1 of the persona wants it.",
        _leads,
    ),
)
