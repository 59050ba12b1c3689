"""Commands, flags, paths, variables and names occur verbatim in a cited span."""

from __future__ import annotations

import re

from corpus.identifiers import identifiers as names_in
from service.grounding.claim import Claim, Ground, Objection, cited_text


def identifiers(claim: Claim, ground: Ground) -> Objection | None:
    """The first identifier of the sentence, letter case included, that no cited span has as a name of its own."""
    cited = " ".join(cited_text(claim).split())
    known = set(names_in(cited))
    for name in names_in(claim.text):
        name = " ".join(name.split())
        if name not in known and not _stands_alone(name, cited):
            return Objection("identifiers", "fabricated_reference:identifier", name)
    return None


def _stands_alone(name: str, text: str) -> bool:
    """Whether the name stands in the text, and not as a part of a longer flag, path or name."""
    return re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w/-]|\.\w)", text) is not None
