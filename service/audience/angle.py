"""Ranked units -> the same, with what the reader needs first in front: steps, or decision, cost and risk.

An engineer, and anyone in the middle of an incident, is helped by the procedure before its reasons; an executive by
what was decided, what it costs and what can go wrong. Only units that speak of what is asked move: those that cover at
least half of what the best covers of it. Without an audience and an incident nothing moves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from service.answering.compose import BRIEF, NORMAL
from service.answering.rank import Scored
from service.answering.view import Request
from service.audience.incident import in_incident

_ON_TOPIC = 0.5
_LIFT = NORMAL.margin
_WEIGHS = re.compile(
    r"\b(?:decid\w+|decisions?|chos\w+|choos\w+|adopt\w*|recommend\w*|approv\w+|costs?|price|budget|spend\w*|saves?"
    r"|licen[cs]e\w*|risks?|outages?|downtime|exposure|liabilit\w+|trade-?offs?|consequences?|impact\w*|deadline|because)\b"
    r"|[$€£]\s?\d",
    re.IGNORECASE,
)


def shortened(request: Request) -> Request:
    """The request, short for an executive who did not ask for another length."""
    executive = request.audience == "executive" and request.length == NORMAL
    return replace(request, length=BRIEF) if executive else request


def angled(ranked: Sequence[Scored], request: Request) -> tuple[Scored, ...]:
    """The units, best first for this reader."""
    steps = request.audience == "engineer" or in_incident(request.question)
    if not ranked or not (steps or request.audience == "executive"):
        return tuple(ranked)
    lift = _leads if steps else _weighs
    least = _ON_TOPIC * max(scored.coverage for scored in ranked)
    lifted = [replace(s, score=s.score + _LIFT * lift(s)) if s.coverage >= least else s for s in ranked]
    return tuple(sorted(lifted, key=lambda scored: -scored.score))


def spared_code(request: Request) -> bool:
    """Whether the reader is better off without code: an executive, unless something is down."""
    return request.audience == "executive" and not in_incident(request.question)


def _leads(scored: Scored) -> float:
    """1 for a step of a procedure, half of it for code, which says less of what it does."""
    block = scored.document.parsed.blocks[scored.unit.block]
    return 1.0 if block.numbered else 0.5 if scored.unit.kind == "code" else 0.0


def _weighs(scored: Scored) -> float:
    """1 for a unit that speaks of a decision, a cost or a risk."""
    text = scored.document.visible(scored.unit.start, scored.unit.end)
    return float(scored.unit.kind != "code" and _WEIGHS.search(text) is not None)
