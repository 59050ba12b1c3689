"""Whether a document is in force, by the status that it states."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.documents import Document

_ENDED = re.compile(
    r"^\W*(?:superseded|replaced|obsoleted?|deprecated|rejected|declined|withdrawn|retired|archived|historic|inactive)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"^\W*(?:rejected|declined|withdrawn)\b", re.IGNORECASE)
_DECIDED = re.compile(
    r"^\W*(?:accepted|approved|decided|implemented|implementable|final|active|adopted|done|published|current|stable)\b",
    re.IGNORECASE,
)

KNOWS_ENDED = re.compile(
    r"\bsupersed|\breplac|\bobsolet|\bdeprecat|\breject|\bwithdrawn\b|\bno longer\b|\bformer|\bprevious|\bearlier\b"
    r"|\bold\b",
    re.IGNORECASE,
)
"""Words by which a text that names an ended document shows that it knows."""


def in_force(document: Document) -> bool:
    """Whether nothing says that the document's time is over."""
    metadata = document.parsed.metadata
    return not has_ended(metadata.status, metadata.superseded_by)


def has_ended(status: str, superseded_by: Sequence[str]) -> bool:
    """Whether a status, or what took the place of a document, says that its time is over."""
    return bool(_ENDED.search(status) or superseded_by)


def is_decided(document: Document) -> bool:
    """Whether the document says that it was accepted, and still holds."""
    return in_force(document) and bool(_DECIDED.search(document.parsed.metadata.status))


def took_force(status: str) -> bool:
    """Whether a document of that status is, or was, in force; one without a status is."""
    return stage(status) != "open" and not _REFUSED.search(status)


def stage(status: str) -> str:
    """ "ended", "decided" or "open"; "" without a status."""
    if not status:
        return ""
    return "ended" if _ENDED.search(status) else "decided" if _DECIDED.search(status) else "open"
