"""A typed refusal: what was searched, the nearest documents, and what would settle the question.

What the policy refuses is refused unseen: the text gives the boundary and an alternative, or says whom to ask. Where
the documents do not answer, it opens with the two sentences that the owner dictates, and what they promise follows:
how to find out. It differs with what is asked, a measure or anything else, and states no fact.
"""

from __future__ import annotations

import re

from retrieval.evidence import Found
from service.answer import Reason, Refusal
from service.policy.policy import Ruling

FALLBACK = (
    "I don't have direct production data on that configuration. "
    "Here's how I would design an evaluation to measure it reliably:"
)
"""The owner's words for what the documents do not answer."""

_OPENING: dict[Reason, str] = {
    "no_evidence": FALLBACK,
    "underspecified": "This question names nothing that could be looked up.",
    "conflicting": "The documents contradict each other on this.",
    "stale_only": "Only superseded or deprecated documents speak of this.",
    "out_of_scope": "This is not a question about your systems.",
    "unsafe": "This is something that Aether does not help with.",
}
_SETTLES: dict[Reason, str] = {
    "no_evidence": "A design document, runbook or decision record that states it",
    "underspecified": "A question that names the system, component, alert or document it is about",
    "conflicting": "A decision record that says which of them holds",
    "stale_only": "A current document that states it",
    "out_of_scope": "A question about a system that the documents describe",
    "unsafe": "A design that stays within the boundary",
}
_MEASURE = re.compile(
    r"\bhow (?:many|much|long|often|big|large|fast|quick\w*|high|low)\b|\b(?:latency|throughput|capacity|percentile"
    r"|p\d\d+|cost|costs|memory|bandwidth|rate|scale|scales|performance|benchmark\w*|overhead|limit|limits|size)\b",
    re.IGNORECASE,
)
_MEASURING = (
    "Fix what is measured: the metric with its unit and percentile, the load, and the configuration it must hold for.",
    "Measure the present state first, in production or on a copy of it, with the load that production has.",
    "Change one thing at a time, and repeat each run until the spread between runs is known.",
    "Write the figures down with the command that made them, as a report that can be cited the next time.",
)
_FINDING = (
    "Write down what an answer must state, and who can say whether it is right.",
    "Compare two independent sources: the running system (configuration, logs, history), and the people who own it.",
    "Where the two differ, test it on a copy of the system before anyone relies on it.",
    "Write the result down as a document that can be cited the next time.",
)
_NEAREST = 3


def refusal(reason: Reason, found: Found) -> Refusal:
    """The refusal of a question. The counts are of what the caller may read."""
    nearest = tuple(dict.fromkeys(e.passage.document for e in found.evidence))[:_NEAREST]
    searched = f"{found.considered} passages, by meaning and by words"
    settles = _SETTLES[reason]
    if reason == "no_evidence" and found.question.identifiers:
        settles = f"{settles}: one on {', '.join(found.question.identifiers[:3])}"
    return Refusal(reason=reason, searched=searched, nearest=nearest, would_settle_it=settles)


def declined(ruling: Ruling) -> Refusal:
    """The refusal of a question by the policy."""
    return Refusal(
        reason=ruling.reason,
        searched="nothing: the policy comes before the documents",
        nearest=(),
        would_settle_it=_SETTLES[ruling.reason],
        line=ruling.line,
    )


def declined_text(ruling: Ruling) -> str:
    """The same as Markdown."""
    lines = [f"**{_OPENING[ruling.reason]}**"]
    if ruling.reason == "unsafe":
        lines += [f"The boundary: {ruling.boundary}", f"What Aether can help with instead: {ruling.alternative}"]
    else:
        lines.append(ruling.redirection)
    return "\n\n".join(lines)


def refusal_text(refused: Refusal, question: str) -> str:
    """The refusal as Markdown."""
    lines = [f"**{_OPENING[refused.reason]}**"]
    if refused.reason == "no_evidence":
        steps = _MEASURING if _MEASURE.search(question) else _FINDING
        lines.append("\n".join(f"{i}. {step}" for i, step in enumerate(steps, 1)))
        lines.append("The documents that you may read do not answer this.")
    if refused.nearest:
        lines.append("Nearest documents: " + ", ".join(f"`{name}`" for name in refused.nearest) + ".")
    lines.append(f"What would settle it: {refused.would_settle_it[0].lower()}{refused.would_settle_it[1:]}.")
    return "\n\n".join(lines)
