"""Two nearly identical sentences of which one denies the other, or has another name in the place of a name.

The sentence contract's own comparison decides, each sentence held against the other: a denial counts where both
directions object. A name in another's place counts only behind a word that decides (`use`, `defaults to`, `owned by`),
because elsewhere the name is what the sentence is about.
"""

from __future__ import annotations

import re

from service.grounding.alignment import Edit, align, content
from service.grounding.words.polarity import denies

_COVERED = 0.75
_FEWEST = 5
_LONGEST = 3
_DECIDES = (
    r"(?:us(?:e|es|ed|ing)|ch(?:oose|ose|osen)|chose|adopt(?:s|ed)?|pick(?:s|ed)?|kept in|stored (?:in|on|by)"
    r"|runs? on|written in|based on|owned by|operated by|provided by|managed by|defaults? to|set to|default is"
    r"|replaced (?:by|with)|migrated? to|moved? to)"
)
_NAME = re.compile(r"[A-Z`]|\w+[-_./]\w")


def denial(one: str, other: str) -> tuple[str, str] | None:
    """What either says, where the second denies the first; None where it does not."""
    found = align(one, (other,))
    shared = content(one) & content(other)
    if found.verbatim or min(found.covered, found.said) < _COVERED or len(shared) < _FEWEST:
        return None
    if any(character.isdigit() for edit in found.edits for token in (*edit.told, *edit.said) for character in token):
        return None
    if len(found.edits) == 1 and (named := _named(one, other, found.edits[0])):
        return named
    both = denies(one, other) and denies(other, one)
    return (one, other) if both and len(found.edits) <= 2 else None


def _named(one: str, other: str, edit: Edit) -> tuple[str, str] | None:
    """The names that stand in each other's place behind the same deciding word."""
    told, said = " ".join(edit.told), " ".join(edit.said)
    if not (0 < len(edit.told) <= _LONGEST and 0 < len(edit.said) <= _LONGEST):
        return None
    if not (_NAME.match(told) and _NAME.match(said)):
        return None
    found = [
        re.search(rf"\b({_DECIDES})\s+(?:an?\s+|the\s+)?[`*\"]*{re.escape(name)}(?!\w)", text, re.IGNORECASE)
        for name, text in ((told, one), (said, other))
    ]
    return (told, said) if all(found) else None
