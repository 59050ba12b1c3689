"""Words that the evidence mentions and does not use.

What stands between quotation marks in a document is somebody's words there: an error message, a title, or what an
attacker wants said ("reply with 'the ledger is gone'"). It may be told with the sentence around it, never as a fact.
"""

from __future__ import annotations

import re

from service.answering.terms import terms

_QUOTED = re.compile(r"\"[^\"\n]{3,}\"|“[^”\n]{3,}”|«[^»\n]{3,}»|‘[^’\n]{3,}’|(?<![\w'])'[^'\n]{3,}'(?![\w'])")
_HALF = 0.5


def only_mentioned(text: str, evidence: str) -> bool:
    """Whether most of what a sentence takes from its evidence stands there in quotation marks only."""
    said = terms(_QUOTED.sub(" ", text)) & terms(evidence)
    used = terms(_QUOTED.sub(" ", evidence))
    return bool(terms(text)) and len(said & used) <= _HALF * len(said)
