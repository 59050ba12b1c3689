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
    r"\b(?:bleeding[- ]edge|cutting[- ]edge|leading[- ]edge|brand[- ]new|newest|latest(?: and greatest| release"
    r"| version(?! of))|experimental|alpha|beta"
    r"|(?:technical |tech |developer |public |private )?preview|pre-?release|pre-?1\.0|nightly|early[- ]access"
    r"|unproven|untested"
    r"|untried|exotic|novel|state[- ]of[- ]the[- ]art|emerging|hot new|just (?:been )?(?:released|announced"
    r"|published|open[- ]sourced)"
    r"|(?:freshly|newly|recently) (?:\w+[- ])?(?:released|announced|published|open[- ]sourced|written|founded"
    r"|launched)|young (?:project"
    r"|company|startup)|release candidate|0\.\d+(?:\.\d+)? (?:release|version)|version 0\.\d|v0\.\d|incubat\w+"
    r"|research prototype"
    r"|prototype|unreleased|hyped?|trendy|fashionable|shiny|rising star|(?:released|announced|launched|appeared"
    r"|came out|published) (?:last|this"
    r"|a few|two|three|\w+) (?:week|month|weeks|months)(?: ago)?|(?:weeks|months|days) old|not (?:yet )?(?:GA"
    r"|generally available"
    r"|production[- ]ready|stable)|no(?:body| one| team)? (?:else )?(?:production users"
    r"|runs (?:it )?in production)|first to (?:adopt|run|use)"
    r"|early adopters?|home-?grown|home-?made|custom[- ]built|of our own making|(?:write|build|develop"
    r"|invent) our own"
    r"|from (?:the )?(?:main|trunk|master) branch|rewrite \w+ in|next[- ]generation|new (?:and|but) promising"
    r"|promising new"
    r"|new(?:comer)?s? (?:to|on) the market|new kid)\b",
    re.IGNORECASE,
)
_RISK = re.compile(
    r"\brisk (?:tolerance|appetite|budget)\b|\btolerat\w+ (?:the )?risk|\baccept\w* (?:the )?risk|\bboring\b",
    re.IGNORECASE,
)
_NO_RISK = re.compile(
    r"\b(?:regardless of|whatever|without|no matter|ignor\w+|leav\w+ aside|not (?:asked|stated|known|given|say)"
    r"|no word|nothing"
    r"|unknown|never mind|despite|aside from|instead of|rather than|no)\b[^.]{0,40}\b(?:risk|boring)\b"
    r"|\b(?:risk (?:tolerance|appetite|budget)|boring)\b[^.]{0,40}\b(?:unknown|not (?:stated|known|asked|given"
    r"|matter)|irrelevant"
    r"|no (?:argument|matter|reason)|aside|does not matter|is (?:no|not)|for others)\b",
    re.IGNORECASE,
)
"""A risk that is spoken of and not tolerated by anybody."""
_AGAINST_BEFORE = re.compile(
    r"\b(?:avoid|not|never|instead of|rather than|no|against|until|over|before|only (?:if|when|after|with)|off"
    r"|without|stay away|than"
    r"|prefer \w+ to|nor|neither|risks? of)\b[^,;.]{0,60}$",
    re.IGNORECASE,
)
_AGAINST_BEHIND = re.compile(
    r"^[^,;.]{0,60}\b(?:not|never|avoid|waits?|later|out|premature|too (?:early|young|new)|unless|until"
    r"|only (?:if|when|after|once))\b",
    re.IGNORECASE,
)
_RECOMMENDS = re.compile(
    r"\b(?:recommend\w*|adopt|choose|use|go with|switch to|move to|migrate|should|pick|prefer|select|replace"
    r"|introduce|build|stay with|keep)\b",
    re.IGNORECASE,
)
_SET_ASIDE = re.compile(
    r"\b(?:ignor\w+|leav\w+ (?:\w+ ){0,3}aside|set\w* (?:\w+ ){0,3}aside|regardless of|irrelevant|(?:does|do|did"
    r"|need|needs|should|will) not"
    r" (?:matter|count|weigh|be weighed|enter|play|apply|concern)|not (?:a|of) (?:concern|interest|factor|issue)"
    r"|out of scope|no (?:matter"
    r"|concern|issue|factor)|another (?:time|day)|later|not (?:weighed|considered|looked at)|without (?:weighing"
    r"|considering|looking)"
    r"|can wait|skipp\w+|never mind|beside the point)\b[^.]*\b(?:cost|debt|load)\b"
    r"|\b(?:cost of ownership|TCO|debt|cognitive load|mental load)\b[^.]{0,60}\b(?:ignored|(?:left|set) aside"
    r"|irrelevant|(?:does|do|did|need|needs"
    r"|should|will) not (?:matter|count|be|enter|play|apply|concern)|not (?:a|of) (?:concern|interest|factor"
    r"|issue)|out of scope"
    r"|no (?:matter|concern|issue|factor)|another (?:time|day)|later|not (?:weighed|considered|looked at)"
    r"|can wait|skipped"
    r"|beside the point|somebody else|others)\b",
    re.IGNORECASE,
)
"""A weight that is named in order not to be weighed."""
_TIME_OF = re.compile(
    r"\b(?:costs?|debt|load|complexity|burden|effort|own\w*|maint\w+|operat\w+|weigh\w*|horizon|recommend\w*"
    r"|choice|pays?|years?)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(?:18|24|30|36)\b[^.]{0,12}months?|\b(?:two|three|2|3)[- ]years?", re.IGNORECASE)
