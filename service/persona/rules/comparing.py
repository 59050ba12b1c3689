"""P4, P20: options stand in a table; success is told by measures, and measures are gamed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.persona.finding import ABSENT, Finding, found
from service.persona.manuscript import Manuscript, Table, folded, plain
from service.persona.rules.figures import NUMBER, UNIT, near_by

_OPTION = re.compile(
    r"\b(?:option|alternative|approach|variant|candidate|choice)\s+(?:[A-Z]\b|[1-9]\b|one|two|three)|\bversus\b"
    r"|\bvs\.?\s"
    r"|\b(?:compared (?:to|with)|in contrast to|as opposed to|rather than|instead of|on the other hand)\b"
    r"|\b(?:two|three|four|both|several) (?:\w+ )?(?:options|alternatives|approaches|candidates|choices|ways)\b"
    r"|\b(?:first|second|third|other) (?:option|alternative|approach|candidate|choice|way)\b|\beither\b.+\bor\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:compare|versus|vs\.?|trade-?offs?|options|alternatives|which (?:of|one|should)|better|choose between"
    r"|or should we"
    r"|pros and cons|difference between)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\W*(?:please )?(?:compare|contrast|weigh)\b", re.IGNORECASE)
_CHOICE = re.compile(
    r"\bor\b|\bcompare\b|\bversus\b|\bvs\b|\boptions?\b|\balternatives?\b|\btrade-?offs?\b|\bwhich (?:of|one)\b"
    r"|\bmove to\b",
    re.I,
)
_BLANK = re.compile(
    r"^(?:[-–—?.…]*|n/?a|tbd|todo|unknown|none|null|see above|not known|not available|\(?empty\)?)$", re.I
)
_OPTION_HEAD = re.compile(
    r"option|alternative|approach|candidate|variant|choice|solution|design|store|tool|system", re.I
)
_LAST_HEAD = re.compile(r"recommend|verdict|choice|decision|chosen|conclusion|fit", re.IGNORECASE)
_AIMS = re.compile(
    r"\b(?:success (?:is|means|will be|looks|criteri|metric|measure|here)|succeeds? (?:if|when)|is a success"
    r"|will be (?:deemed )?"
    r"(?:a )?success|KPIs?|OKRs?|(?:our|the|its?|a|one|key|north[- ]star|main|primary|good|right) (?:\w+ )?(?:goal"
    r"|objective|target"
    r"|metric|measure of success|success metric) (?:is|should|will|are|here)|measure(?:d)? (?:success|progress"
    r"|it) by|judged? (?:it |success )?by"
    r"|track (?:the )?(?:number|share|rate|count)|aim(?:s|ing)? (?:for|at|to)|reward\w*|incentiv\w+|bonus"
    r"|optimi[sz]e (?:for|the)"
    r"|evaluate (?:the )?team|we win|done when|worked (?:if|when)|successful (?:if|when|once)|(?:good|great"
    r"|done) looks like"
    r"|(?:we|you)(?:'ll| will| shall| would)? (?:know|see|tell) (?:that )?(?:it|this|we|the \w+) (?:works?|worked"
    r"|succeed\w*"
    r"|is working|has (?:worked|succeeded)|paid off|are (?:there|done|on track))|yardstick|bar for success"
    r"|proof of success"
    r"|(?:considered|counts? as|call(?:ed)? (?:it|this)) (?:a )?(?:done|complete|success\w*)"
    r"|acceptance criteri(?:on|a)"
    r"|scorecard|(?:the )?(?:goal|objective|target|outcome) (?:we want )?(?:here )?(?:is|would be|remains)"
    r"|achieved (?:if|when|once)"
    r"|paid off (?:if|when|once)|milestone is|intended outcome)\b",
    re.IGNORECASE,
)
_GAMED = re.compile(
    r"\b(?:number of|lines of code|story points?|velocity|tickets? (?:closed|resolved)|closed tickets|commits?"
    r"|pull requests?|coverage"
    r"|deployments? (?:count|per)|utili[sz]ation|uptime|click|engagement|count of|incidents? (?:reported|count)"
    r"|alerts? (?:count|closed)"
    r"|mean time|MTT\w|response time|resolution time|acceptance rate|accuracy|score|benchmark|usage|adoption|tokens"
    r"|leaderboard"
    r"|hours (?:worked|billed|logged)|stars|likes|(?:page )?views|sign-?ups|downloads|merge requests|PRs"
    r"|per (?:engineer|developer"
    r"|person|head)|bugs? (?:found|fixed|filed|closed)|tests? (?:written|passing)|satisfaction|NPS|survey|backlog"
    r"|burn-?down"
    r"|how many|thumbs|ratings?|votes|refusals?|complaints|headcount|active users|sessions|time spent|volume of"
    r"|amount of"
    r"|(?:answers?|questions|requests|features|documents|alerts|cases|calls|reviews|changes|issues|incidents"
    r"|tasks|items) (?:\w+ )?"
    r"(?:closed|resolved|shipped|merged|answered|handled|completed|written|fixed|filed|reviewed|served|delivered"
    r"|given|made)"
    r"|on[- ]time|quota|rank(?:ing)?s?|(?:zero|no|fewer) (?:incidents|tickets|alerts|pages)"
    r"|pages? written|documents? written|rate|share of|percentage|percent of|cost per)\b",
    re.IGNORECASE,
)
_SOUGHT = re.compile(
    r"\bsuccess(?:ful)?\b|\bKPIs?\b"
    r"|\bhow (?:do|would|will|can|should|could|shall) (?:we|I|you|one) (?:know|measure|tell|judge)\b"
    r"|\bwhat (?:should|shall|do|would|could) (?:we|I|you) (?:measure|track|aim|reward)\b",
    re.IGNORECASE,
)
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
_DENIED = re.compile(
    r"\b(?:cannot|can't|can not|impossible to|nobody (?:can|will|would)|hard to|difficult to|unlikely to"
    r"|not) (?:be )?gam(?:e|ed)\b"
    r"|\bno (?:risk|danger|fear|room|way) (?:of|for|to) gam\w+|\bgam(?:ing|ed) (?:is|are) (?:no|not|unlikely)\b"
    r"|\b(?:gaming|game)-?proof\b",
    re.IGNORECASE,
)
_WARNED = re.compile(
    r"\b(?:gam(?:e|ed|ing)|goodhart\w*|manipulat\w+|cheat\w*|perverse|counter-?metric|counterbalanc\w*|tempt\w*"
    r"|on paper|rewards? (?:\w+ing|the wrong)|(?:can|could|may|might|would) be (?:met|reached|hit|raised|lowered"
    r"|improved) by"
    r"|second (?:measure|metric|figure)|looks? (?:good|better) (?:while|without|though))\b"
    r"|\b(?:metrics?|measures?|counts?|numbers?|rates?|kpis?|targets?|scores?|figures?|incentives?|percentages?"
    r"|it)\b[^.]{0,80}"
    r"\b(?:inflat\w+|distort\w*|guard-?rail|paired with|invites?|side effects?|read (?:beside|with|together)"
    r"|misleads?)\b"
    r"|\b(?:inflat\w+|distort\w*|guard-?rail|pair(?:ed)?|invites?|side effects?|beside)\b[^.]{0,80}"
    r"\b(?:metrics?|measures?|counts?|numbers?|rates?|kpis?|targets?|scores?|figures?|incentives?|percentages?)\b",
    re.IGNORECASE,
)
_OUTCOME = re.compile(r"\b(?:error|failure|fault|loss|drop|miss|hit|arrival|request) rate\b", re.IGNORECASE)
"""Rates that are measured where they are felt, and not counted by those whom they judge."""
_UNKNOWN = re.compile(
    r"\b(?:not documented|no (?:document|source|kpi|measure|target|metric)|undocumented|not stated"
    r"|documents? (?:do not|don't"
    r"|name no|names no|state no|states no|give no|gives no|say nothing|says nothing|has no|have no)"
    r"|nothing (?:is|says))\b",
    re.IGNORECASE,
)


def p4(manuscript: Manuscript) -> Finding:
    """Options are compared in a table; what is not documented says so."""
    if manuscript.answer.refusal:
        return ABSENT
    compared = [t for t in manuscript.tables if _compares(t)]
    named = [c for c in manuscript.claims if _OPTION.search(c)]
    asked = asks_to_compare(manuscript.question) or (
        manuscript.full and _CHOICE.search(manuscript.question) is not None
    )
    if not compared and not named and not asked:
        return ABSENT
    listed = asked or manuscript.full or len(named) > 1 or (named and _ASKS.search(manuscript.question))
    if not compared:
        silent = re.search(r"\bno (?:options?|alternatives?)\b|\bnames? one option\b", folded(manuscript.answer.text))
        return (
            found([f"options without a table: {(named or [manuscript.question])[0]}"])
            if listed and not silent
            else ABSENT
        )
    faults = [fault for table in compared if not table.quoted for fault in _faults(table)]
    rows = folded(" ".join(row[0] for table in compared for row in table.rows))
    faults += [
        f"an option of the question is not compared: {name}"
        for name in _options_in(manuscript.question)
        if not _shares(name, rows)
    ]
    return found(faults)


def asks_to_compare(question: str) -> bool:
    """Whether it asks for a comparison outright: then options stand in a table, however short the answer is."""
    return _COMPARES.match(question) is not None


def _options_in(question: str) -> list[str]:
    """What a question asks to compare: `Compare A, B and C for ...`; `A with B` where nothing else tells them apart."""
    match = re.match(r"\W*compare (.+?)(?: for | in | as |[.?:;]|$)", question, re.IGNORECASE)
    if not match:
        return []
    parts = re.split(r",\s*(?:and\s+)?|\s+(?:and|to|versus|or)\s+", match[1])
    return [part.strip() for part in (parts if len(parts) > 1 else match[1].split(" with ")) if part.strip()]


def _shares(name: str, rows: str) -> bool:
    return any(word[:3] in rows for word in folded(name).split() if len(word) > 3) or folded(name) in rows


def _compares(table: Table) -> bool:
    head = " ".join(table.header)
    return bool(_OPTION_HEAD.search(table.header[0]) or _LAST_HEAD.search(head)) or "pros" in head.casefold()


def _faults(table: Table) -> Iterator[str]:
    if not _OPTION_HEAD.search(table.header[0]):
        yield f"the first column does not name the option: {table.header[0]}"
    if not _LAST_HEAD.search(" ".join(table.header)):
        yield f"no column of the recommendation: {' | '.join(table.header)}"
    if any(re.search(r"latency", h, re.I) and not re.search(r"p\d\d", h) for h in table.header):
        yield f"a latency without its percentiles: {' | '.join(table.header)}"
    if len(table.header) < 3:
        yield f"nothing is compared: {' | '.join(table.header)}"
    if len(table.rows) < 2:
        yield "a single option"
    for row in table.rows:
        if len(row) != len(table.header) or any(_BLANK.match(cell.strip()) for cell in row):
            yield f"a cell says nothing, and not that it is not documented: {' | '.join(row)}"


def p20(manuscript: Manuscript) -> Finding:
    """Success is put as a measurable indicator, with a warning where one invites gaming."""
    asked = _SOUGHT.search(manuscript.question) is not None and bool(manuscript.claims)
    said = [plain(s.text) for s in manuscript.answer.sentences if s.kind != "question"]
    aims = [c for c in manuscript.claims if _AIMS.search(c) and not c.endswith("?") and not _UNKNOWN.search(c)]
    under = (title for c in manuscript.answer.citations for title in c.section[1:])
    if manuscript.full and not any(_AIMS.search(text) or _NAMED.search(text) for text in (*said, *under)):
        return found(["no measure of success in a full answer"])
    if not aims and not asked:
        return ABSENT
    faults = [
        f"success without a measure: {c}" for c in aims if not _measured(near_by(c, manuscript)) and not _invites(c)
    ]
    if asked and not any(_measured(text) or _UNKNOWN.search(text) for text in said):
        faults.append(f"success without a measure: {manuscript.question}")
    gamed = [c for c in (*aims, *(manuscript.claims if asked else ())) if _invites(c)]
    warned = any(_WARNED.search(text) and not _DENIED.search(text) for text in said)
    if gamed and (not warned or any(_DENIED.search(text) for text in said)):
        faults.append(f"a measure that invites gaming, without a warning: {gamed[0]}")
    return found(faults)


def _measured(text: str) -> bool:
    if _MEASURE.search(_NO_MEASURE.sub("", text)):
        return True
    return (_KPI.search(text) or _COUNTED.search(text)) is not None and not _WISHED.search(text)


def _invites(text: str) -> bool:
    return _GAMED.search(_OUTCOME.sub("", text)) is not None
