"""Every number in a sentence occurs in its cited spans, in the same spelling with the same unit and bound."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.grounding.claim import Claim, Ground, Objection, cited_text

_NUMBER = re.compile(
    r"(?P<bound>(?i:\b(?:at\s+(?:most|least)|up\s+to|(?:no\s+)?(?:more|less|fewer)\s+than|under|over|below|above"
    r"|within))\s+)?"
    r"(?<![\w.])(?P<number>(?:[~<>≤≥±+-]{0,2}|[A-Za-z_]+)\d[\d.,:/_]*[\w°%]*(?:/[A-Za-z]+)?)"
    r"(?P<unit>\s(?:[nµum]?s|sec\w*|min\w*|h|hours?|days?|weeks?|months?|years?|%|percent|[KMGTPE]i?[Bb]|[kmgt]b|bytes?"
    r"|[kMGT]?Hz|[kKMG]?bps)(?!\w))?"
)
_MARKER = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)


def quantities(claim: Claim, ground: Ground) -> Objection | None:
    """The first number, with its unit, its bound and what is glued to it, that no cited span has."""
    known = {form for match in _numbers(cited_text(claim)) for form in _forms(match)}
    for match in _numbers(claim.text):
        told = _forms(match)[0]
        if told not in known:
            return Objection("quantities", "contradiction:numerical", told)
    return None


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """Numbers as they are spelt; the markers of numbered lists are none."""
    return _NUMBER.finditer(_MARKER.sub("", text))


def _forms(match: re.Match[str]) -> list[str]:
    """The number with all that qualifies it, then with less and less: a sentence may begin at the number."""
    number = match["number"].rstrip(".,:/")
    bound, unit = (" ".join((match[part] or "").split()) for part in ("bound", "unit"))
    forms = ((bound.lower(), number, unit), (number, unit), (number,))
    return [" ".join(part for part in form if part) for form in forms]
