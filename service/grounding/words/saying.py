"""Two spellings of one thing: contractions, inability, numeronyms. What differs only so does not differ."""

from __future__ import annotations

import re
from collections.abc import Iterable

_APART = (
    (
        re.compile(
            r"\b(can|do|does|did|is|are|was|were|has|have|had|should|would|could|must|need|wo|might)n['’]t\b", re.I
        ),
        r"\1 not",
    ),
    (re.compile(r"\bcannot\b", re.I), "can not"),
    (re.compile(r"\bno longer\b", re.I), "not longer"),
    (
        re.compile(
            r"\b(?:(?:could|can|will|would|may|might|does|do|did|is|are|was|were|be|been|being) )?"
            r"(?:not (?:be |been )?able|unable|(?:fail(?:s|ed|ing)?)(?: in (?:its|the|an) attempts?)?) to\b",
            re.I,
        ),
        "can not",
    ),
    (
        re.compile(r"\b(?:could|can|is|was|were|are) (?:not|never) (?:be )?(?:possible|manage[ds]?) to\b", re.I),
        "can not",
    ),
    (re.compile(r"\bcould not\b", re.I), "can not"),
)
_NUMERONYM = re.compile(r"(?P<first>[A-Za-z])(?P<between>\d{1,2})(?P<last>[A-Za-z])")


def written_out(text: str) -> str:
    """The text with its contractions apart, and inability said in one way: `failed to`, `unable to`, `could not`."""
    for pattern, instead in _APART:
        text = pattern.sub(instead, text)
    return text


def same_name(name: str, words: Iterable[str]) -> bool:
    """Whether one of the words is short for the name by the number of its letters or the name for it: K8s, i18n."""
    return any(_counts(name, word) or _counts(word, name) for word in words)


def _counts(short: str, long: str) -> bool:
    match = _NUMERONYM.fullmatch(short)
    return (
        match is not None
        and long.isalpha()
        and len(long) == int(match["between"]) + 2
        and (long[0] + long[-1]).lower() == (match["first"] + match["last"]).lower()
    )
