"""Every number in a sentence occurs in its cited spans, in the same spelling with the same unit and bound."""

from __future__ import annotations

import re

from service.grounding.claim import Claim, Ground, Objection, cited_text

_NUMBER = re.compile(r"(?<![\w.])[~<>≤≥±+-]{0,2}\d[\d.,:/_]*\d?[A-Za-zµ°%]*(?:/[A-Za-z]+)?")
_MARKER = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)


def quantities(claim: Claim, ground: Ground) -> Objection | None:
    """The first number, with what is glued to it, that no cited span has."""
    known = set(_numbers(cited_text(claim)))
    for number in _numbers(claim.text):
        if number not in known:
            return Objection("quantities", "contradiction:numerical", number)
    return None


def _numbers(text: str) -> list[str]:
    """Numbers as they are spelt; the markers of numbered lists are none."""
    return [m.group().rstrip(".,:/") for m in _NUMBER.finditer(_MARKER.sub("", text))]
