"""Whether somebody asks while something is failing: then the steps come first."""

from __future__ import annotations

import re

_FAILING = re.compile(
    r"\b(?:is|are|was|just|went|goes|gone|keeps?|still)\s+(?:\w+\s+){0,2}(?:down\b(?! to\b)|firing|failing"
    r"|crash(?:ing|looping)|on fire|broken|stuck|unreachable|paging|burning|dying|hanging|timing out"
    r"|throwing)\b"
    r"|\b(?:(?:outage|incident|pager|emergency)"
    r"(?!s?[ -](?:banners?|response|reviews?|process\w*|plans?|polic\w+|reports?|management|drills?|rates?|contacts?))"
    r"|paging|paged|sev-?[0-4]"
    r"|p0|urgent(?:ly)?|asap|right now|on fire|help!|in production right)\b"
    r"|\bstopped (?:working|responding|draining|accepting|serving|answering|processing|writing)\b"
    r"|\bpil(?:ing|ed|es?) up\b"
    r"|\b(?:won't|will not|no longer) (?:starts?|boots?|responds?|answers?|come up|recover)\b|\bnot responding\b"
    r"|\b(?:just|suddenly) (?:spiked|jumped|dropped|died|crashed|filled|ran out)\b"
    r"|!!|\b(?:users|customers|clients|nobody|we|everyone) (?:cannot|can't|can not|are unable to)"
    r" (?:log ?in|sign in|pay|check ?out|connect|reach|order|book)\b"
    r"|\b(?:losing|lost) (?:data|orders|money|writes|bookings|quorum)\b"
    r"|\breturn(?:s|ing)? (?:only |nothing but )?5\d\ds?\b|\berror rate (?:is at|went|jumped|shot)\b"
    r"|\b\d{1,2} ?am\b.*\bpag(?:e[dr]|ing)\b"
    r"|\bon[- ]call (?:now|tonight|and)\b|\bevery request fails\b"
    r"|^\W*help\b[,:]|\bnobody can (?:work|log|sign|pay|check|connect|reach|order|book|search|read|write)\b"
    r"|\bnothing (?:works|responds|gets through)\b",
    re.IGNORECASE,
)
_UNDER_WAY = re.compile(
    r"\b(?:is|are|keeps?) (?:now |all |only )?(?:returning errors?|rejecting|refusing|erroring|unresponsive|offline"
    r"|losing)\b"
    r"|\b(?:has|have|had) (?:just |suddenly |all )?(?:died|crashed|collapsed|gone (?:down|dark|offline))\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:if|when(?:ever)?|once|in case|should|suppose|while|after)\b[^,.?!;]*", re.IGNORECASE)
"""What is only supposed to fail."""
_SOME_DAY = re.compile(
    r"\b(?:for|in|during|of|after) (?:an?|any|every|each|the next) (?:\w+ )?(?:outage|incident|emergency)\b"
    r"|\b(?:taken down|broken down (?:by|to|into|per))\b",
    re.IGNORECASE,
)
"""What speaks of the day when something may fail, or of taking things down and apart."""
_NOW = re.compile(r"\b(?:in|during) an? (?:ongoing|active) (?:outage|incident|emergency)\b", re.IGNORECASE)
_ASKS_A_FACT = re.compile(
    r"(?:^|[.!?,;:\u2013-]\s+(?:and |so )?)"
    r"(?:who|whom|which|when|why|where|how (?:long|many|much|often)|what (?:was|were))\b"
    r"[^.?!]*\?",
    re.IGNORECASE,
)


def in_incident(question: str) -> bool:
    """Whether whoever asks has something failing now, and asks what to do: not a fact, and not for some other day."""
    failing = _NOW.search(question) or _FAILING.search(_SOME_DAY.sub(" ", question))
    failing = failing or _UNDER_WAY.search(_SUPPOSED.sub(" ", question))
    return failing is not None and not _ASKS_A_FACT.search(question)
