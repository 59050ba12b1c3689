"""What the words around a number make of it: its bound, the statistic it is, and what it is about."""

from __future__ import annotations

import re
from typing import Literal

Bound = Literal["=", "<=", ">=", "<", ">", "~"]

_BEFORE: tuple[tuple[Bound, str], ...] = (
    (
        "<=",
        r"<=|=<|≤|⩽|\bat\s+(?:the\s+)?most|\bup\s+to|\b(?:no|not)\s+(?:more|greater|higher|longer|larger|later)\s+than"
        r"|\b(?:not|never|cannot|n't)\s+(?:\w+\s+)?(?:exceed\w*|go\s+(?:over|above|beyond))|\bwithout\s+exceeding"
        r"|\b(?:less|fewer|lower)\s+than\s+or\s+equal\s+to|\bmax(?:imum)?\s+of"
        r"|\b(?:limited|capped|restricted)\s+(?:to|at)|\bwithin|\bas\s+(?:much|many)\s+as",
    ),
    (
        ">=",
        r">=|≥|⩾|\bat\s+(?:the\s+)?least|\b(?:no|not)\s+(?:less|fewer|lower|smaller|shorter|earlier)\s+than"
        r"|\b(?:not|never)\s+(?:\w+\s+)?(?:fall|drop|go|get)s?\s+(?:below|under)"
        r"|\b(?:more|greater|higher)\s+than\s+or\s+equal\s+to|\bmin(?:imum)?\s+of|\bas\s+(?:little|few)\s+as",
    ),
    ("<", r"(?<![<-])<|\bsub-|\b(?:less|fewer|lower|shorter|smaller|faster|earlier)\s+than|\bunder|\bbelow"),
    (
        ">",
        r"(?<![=>-])>|\b(?:more|greater|higher|longer|larger|later)\s+than|\bover|\babove|\bexceed(?:s|ed|ing)?"
        r"|\bbeyond",
    ),
    ("~", r"[~≈±]|\babout|\baround|\bapprox(?:imately|\.)?|\broughly|\bcirca|\bca\.|\bnearly|\balmost|\bsome"),
    ("=", r"==|\bexactly|\bprecisely"),
)
_AFTER: tuple[tuple[Bound, str], ...] = (
    (
        ">=",
        r"\+(?!\d)|\s*\(?(?:or|and)\s+(?:more|greater|higher|above|later|newer|longer|up|over|larger)\b"
        r"|\s+(?:minimum|at\s+least)\b",
    ),
    (
        "<=",
        r"\s*\(?(?:or|and)\s+(?:less|fewer|below|lower|earlier|older|under|shorter|smaller)\b"
        r"|\s+(?:maximum|at\s+most|tops)\b",
    ),
)
_FILLER = r"\s*(?:(?:the|a|an|its|for|of)\s+)?[*_`\"'(]*$"
BEFORE = tuple((bound, re.compile(rf"(?:{words}){_FILLER}", re.IGNORECASE)) for bound, words in _BEFORE)
AFTER = tuple((bound, re.compile(words, re.IGNORECASE)) for bound, words in _AFTER)
_QUOTE_MARK = re.compile(r"(?:^|\n)[ \t]*(?:>[ \t]?)+$")

STATISTIC = re.compile(
    r"(?<![\w.])(?:[pP](?P<p>50|[5-9]\d(?:\.\d+)?|100|9{3,4})(?!\w)"
    r"|(?P<th>\d{2}(?:\.\d+)?)(?:th|st|nd|rd)?[\s-]percentiles?\b"
    r"|(?P<word>(?i:median|mean|average|avg|(?:maximum|max|minimum|min)(?!\s+of\b|\.)|peak|worst[\s-]case|best[\s-]case"
    r"|typical(?:ly)?)\b))"
)
_SAME = {
    "average": "mean", "avg": "mean", "maximum": "max", "minimum": "min", "median": "p50", "worst-case": "max",
    "best-case": "min", "typically": "typical", "peak": "max",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z][\w-]*[A-Za-z]|[A-Za-z]{2,}")
CLAUSE = re.compile(r"[.!?](?=\s)|[;|\n]|:\s")
_STOP = frozenset(
    "the and for that this with from are was were will would should must may can could has have had not but its their"
    " his her our your they them than then when while where which who whom whose into onto over under about after"
    " before within between during per each every any all some most least more less fewer only also very such been"
    " being does did done is it in on at to of by as or an be we if so no up out off there here these those least"
    " approximately around roughly exactly default".split()
)


def bound_of(text: str, start: int, end: int) -> Bound:
    """The bound that the words before or after a number set; "=" without one."""
    before = text[max(0, start - 48) : start]
    for bound, words in BEFORE:
        match = words.search(before)
        if match and not (bound == ">" and _QUOTE_MARK.search(before)):
            return bound
    after = text[end : end + 24]
    for bound, words in AFTER:
        if words.match(after):
            return bound
    return "="


def statistic(match: re.Match[str]) -> str:
    """`p99`, `mean`, `max` and so on."""
    number = match["p"] or match["th"]
    if number:
        return "p" + {"999": "99.9", "9999": "99.99"}.get(number, number)
    word = re.sub(r"\s", "-", match["word"].lower())
    return _SAME.get(word, word)


def words_in(text: str) -> tuple[str, ...]:
    """Its content words, small and without plural, in order."""
    found = (m.group().lower() for m in _WORD.finditer(text))
    return tuple(singular(w) for w in found if w not in _STOP and len(w) > 1)


def singular(word: str) -> str:
    """The word without a plural's ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
