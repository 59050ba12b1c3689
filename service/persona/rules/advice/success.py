"""P20: success is told by measures, and where one invites gaming there is a warning.

A warning says that the measure can move without what is wanted, or has a second one looked at beside it. That it cannot
be gamed is no warning. What a document names as success is warned of too, where the program adds words of its own.
"""

from __future__ import annotations

import re

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, plain
from service.persona.rules.figures import NUMBER, UNIT, near_by

_SOUGHT = re.compile(
    r"\bsuccess(?:ful)?\b|\bKPIs?\b"
    r"|\bhow (?:do|would|will|can|should|could|shall) (?:we|I|you|one) (?:know|measure|tell|judge)\b"
    r"|\bwhat (?:should|shall|do|would|could) (?:we|I|you) (?:measure|track|aim|reward)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"\b(?:which|what) (?:metric|measure|number|figure|indicator|target|goal)s?\b[^?]*\b(?:better|succe\w+|improv\w+"
    r"|worth|worked|team|goal|set)\b",
    re.IGNORECASE,
)
"""A measure is asked for, with or without a figure of it."""
_NAMED = re.compile(
    r"\b(?:success|KPIs?|measure of|service levels?|SLOs?|acceptance criteria|objectives?)\b", re.IGNORECASE
)
_MEASURE = re.compile(r"\d|%|`[\w.]+`|\bp\d\d\b")
_COUNTED = re.compile(
    rf"\b(?!an?\b){NUMBER}[\s-]{UNIT}|\b(?:zero|none|no more than|at (?:most|least)|half|third|twice)\b",
    re.IGNORECASE,
)
"""A figure in words."""
_KPI = re.compile(
    r"\b(?:latency|throughput|availability|uptime|recall|precision|(?:[\w-]+ )?rate|(?:restore|recovery|response"
    r"|resolution|answer"
    r"|lead|cycle) time|time to \w+|lag|share of|number of|count of|cost per|percentile|service level objective"
    r"|SLOs?|RTO|RPO)\b",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"\b(?:better|good|great|improved?|low|lower|high|higher|faster|fast|happy|happier|smooth\w*|satisf\w+"
    r"|acceptable)\b",
    re.IGNORECASE,
)
"""A measure is named, and only wished to be better."""
_NO_MEASURE = re.compile(
    r"\bQ[1-4]\b|\b20\d\d\b|\bv\d[\w.]*|\b(?:phase|step|tier|version|stage|level|release|option|section|part"
    r"|milestone)s? \d+"
    r"|\b24/7\b|\[\d+\]|\b1[08] (?:to|-) 36 months\b",
    re.IGNORECASE,
)
"""Digits that count nothing."""
_NO_GAME = (
    r"(?:gam(?:e|ed|ing)|b[ea]nt|bend|cheat\w*|manipulat\w*|fak(?:e|ed)|inflat\w*|massag\w*|distort\w*|trick\w*"
    r"|rig(?:ged)?|fool\w*)"
)
_DENIED = re.compile(
    r"\b(?:cannot|can't|can not|impossible to|nobody (?:can|will|would|could)|no one (?:can|will|would|could)|hard to"
    r"|difficult to|unlikely to|not|never|nothing to|immune to|free (?:of|from)|beyond|safe from|proof against)"
    rf" (?:be )?(?:\w+ )?{_NO_GAME}\b"
    rf"|\bno (?:risk|danger|fear|room|way|need|reason) (?:of|for|to) (?:\w+ )?{_NO_GAME}\b"
    rf"|\b{_NO_GAME} (?:is|are) (?:no|not|unlikely|impossible)\b|\b(?:gaming|game|tamper)-?proof\b"
    r"|\bno (?:second (?:look|measure|metric|figure)|counter-?metric|caveats?|warning|guard-?rails?)\b"
    r"|\bsecond (?:look|measure|metric|figure) is (?:not|un)\w*",
    re.IGNORECASE,
)
_MEANS_LITTLE = re.compile(
    r"\b(?:say|tell|show|prove|mean)s? (?:that )?[^.;]{0,60}\bnot (?:that|whether)\b"
    r"|\b(?:does|do) not (?:say|tell|show|prove|mean)\b|\bsays? (?:nothing|little)\b"
    r"|\b(?:is|are) no (?:measure|success|proof)\b|\bnot (?:a |an )?(?:measure|success)\b"
    r"|\b(?:is|are) not (?:yet|always|the same)\b"
    r"|\bstand in for\b|\bdo not (?:give|make|set|reward|pay)\b|\bnot by (?:it|them) alone\b",
    re.IGNORECASE,
)
"""It says that a measure stands for less than what is wanted."""
_NOT_PAID = re.compile(
    r"\b(?:no|not|never|nobody)\b[^.;]{0,30}\b(?:bonus|reward\w*|incentiv\w*)\b"
    r"|\b(?:not|no) (?:a |the )?(?:\w+ )?success\b",
    re.IGNORECASE,
)
_STATISTIC = re.compile(r"`[\w.]+`|\bp\d\d\b|\b(?:median|mean|average|percentile)\b", re.IGNORECASE)
"""What is taken over many, and moves with what is counted in."""
_OUTPUT = re.compile(
    r"\b\d[\d,.]* (?:new |more |fewer |further |\w+ed )?(?!(?:seconds|minutes|hours|days|weeks|months|years|points"
    r"|percent|replicas|nodes|times|engineers|ms)\b)[a-z]{3,}s\b"
)
"""So and so many of what somebody makes."""
_OUTCOME = re.compile(r"\b(?:error|failure|fault|loss|drop|miss|hit|arrival|request) rate\b", re.IGNORECASE)
"""Rates that are measured where they are felt, and not counted by those whom they judge."""
_UNKNOWN = re.compile(
    r"\b(?:not documented|no (?:document|source|kpi|measure|target|metric)|undocumented|not stated"
    r"|documents? (?:do not|don't"
    r"|name no|names no|state no|states no|give no|gives no|say nothing|says nothing|has no|have no)"
    r"|nothing (?:is|says))\b",
    re.IGNORECASE,
)


def p20(manuscript: Manuscript) -> Finding:
    """Success is put as a measurable indicator, with a warning where one invites gaming."""
    sought = _SOUGHT.search(manuscript.question) is not None
    asked = (sought or _WHICH.search(manuscript.question) is not None) and bool(
        manuscript.claims or _composed(manuscript)
    )
    said = [plain(s.text) for s in manuscript.answer.sentences if s.kind != "question"]
    aims = [c for c in manuscript.claims if _aims(c)]
    under = (title for c in manuscript.answer.citations for title in c.section[1:])
    if manuscript.full and not any(words_of("aims").search(text) or _NAMED.search(text) for text in (*said, *under)):
        return found(["no measure of success in a full answer"])
    if not aims and not asked:
        return ABSENT
    faults = [
        f"success without a measure: {c}" for c in aims if not _measured(_near(c, manuscript)) and not _invites(c)
    ]
    if asked and sought and not any(_measured(text) or _UNKNOWN.search(text) for text in said):
        faults.append(f"success without a measure: {manuscript.question}")
    gamed = [
        c for c in (*aims, *(manuscript.claims if asked else ()), *_quoted(manuscript, asked=asked)) if _invites(c)
    ]
    gamed += [c for c in aims if _OUTPUT.search(c) or (manuscript.full and _STATISTIC.search(c))]
    denied = any(_DENIED.search(text) for text in said)
    if (denied and (gamed or asked)) or (gamed and not _warned(manuscript, aims)):
        faults.append(f"a measure that invites gaming, without a warning: {(gamed or said)[0]}")
    return found(faults)


def _aims(claim: str) -> bool:
    """Whether a claim says what is aimed at, and not that it is unknown or not rewarded."""
    aims = words_of("aims").search(claim) is not None and not claim.endswith("?")
    return aims and not _UNKNOWN.search(claim) and not _NOT_PAID.search(claim)


def _composed(manuscript: Manuscript) -> bool:
    """Whether the answer was written, and not put together of documents' sentences alone."""
    return manuscript.answer.composer != "extractive" or bool(manuscript.advice)


def _near(claim: str, manuscript: Manuscript) -> str:
    """A claim and the one after it, as far as that stands in the same section."""
    sections = {s.section for s in manuscript.answer.sentences if claim in plain(s.text)}
    text = near_by(claim, manuscript)
    later = text[len(claim) :].strip()
    beside = any(later and later in plain(s.text) and s.section in sections for s in manuscript.answer.sentences)
    return text if beside else claim


def _quoted(manuscript: Manuscript, *, asked: bool) -> list[str]:
    """What documents name as success, in an answer that was written."""
    if not _composed(manuscript):
        return []
    own = set(map(id, manuscript.own))
    quoted = [plain(s.text) for s in manuscript.answer.sentences if s.kind == "cited" and id(s) not in own]
    return [text for text in quoted if asked or words_of("aims").search(text)]


def _warned(manuscript: Manuscript, aims: list[str]) -> bool:
    """Whether something warns: in a full answer where success is told, in a short one anywhere."""
    said = [s for s in manuscript.answer.sentences if s.kind != "question"]
    told = {s.section for s in said if any(aim in plain(s.text) for aim in aims)}
    near = [s for s in said if s.section in told or s.kind == "notice"] if manuscript.full and told else said
    return any(_warns(plain(s.text)) for s in near)


def _warns(text: str) -> bool:
    """Whether a sentence warns of a measure: it can be gamed, moves without merit, or is looked at beside another."""
    for part in re.split(r"(?<=[.;!?:])\s+", text):
        if _DENIED.search(part):
            continue
        if words_of("gaming").search(part) or _MEANS_LITTLE.search(part):
            return True
        if words_of("a measure moves").search(part) and words_of("without merit").search(part):
            return True
        if any(words_of("beside a measure").search(part[m.end() :]) for m in words_of("show a measure").finditer(part)):
            return True
    return False


def _measured(text: str) -> bool:
    if _MEASURE.search(_NO_MEASURE.sub("", text)):
        return True
    return (_KPI.search(text) or _COUNTED.search(text)) is not None and not _WISHED.search(text)


def _invites(text: str) -> bool:
    return words_of("gameable").search(_OUTCOME.sub("", text)) is not None
