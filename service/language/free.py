"""What may be said without a citation: the ban on new names and numbers, and a vocabulary to reason in.

An assumption, a judgement or a question names nothing that neither the cited evidence nor the user's own words contain.
A list of names cannot be complete, so the rule is turned round: at least half of its content words come from what the
answer cites, and the rest from there, from the user's words, or from a fixed vocabulary of reasoning. What a user's
question says to an assistant, instead of asking, counts as nobody's words.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from service.answering.instructions import asked_in
from service.answering.terms import terms

_HALF = 0.5
_MARKUP = re.compile(r"</?[A-Za-z!][^>\n]*>?|!\[|\]\(|\bjavascript:|\bdata:\w+/|https?://\S+|\bwww\.\S+")


def strange(text: str, cited: str, question: str) -> str:
    """The first word of a free sentence that it may not say, "" when there is none."""
    wanted = terms(text)
    known = terms(cited)
    others = sorted(wanted - known - terms(asked_in(question)) - vocabulary())
    if others:
        return others[0]
    return "" if len(wanted & known) >= _HALF * len(wanted) else "too little of it stands in the evidence"


def markup(text: str, cited: str) -> str:
    """The first link, image or tag of a sentence that its evidence does not have, "" when there is none."""
    flat = " ".join(cited.split())
    return next((m.group()[:80] for m in _MARKUP.finditer(text) if m.group().rstrip(".,;)`") not in flat), "")


@cache
def vocabulary() -> frozenset[str]:
    """The words of reasoning."""
    return terms(Path(__file__).with_name("reasoning.txt").read_text("utf-8"))
