"""A typed refusal: what was searched, the nearest documents, and what would settle the question."""

from __future__ import annotations

from retrieval.evidence import Found
from service.answer import Reason, Refusal

_OPENING: dict[Reason, str] = {
    "no_evidence": "The documents that you may read do not answer this.",
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
_NEAREST = 3


def refusal(reason: Reason, found: Found) -> Refusal:
    """The refusal of a question. The counts are of what the caller may read."""
    nearest = tuple(dict.fromkeys(e.passage.document for e in found.evidence))[:_NEAREST]
    searched = f"{found.considered} passages, by meaning and by words"
    settles = _SETTLES[reason]
    if reason == "no_evidence" and found.question.identifiers:
        settles = f"{settles}: one on {', '.join(found.question.identifiers[:3])}"
    return Refusal(reason=reason, searched=searched, nearest=nearest, would_settle_it=settles)


def refusal_text(refused: Refusal) -> str:
    """The refusal as Markdown."""
    lines = [f"**{_OPENING[refused.reason]}**"]
    if refused.nearest:
        lines.append("Nearest documents: " + ", ".join(f"`{name}`" for name in refused.nearest) + ".")
    lines.append(f"What would settle it: {refused.would_settle_it[0].lower()}{refused.would_settle_it[1:]}.")
    return "\n\n".join(lines)
