"""P10, P19, P21: what an architecture has to cover, what a recommendation has to weigh, what has to be tried."""

from __future__ import annotations

import re
from functools import cache

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript

_ASPECTS = {
    "observability": r"observab|monitor|\bmetrics?\b|\btrac(?:es?|ing)\b|\balerts?\b|dashboard|telemetry|\blogs?\b",
    "debuggability": r"debug|diagnos|troubleshoot|root cause|reproduc|post-?mortem",
    "rollback": r"roll(?:ed|s|ing)?[ -]?back|revert|\bundo\b|back out|downgrade",
    "graceful degradation": r"degrad|fall ?back|circuit breaker|load shed|fail-?(?:over|open|soft)|reduced service",
    "security posture": r"secur|\bauth|encrypt|access (?:control|set)|least privilege|threat|permission|\bsecrets?\b",
    "runbooks": r"run-?books?|playbooks?|operating procedure|on-?call guide",
}
_DESIGNS = re.compile(
    r"\b(?:architect\w*|(?:re-?)?design(?:s|ed|ing)?\b|how (?:should|would|do|can|shall) (?:we|i|one|you) (?:build"
    r"|structure|lay out|"
    r"split|scale|deploy|host|store|serve|set up)|system for|platform for|build (?:a|an|the)|migrat\w+ (?:to|from)"
    r"|topology|proposal for)",
    re.IGNORECASE,
)
_WEIGHED = {
    "total cost of ownership": r"total cost|cost of ownership|\bTCO\b|running cost|licen[cs]e cost|operating cost",
    "technical debt": r"technical debt|tech debt|\bdebt\b|maintenance burden|legacy",
    "cognitive load": r"cognitive load|mental load|learning curve|things to (?:know|learn)|complexity for the team",
    "18 to 36 months": r"\b(?:18|24|30|36)\b[^.]{0,12}months?|(?:18|eighteen)\s?(?:-|–|to)\s?(?:36|thirty-six)"
    r"|(?:two|three|2|3)[- ]years?",
}
_NEW = re.compile(
    r"\b(?:bleeding[- ]edge|cutting[- ]edge|brand[- ]new|newest|latest and greatest|experimental|alpha|beta|preview"
    r"|pre-release|nightly"
    r"|unproven|exotic|novel|state[- ]of[- ]the[- ]art|emerging|hot new|just released|young project"
    r"|release candidate|0\.\d+ (?:release|version))\b",
    re.IGNORECASE,
)
_RISK = re.compile(
    r"\brisk (?:tolerance|appetite|budget)\b|\btolerat\w+ (?:the )?risk|\baccept\w* (?:the )?risk|\bboring\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\b(?:avoid|not|instead of|rather than|no|against|until|over)\b", re.IGNORECASE)
_RECOMMENDS = re.compile(
    r"\b(?:recommend\w*|adopt|choose|use|go with|switch to|move to|migrate|should|pick|prefer|select|replace"
    r"|introduce|build|stay with|keep)\b",
    re.IGNORECASE,
)
_FRESH = re.compile(
    r"\b(?:new(?:est|er|ly)?|latest|fresh|recent(?:ly)?|came out|released|preprint|emerging|upcoming|each (?:week"
    r"|month)|every (?:week|month)|this (?:week|month|spring"
    r"|summer|autumn|winter|year)|last (?:week|month)|yesterday|just|on (?:monday|tuesday|wednesday|thursday"
    r"|friday))\b",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"\byour (?:own )?(?:questions?|suite|tasks?|tickets?|data|prompts?|workload|traffic)\b",
    re.IGNORECASE,
)
_UNTRIED = re.compile(
    r"\b(?:not worth|no need|needless|unnecessary|without (?:a |any )?test\w*|bloggers?|others? (?:test|measure)"
    r"|for you|in theory|release notes|leaderboard)\b",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"\b(?:benchmark\w*|measur(?:e|ed|ing|ement)|A/B|pilot|load[- ]test\w*|test(?:s|ed|ing)?|trial|evaluat\w+"
    r"|experiment|spike|canary|shadow"
    r"|proof of concept|compare (?:it|them)|try|validate|verify|compare|attack it|count what|before you (?:decide"
    r"|choose|adopt|switch|commit)|empirical\w*)\b",
    re.IGNORECASE,
)


_BUILT = re.compile(
    r"\b(?:services?|servers?|pools?|process(?:es)?|platform|cluster|queue|database|store|cache|gateway|pipeline"
    r"|index|system|topology|broker)\b",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(
    r"\b(?:matters?|is important|later|will be (?:looked at|considered|added|done)|to be (?:done|decided)"
    r"|in due course|some day|eventually|must not be forgotten)\W*$"
    r"|\blooked at later\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:security|monitoring|observability|operations) (?:team|group|people|department)\b",
    re.IGNORECASE,
)


@cache
def patterns(which: str) -> dict[str, re.Pattern[str]]:
    """What an architecture covers ("aspects"), or what a recommendation weighs ("weighed"), each with its words."""
    table = _ASPECTS if which == "aspects" else _WEIGHED
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in table.items()}


def p10(manuscript: Manuscript) -> Finding:
    """An answer on an architecture covers six aspects, or names those that the evidence lacks."""
    question = manuscript.question
    asked = _DESIGNS.search(question) is not None or (manuscript.full and _BUILT.search(question) is not None)
    designs = asked and (
        manuscript.full or re.search(r"\b(?:design|architect)\w*", question, re.IGNORECASE) is not None
    )
    if manuscript.answer.refusal or not designs or not manuscript.own:
        return ABSENT
    text = "\n".join(_substance(manuscript))
    return found(
        f"not covered and not named: {name}"
        for name, pattern in patterns("aspects").items()
        if not pattern.search(text)
    )


def _substance(manuscript: Manuscript) -> list[str]:
    """What is said and not only wished: no question, no word alone, nothing put off."""
    said = [s for s in manuscript.answer.sentences if s.kind != "question" and not _PUT_OFF.search(s.text)]
    return [_PEOPLE.sub("", s.text) for s in said if s.citations or s.kind == "notice" or len(s.text.split()) > 6]


def p19(manuscript: Manuscript) -> Finding:
    """A recommendation weighs cost, debt and load over time, and prefers what is proven."""
    advice = [a for a in manuscript.advice if _RECOMMENDS.search(a)]
    if not advice:
        return ABSENT
    faults = [
        f"what is new is recommended without a word on risk tolerance: {a}"
        for a in advice
        if _NEW.search(a) and not _RISK.search(manuscript.answer.text) and not _AGAINST.search(a)
    ]
    if manuscript.full:
        text = manuscript.answer.text
        faults += [f"not weighed: {name}" for name, pattern in patterns("weighed").items() if not pattern.search(text)]
    return found(faults)


def p21(manuscript: Manuscript) -> Finding:
    """A recommendation on a fast-moving topic comes with an empirical test."""
    moving = words_of("fast-moving")
    asked = manuscript.question if moving.search(manuscript.question) and _FRESH.search(manuscript.question) else ""
    own = [c for c in manuscript.claims if moving.search(c) and (_RECOMMENDS.search(c) or c in manuscript.advice)]
    if manuscript.answer.refusal or not manuscript.claims or not (own or asked):
        return ABSENT
    said = [s.text for s in manuscript.answer.sentences]
    tried = any(_TRIED.search(text) and (not _UNTRIED.search(text) or _YOURS.search(text)) for text in said)
    return found([] if tried else [f"a fast-moving topic without a test: {(own or [asked])[0]}"])
