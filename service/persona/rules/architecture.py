"""P10: what an architecture has to cover; what a recommendation has to weigh."""

from __future__ import annotations

import re
from functools import cache

from service.persona.finding import ABSENT, Finding, found
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
