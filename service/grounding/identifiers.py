"""Commands, flags, paths, variables and names occur verbatim in a cited span, in the place and order they have there.

A name that no cited span has is fabricated. One that the evidence has, but that stands where the restated sentence has
another name, is the wrong one. Commands that the evidence numbers as steps keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.identifiers import identifiers as names_in
from service.grounding.alignment import Edit, align, stands_whole
from service.grounding.claim import Claim, Ground, Objection, cited_text, quotes
from service.grounding.segment import as_read, segments

RESTATES = 0.55
"""Share of a claim's words from which a sentence of the evidence counts as what it restates."""

_AFTER = re.compile(r"\b(?:after|once|following)\b", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:then|before|and|followed by|next|finally)\b|[;,→]", re.IGNORECASE)
_STEP = re.compile(r"^[ \t>]*\d{1,3}[.)]\s")


def identifiers(claim: Claim, ground: Ground) -> Objection | None:
    """The first identifier, letter case included, that is fabricated, misplaced or out of order."""
    if stands_whole(claim.text, quotes(claim)):
        return None
    names = [" ".join(name.split()) for name in names_in(claim.text) if any(c.isalpha() for c in name)]
    cited = " ".join(cited_text(claim).split())
    known = {" ".join(name.split()) for name in names_in(cited)}
    for name in names:
        if name not in known and not stands_alone(name, cited):
            return Objection("identifiers", "fabricated_reference:identifier", name)
    return _misplaced(claim, names) or _out_of_order(claim, names)


def stands_alone(name: str, text: str) -> bool:
    """Whether the name stands in the text, and not as a part of a longer flag, path or name."""
    return re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w/-]|\.\w)", text) is not None


def _misplaced(claim: Claim, names: list[str]) -> Objection | None:
    """A name that the restated sentence lacks, in place of one that the claim lacks."""
    found = align(claim.text, quotes(claim))
    if found.covered < RESTATES:
        return None
    text, source = as_read(claim.text), found.sentence
    lost = [n for n in names_in(source) if not stands_alone(n, text) and n not in names]
    for name in names:
        if stands_alone(name, source):
            continue
        rival = next((n for n in lost if _sort(n) == _sort(name) and _replaced(found.edits, name, n)), "")
        if rival:
            return Objection("identifiers", "contradiction:entity", f"{name} (the source: {rival})")
    return None


def _replaced(edits: Sequence[Edit], name: str, rival: str) -> bool:
    """Whether one edit takes the rival out and puts the name in."""
    return any(_part(name) in " ".join(e.told) and _part(rival) in " ".join(e.said) for e in edits)


def _part(name: str) -> str:
    return name.strip("`").split()[0].rstrip(".,:")


def _sort(name: str) -> str:
    """Flag, path, variable or plain name."""
    return next((mark for mark in ("--", "/", "$") if name.startswith(mark)), "")


def _out_of_order(claim: Claim, names: list[str]) -> Objection | None:
    """Two commands that the claim says in one order and numbered steps of the evidence in the other."""
    steps = [s for q in quotes(claim) for s in segments(q) if s.kind == "item" and _STEP.match(_line(q, s.start))]
    if len(steps) < 2:
        return None
    at = {n: next((i for i, s in enumerate(steps) if stands_alone(n, s.text)), -1) for n in names}
    placed = sorted((claim.text.find(n), n) for n in names if at[n] >= 0)
    for (first, one), (second, other) in pairwise(placed):
        between = claim.text[first + len(one) : second]
        reverse = bool(_AFTER.search(between))
        if at[one] != at[other] and (reverse or _BEFORE.search(between)) and (at[one] > at[other]) != reverse:
            return Objection("identifiers", "contradiction:relational", f"{one} … {other}: steps out of order")
    return None


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 :][:40]
