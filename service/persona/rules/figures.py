"""P9, P20: an estimate has its interval, probability and dependencies; success is measured, and measures are gamed."""

from __future__ import annotations

import re

from service.persona.finding import ABSENT, Finding, found
from service.persona.manuscript import Manuscript, folded, plain

_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|twice|an?|a third|a quarter|a dozen"
    r"|half a|a few|a couple of|several)"
)
_UNIT = (
    r"(?:%|percent|ms|s|seconds?|minutes?|hours?|days?|weeks?|sprints?|months?|quarters?|years?|engineers?|people"
    r"|nodes?"
    r"|replicas?|GB|TB|MB|\$|dollars?|euros?|k\b|x\b|times|person-\w+|FTEs?|req/s|qps|rps|tokens?|cores?|GPUs?)"
)
_ESTIMATE = re.compile(
    rf"\b(?:estimat\w+|expect\w*|forecast\w*|project(?:ed|ion)|predict\w*|roughly|approximately|approx\.?|around"
    rf"|about|nearly"
    rf"|in the (?:region|ballpark|guess|reckon|phase \w+|est\.?|order) of|ballpark|guess|reckon|phase \w+|est\.?"
    rf"|should (?:take"
    rf"|need|cost|be done|save|cut|bring|reduce|last"
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
_MEASURED = re.compile(
    rf"\b(?:half|twice|double|an? (?:day|week|month|quarter|year|hour))\b|{_NUMBER}\s?-?{_UNIT}|\$\s?\d|Q[1-4]\b"
    rf"|quarter|month|week",
    re.IGNORECASE,
)
_HORIZON = re.compile(r"\b18 (?:to|-|–) 36 months\b", re.IGNORECASE)
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
_SOUGHT = re.compile(
    r"\bsuccess(?:ful)?\b|\bKPIs?\b|\bhow (?:do|would|will|can) we (?:know|measure|tell|judge)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:success|KPIs?|measure of)\b", re.IGNORECASE)
_MEASURE = re.compile(r"\d|%|`[\w.]+`|\bp\d\d\b")
_DENIED = re.compile(
    r"\b(?:cannot|can't|can not|impossible to|nobody (?:can|will)) (?:be )?gam(?:e|ed)\b",
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
    estimates = [
        text for text in _guesses(manuscript) if _ESTIMATE.search(text) and _MEASURED.search(_HORIZON.sub("", text))
    ]
    if not estimates:
        return ABSENT
    faults = []
    for text in estimates:
        near = _near(text, manuscript)
        sought = (("interval", _RANGE), ("probability", _PROBABILITY), ("dependencies", _DEPENDS))
        lacks = [name for name, pattern in sought if not pattern.search(near)]
        if lacks:
            faults.append(f"an estimate without {', '.join(lacks)}: {text}")
    return found(faults)


def _guesses(manuscript: Manuscript) -> list[str]:
    """What it says in its own words with figures that no cited quote has; cells of tables too."""
    quotes = {c.number: c.quote for c in manuscript.answer.citations}
    told: list[str] = []
    for sentence in manuscript.own:
        figures = re.findall(r"\d[\d.,]*", sentence.text)
        cited = " ".join(quotes.get(number, "") for number in sentence.citations)
        documented = (
            bool(figures) and sentence.kind in ("cited", "derived") and all(f.rstrip(".,") in cited for f in figures)
        )
        if sentence.kind not in ("notice", "question") and (not documented or _shortened(sentence.text, cited)):
            told += [piece for piece in manuscript.claims if piece in plain(sentence.text)]
    told += [
        cell
        for table in manuscript.tables
        for row in table.rows
        for cell in row
        if re.search(r"\best\b\.?|\babout\b", cell) and folded(cell) not in manuscript.evidence
    ]
    return list(dict.fromkeys(told))


def _shortened(text: str, cited: str) -> bool:
    """Whether a documented estimate lost its probability, or what it depends on."""
    lost = any(p.search(cited) and not p.search(text) for p in (_PROBABILITY, _DEPENDS))
    return lost and _PROBABILITY.search(cited) is not None


def _near(claim: str, manuscript: Manuscript) -> str:
    """The claim and the one after it."""
    at = manuscript.claims.index(claim) if claim in manuscript.claims else -1
    return " ".join(manuscript.claims[at : at + 2]) if at >= 0 else claim


def p20(manuscript: Manuscript) -> Finding:
    """Success is put as a measurable indicator, with a warning where one invites gaming."""
    asked = _SOUGHT.search(manuscript.question) is not None and bool(manuscript.claims)
    said = [plain(s.text) for s in manuscript.answer.sentences if s.kind != "question"]
    aims = [c for c in manuscript.claims if _AIMS.search(c) and not c.endswith("?")]
    if manuscript.full and not any(_AIMS.search(text) or _NAMED.search(text) for text in said):
        return found(["no measure of success in a full answer"])
    if not aims and not asked:
        return ABSENT
    whole = "\n".join(said)
    faults = [
        f"success without a measure: {c}"
        for c in aims
        if not _MEASURE.search(_near(c, manuscript)) and not _GAMED.search(c)
    ]
    if asked and not _MEASURE.search(whole):
        faults.append(f"success without a measure: {manuscript.question}")
    gamed = [c for c in (*aims, *(said if asked else ())) if _GAMED.search(c)]
    if gamed and (not _WARNED.search(whole) or _DENIED.search(whole)):
        faults.append(f"a measure that invites gaming, without a warning: {gamed[0]}")
    return found(faults)
