"""P9, P20: an estimate has its interval, probability and dependencies; success is measured, and measures are gamed."""

from __future__ import annotations

import re

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript

_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a dozen|half a|a few|a couple of|several)"
)
_UNIT = (
    r"(?:%|percent|ms|s|seconds?|minutes?|hours?|days?|weeks?|sprints?|months?|quarters?|years?|engineers?|people"
    r"|nodes?"
    r"|replicas?|GB|TB|MB|\$|dollars?|euros?|k\b|x\b|times|person-\w+|FTEs?|req/s|qps|rps|tokens?|cores?|GPUs?)"
)
_ESTIMATE = re.compile(
    rf"\b(?:estimat\w+|expect\w*|forecast\w*|project(?:ed|ion)|predict\w*|roughly|approximately|approx\.?|around"
    rf"|about|nearly"
    rf"|in the (?:region|ballpark|order) of|ballpark|should (?:take|need|cost|be done|save|cut|bring|reduce|last"
    rf"|finish)"
    rf"|(?:would|will|could|might|may) (?:take|need|cost|save|cut|reduce|bring|require|last|finish|be (?:done|ready"
    rf"|finished)|grow"
    rf"|double|halve|drop|shrink|add|free)|likely|plan (?:on|for)|budget|takes?|needs?|done (?:in|by|within)"
    rf"|ready (?:in|by|within)"
    rf"|finish(?:ed)? (?:in|by|within)|allow|count on|give it|be (?:live|over|complete) (?:in|by"
    rf"|within))\b[^.]*?(?:\b{_NUMBER}|\$)\s?-?{_UNIT}?"
    rf"|\b(?:double|halve|triple)s?\b|\b(?:next|this|by) (?:quarter|month|week|spring|summer|autumn|winter|Q[1-4])\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(rf"{_NUMBER}\s?-?{_UNIT}|\$\s?\d|Q[1-4]\b|quarter|month|week", re.IGNORECASE)
_RANGE = re.compile(
    rf"{_NUMBER}\s*{_UNIT}?\s*(?:-|–|—|to|and)\s*(?:\$\s?)?{_NUMBER}|±|\+/-|\binterval\b|\bbetween\b|\bplus or minus\b",
    re.IGNORECASE,
)
_PROBABILITY = re.compile(
    r"\b\d{1,3}\s?(?:%|percent)\s*(?:\w+\s+)?(?:probab\w*|confiden\w*|chance|likelihood|interval|CI\b|sure"
    r"|certain\w*|credible)"
    r"|\b(?:probability|confidence|chance|likelihood|odds)\b[^.]{0,30}\d|\bP[5-9]\d\b|\bp\s?=\s?0?\.\d",
    re.IGNORECASE,
)
_DEPENDS = re.compile(
    r"\b(?:depend\w*|assum\w+|provided|if|given|unless|as long as|subject to|contingent|conditional|requires?|once"
    r"|prerequisite"
    r"|on condition|stable requirements|hinges?)\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\b(?:p50|p9\d|limit|timeout|default|at most|at least|maximum|minimum|SLO|budget of|target)\b", re.IGNORECASE
)
_AIMS = re.compile(
    r"\b(?:success (?:is|means|will be|looks|criteri|metric|measure|here)|succeeds? (?:if|when)|is a success"
    r"|will be (?:deemed )?"
    r"(?:a )?success|KPIs?|OKRs?|(?:our|the|its?|a|one|key|north[- ]star|main|primary|good|right) (?:\w+ )?(?:goal"
    r"|objective|target"
    r"|metric|measure of success|success metric) (?:is|should|will|are|here)|measure(?:d)? (?:success|progress"
    r"|it) by|judged? (?:it |success )?by"
    r"|track (?:the )?(?:number|share|rate|count)|aim(?:s|ing)? (?:for|at|to)|reward\w*|incentiv\w+|bonus"
    r"|optimi[sz]e (?:for|the)"
    r"|evaluate (?:the )?team|we win|done when|worked (?:if|when)|successful (?:if|when|once))\b",
    re.IGNORECASE,
)
_GAMED = re.compile(
    r"\b(?:number of|lines of code|story points?|velocity|tickets? (?:closed|resolved)|closed tickets|commits?"
    r"|pull requests?|coverage"
    r"|deployments? (?:count|per)|utili[sz]ation|uptime|click|engagement|count of|incidents? (?:reported|count)"
    r"|alerts? (?:count|closed)"
    r"|mean time|MTT\w|response time|resolution time|acceptance rate|accuracy|score|benchmark|usage|adoption|tokens"
    r"|leaderboard"
    r"|pages? written|documents? written|rate|share of|percentage|percent of|cost per)\b",
    re.IGNORECASE,
)
_WARNED = re.compile(
    r"\b(?:gam(?:e|ed|ing)|goodhart\w*|manipulat\w+|cheat\w*|inflat\w+|perverse|distort\w*|counter-?metric"
    r"|guard-?rail|counterbalanc\w*"
    r"|paired with|invites?|side effect)\b",
    re.IGNORECASE,
)


def p9(manuscript: Manuscript) -> Finding:
    """An estimate of the program's own has an interval, a probability and what it depends on."""
    texts = [c for c in manuscript.claims if _ESTIMATE.search(c) and _MEASURED.search(c)]
    estimates = [
        c for c in texts if not (_FACT.search(c) and not re.search(r"\b(?:will|should|would|estimat|expect)", c, re.I))
    ]
    if not estimates:
        return ABSENT
    faults = []
    for claim in estimates:
        near = _near(claim, manuscript)
        lacks = [
            name
            for name, pattern in (("interval", _RANGE), ("probability", _PROBABILITY), ("dependencies", _DEPENDS))
            if not pattern.search(near)
        ]
        if lacks:
            faults.append(f"an estimate without {', '.join(lacks)}: {claim}")
    return found(faults)


def _near(claim: str, manuscript: Manuscript) -> str:
    """The claim and the one after it."""
    at = manuscript.claims.index(claim)
    return " ".join(manuscript.claims[at : at + 2])


def p20(manuscript: Manuscript) -> Finding:
    """Success is put as a measurable indicator, with a warning where one invites gaming."""
    aims = [c for c in manuscript.claims if _AIMS.search(c)]
    if not aims:
        return ABSENT
    soft = words_of("immeasurable")
    faults = []
    for claim in aims:
        near = _near(claim, manuscript)
        if not re.search(r"\d|%", near) and (soft.search(claim) or not _GAMED.search(near)):
            faults.append(f"success without a measure: {claim}")
        elif _GAMED.search(claim) and not _WARNED.search(near):
            faults.append(f"a measure that invites gaming, without a warning: {claim}")
    return found(faults)
