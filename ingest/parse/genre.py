"""What kind of document the text itself says it is; None where it does not say.

Front matter that names a kind is believed; then the title (`KEP-1234: ...`, `Runbook: ...`), then the set of
headings that a template leaves behind. A set counts only when enough of it is there, because the answer outranks
what the caller says of a whole folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.documents import Kind

_KEYS = ("kind", "type", "doc_type", "doctype", "document_type", "template")
_WORDS: Mapping[str, Kind] = {
    "adr": "adr",
    "decision": "adr",
    "decision record": "adr",
    "architecture decision record": "adr",
    "runbook": "runbook",
    "playbook": "runbook",
    "postmortem": "postmortem",
    "post mortem": "postmortem",
    "incident report": "postmortem",
    "incident review": "postmortem",
    "design": "design",
    "design doc": "design",
    "design document": "design",
    "proposal": "design",
    "rfc": "design",
    "kep": "design",
    "enhancement": "design",
    "paper": "paper",
    "technical report": "paper",
    "guide": "guide",
    "tutorial": "guide",
    "how to": "guide",
    "howto": "guide",
}
_TITLES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"(?:MA)?DR[- ]?\d+\b|ADR\b", re.IGNORECASE), "adr"),
    (re.compile(r"(?:KEP|RFC|PEP|AEP|TEP)[- ]?\d+\b", re.IGNORECASE), "design"),
    (re.compile(r"(?:design doc(?:ument)?|technical design|proposal)\s*[:\-–—]", re.IGNORECASE), "design"),
    (re.compile(r"(?:run|play)book\s*[:\-–—]", re.IGNORECASE), "runbook"),
    (re.compile(r"(?:post-?\s?mortem|incident (?:report|review))\b", re.IGNORECASE), "postmortem"),
)
_ENDINGS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"\b(?:run|play)book$", re.IGNORECASE), "runbook"),
    (re.compile(r"\b(?:post-?\s?mortem|incident (?:report|review))$", re.IGNORECASE), "postmortem"),
    (re.compile(r"\bdesign doc(?:ument)?$", re.IGNORECASE), "design"),
)
_SHAPES: tuple[tuple[Kind, int, frozenset[str]], ...] = (
    ("adr", 3, frozenset({"status", "context", "decision", "consequences"})),
    ("adr", 2, frozenset({"considered options", "decision outcome", "decision drivers"})),
    ("runbook", 3, frozenset({"meaning", "impact", "diagnosis", "mitigation"})),
    (
        "postmortem",
        3,
        frozenset({"root cause", "root causes", "timeline", "lessons learned", "action items", "contributing factors"}),
    ),
    ("paper", 3, frozenset({"abstract", "introduction", "references", "related work", "conclusion", "conclusions"})),
)


def kind_of(front: Mapping[str, object], title: str, headings: Sequence[str]) -> Kind | None:
    """The kind that front matter, title or headings name. `headings` are bare titles, maybe numbered."""
    for key in _KEYS:
        named = str(front.get(key) or "").strip().lower().replace("-", " ").replace("_", " ")
        if named in _WORDS:
            return _WORDS[named]
    for pattern, kind in _TITLES:
        if pattern.match(title):
            return kind
    for pattern, kind in _ENDINGS:
        if pattern.search(title):
            return kind
    names = {re.sub(r"^[\d.]+\s+|[\s:]+$", "", h).lower() for h in headings}
    for shape, enough, members in _SHAPES:
        if len(members & names) >= enough and (shape != "paper" or "abstract" in names):
            return shape
    return None
