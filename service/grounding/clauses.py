"""Whether a statement stands in a context as it is, as a clause that its sentence states outright.

A verifier is asked about whole sentences and doubts half of one. What a model writes from its evidence, a gold quote,
and a statement that ragas takes out of a text are often half of one: a clause of a longer sentence, or a list item
behind a colon. Such a one is supported where

1. it stands there word for word, from the beginning of a clause to the end of one,
2. what stands before it in its sentence neither denies, doubts nor conditions it, and
3. what follows does not begin with a condition or an exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_BEGINS = re.compile(r"(?:^|[.:;,(|!?\n]|\b(?:because|since|and|that))\s*(?:[-*+]\s+|\d+[.)]\s+)?[*`_\"']*$")
_ENDS = re.compile(r"^[*`_\"']*\s*(?:$|[.:;,)|!?(]|\n)")
_SENTENCE = re.compile(r"[.!?](?=\s)|\n\s*\n|\n(?=\s*(?:[-*+|#]|\d+[.)])\s)")
_DOUBTED = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nothing|nobody|few|hardly|cannot|without|if|when|unless|until"
    r"|before|after|where|while|whether|except|only"
    r"|would|could|should|might|may|false|wrong|untrue|myth|unlikely|formerly|once|rejected|instead|rather"
    r"|claims?|claimed|believed|thought|assumed|proposed)\b|n't\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"^[\s,;:(]*(?:but |and )?(?:if|when|unless|until|except|only|provided|as long as|as soon as|once|while|where"
    r"|however|though|although|not|in theory|by mistake)\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:is|are|was|were|be|been|has|have|had|does|do|did|can|will|states?)\b", re.IGNORECASE)
"""A clause that begins so has lost its subject: `that was acknowledged is lost`."""


def stands_as_clause(statement: str, contexts: Sequence[str]) -> bool:
    """Whether it does; of a statement of three words or more."""
    wanted = statement.strip().rstrip(".")
    if len(wanted.split()) < 3 or _CUT.match(wanted):
        return False
    joined = " ".join(wanted.split())
    contexts = [context for context in contexts if joined in " ".join(context.split())]
    if not contexts:
        return False
    pattern = re.compile(r"\s+".join(re.escape(word) for word in wanted.split()))
    return any(_stated(before, after) for context in contexts for before, after in _around(pattern, context))


def _around(pattern: re.Pattern[str], context: str) -> Iterator[tuple[str, str]]:
    """What stands before and after each occurrence."""
    for match in pattern.finditer(context):
        yield context[: match.start()], context[match.end() :]


def _stated(before: str, after: str) -> bool:
    """Whether a clause stands there, and is stated outright."""
    if not _BEGINS.search(before) or not _ENDS.search(after):
        return False
    ends = list(_SENTENCE.finditer(before))
    own = before[ends[-1].end() :] if ends else before
    return not _DOUBTED.search(own) and not _HEDGED.search(after)