_FRESH = re.compile(
    r"\b(?:new(?:est|er|ly)?|latest|fresh|recent(?:ly)?|came out|released|preprint|emerging|upcoming|each (?:week"
    r"|month)|every (?:week|month)|this (?:week|month|spring"
    r"|summer|autumn|winter|year)|last (?:week|month)|yesterday|just|on (?:monday|tuesday|wednesday|thursday"
    r"|friday))\b",
    re.IGNORECASE,
)
_ASKS_ADVICE = re.compile(
    r"\b(?:should (?:we|I)|shall we|recommend\w*|worth|best|better|adopt|switch to|move to|upgrade|replace|pick"
    r"|choose)\b",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"\byour (?:own )?(?:questions?|suite|tasks?|tickets?|data|prompts?|workload|traffic)\b",
    re.IGNORECASE,
)
_OTHERS_TESTS = (
    r"(?:vendor|paper|author|publisher|maker|provider|community|supplier|blogger|competitor|lab|team behind \w+"
    r"|others?|somebody else"
    r"|someone else|published|public|official|their|its own|independent)(?:['’]s?|s['’]?)?"
)
_UNTRIED = re.compile(
    r"\b(?:not worth|no need|needless|unnecessary|bloggers?|for you|in theory|release notes|leader-?board"
    r"|(?:without|skip\w*|omit\w*|instead of|rather than|in place of|no|not|never|hardly|spares?|saves?|forgo\w*"
    r"|waives?) (?:\w+ ){0,4}?(?:test\w*|pilots?"
    r"|trials?|benchmark\w*|evaluat\w*|experiments?|measur\w*|try|validat\w*|canary|verif\w*|compar\w*|prove|proof)"
    r"|(?:already|been|was|were|has|have) (?:\w+ ){0,3}?(?:tested|proven|measured|benchmarked|evaluated|validated"
    r"|verified|compared)"
    rf"|{_OTHERS_TESTS} (?:\w+ ){{0,2}}(?:tests?|benchmark\w*|measur\w*|evaluat\w*|figures|numbers|comparison"
    rf"|results?|trials?|experiments?)"
    r"|(?:test|benchmark|evaluation|trial|pilot|comparison)s? (?:is|are|would be|can be|may be"
    r"|seems?) (?:\w+ )?(?:superfluous|optional|needless|unnecessary"
    r"|skipped|omitted|not needed|a waste|overkill|redundant|for later))\b",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"\b(?:benchmark\w*|measur(?:e|ed|ing|ement)s?|A/B|pilot|load[- ]test\w*|test(?:s|ed|ing)?|trial|evaluat\w+"
    r"|experiment|spike|canary|shadow|proof of concept|compare (?:it|them)|try|tried|validate|verify|compare"
    r"|attack it|count what"
    r"|before you (?:decide|choose|adopt|switch|commit)|empirical\w*|replay|bake-?off|sandbox|rehears\w+)\b",
    re.IGNORECASE,
)
_UNRELATED_TESTS = re.compile(
    r"\b(?:unit|integration|regression|restore|smoke|contract|browser|end-to-end) tests?\b|\btests? (?:pass|suite"
    r"|file|run)\w*|\btest data\b",
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
        if _new(a) and not _tolerated(manuscript)
    ]
    if manuscript.full:
        text = _weighing(manuscript)
        faults += [f"not weighed: {name}" for name, pattern in patterns("weighed").items() if not pattern.search(text)]
    return found(faults)


def _new(advice: str) -> bool:
    """Whether it advises what is new, and not against it."""
    return any(
        not _AGAINST_BEFORE.search(advice[: m.start()]) and not _AGAINST_BEHIND.search(advice[m.end() :])
        for m in _NEW.finditer(advice)
    )


def _tolerated(manuscript: Manuscript) -> bool:
    """Whether a sentence says what risk is tolerated."""
    said = [s.text for s in manuscript.answer.sentences if s.kind != "question"]
    return any(_RISK.search(text) and not _NO_RISK.search(text) for text in (*said, manuscript.question))


def _weighing(manuscript: Manuscript) -> str:
    """What an answer says, without its questions and without what is only set aside."""
    said = [s for s in manuscript.answer.sentences if s.kind != "question"]
    kept = [s.text for s in said if s.kind == "notice" or not _SET_ASIDE.search(s.text)]
    return "\n".join(text if _TIME_OF.search(text) else _SPAN.sub("", text) for text in kept)


def p21(manuscript: Manuscript) -> Finding:
    """A recommendation on a fast-moving topic comes with an empirical test."""
    moving = words_of("fast-moving")
    question = manuscript.question
    asked = question if moving.search(question) and (_FRESH.search(question) or _ASKS_ADVICE.search(question)) else ""
    own = [c for c in manuscript.claims if moving.search(c) and (_RECOMMENDS.search(c) or c in manuscript.advice)]
    if manuscript.answer.refusal or not manuscript.claims or not (own or asked):
        return ABSENT
    tried = any(_tries(s.text) for s in manuscript.answer.sentences)
    return found([] if tried else [f"a fast-moving topic without a test: {(own or [asked])[0]}"])


def _tries(text: str) -> bool:
    """Whether it says how the reader finds out, and not that others did or that nobody has to."""
    return any(
        _TRIED.search(_UNRELATED_TESTS.sub("", part)) and (not _UNTRIED.search(part) or _YOURS.search(part))
        for part in re.split(r"(?<=[.;!?])\s+", text)
    )
