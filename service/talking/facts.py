"""What a message states: the reader's own facts, beside what it asks and what it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CUT = re.compile(r"(?<=[.!?])\s+|\n+")
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|ok(?:ay)?|please|now)\W+)*(?:what|which|how|why|when|where|who|whose|is|are|does|do"
    r"|did|can|could|should|would|will|explain|tell|show|describe|compare|list|give|go on|continue|summari[sz]e|say"
    r"|name|help|find|look|write|draft|thanks?|thank you|hello|hi)\b",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|runs?|ran|uses?|used|needs?|moved|changed|switched|upgraded|migrated|replaced"
    r"|don't|do not|does not|doesn't|no longer|isn't|aren't|cannot|can't|must|will|takes?|costs?|holds?|keeps?|allows?"
    r"|limits?|lies|stands|comes|goes|gets?|sends?|wants?|owns?|serves?|not)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message, taken apart: `asks` is all but the facts, "" where it only states."""

    asks: str
    facts: tuple[str, ...]


def taken_apart(message: str) -> Message:
    """What a message asks, and what it states."""
    pieces = [" ".join(piece.split()) for piece in _CUT.split(message) if piece.strip()]
    facts = tuple(piece for piece in pieces if _is_fact(piece))
    return Message(" ".join(piece for piece in pieces if piece not in facts), facts)


def _is_fact(piece: str) -> bool:
    return not piece.endswith("?") and not _ASKS.match(piece) and bool(_STATES.search(piece))
