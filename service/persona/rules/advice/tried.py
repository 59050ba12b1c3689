"""P21: advice on what moves fast comes with an empirical test.

A test is something that the reader is told to do: to compare, to measure, or to run the same things through what there
is and look at the outcome. A test that somebody has done, that nobody needs to do, or of something else is none.
"""

from __future__ import annotations

import re

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, plain
from service.persona.rules.advice.proven import chosen

_FRESH = re.compile(
    r"\b(?:new(?:est|er|ly)?|latest|fresh|recent(?:ly)?|came out|released|preprint|emerging|upcoming|each (?:week"
    r"|month)|every (?:week|month)|this (?:week|month|spring"
    r"|summer|autumn|winter|year)|last (?:week|month)|yesterday|just|on (?:monday|tuesday|wednesday|thursday"
    r"|friday))\b",
    re.IGNORECASE,
)
_ASKS_ADVICE = re.compile(
    r"\b(?:should (?:we|I|our|the|a|an|my|this)|shall we|recommend\w*|worth|best|better|adopt"
    r"|switch to|move to|upgrade|replace|pick|choose"
    r"|cheapest|fastest|strongest|smallest|most (?:accurate|reliable|capable)|outperforms?)\b",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"\byour own (?!is\b|are\b|would\b)\w+"
    r"|\byour (?:questions?|suite|tasks?|tickets?|data|prompts?|workload|traffic|requests?|queries|cases"
    r"|documents|users)\b",
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
_TESTS = (
    r"(?:tests?|benchmarks?|trials?|pilots?|experiments?|measurements?|evaluations?|comparisons?|replay\w*|testing)"
)
_NEEDLESS = re.compile(
    rf"\b{_TESTS}\b[^.;]{{0,60}}\b(?:not (?:be )?(?:needed|necessary|required|called for)|needless|waste[ds]?"
    r"|unnecessary|superfluous|a formality|pointless|overkill|too (?:costly|slow|late|expensive|much))\b",
    re.IGNORECASE,
)
_UNRELATED = re.compile(
    r"\b(?:unit|integration|regression|restore|smoke|contract|browser|end-to-end) tests?\b|\btests? (?:pass|suite"
    r"|file|run)\w*|\btest data\b|\btests? of time\b"
    r"|\b(?:test|try|rehearse|verify|practi[sc]e)\w* (?:\w+ ){0,4}(?:way back|roll-?back|back-?ups?|restores?"
    r"|fail-?over|alerts?|runbooks?|access|certificates?)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?:^|[:;,]\s+|\b(?:and|then|so|but|or|yourself)\s+)\W*(?:\d+[.)]\s+)?(?:(?:first|also|please|instead|rather"
    r"|better|only|always|once more|again|then|now|now and then|in \w+|yes)\W+)*",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\s+(?:an?|the|your|our|both|each|every|one|two|three|some|all|any|it|them|this|these|those|that|half|\d+|real|same"
    r"|today\S*|recorded|more|in|with|against|on|through|again|what|how|which|out|up|old|new|known|different|hundred\w*"
    r"|dozens?|four|five|ten|twenty|fifty|a few|\w+ of (?:your|our)|[a-z]+s)\b",
    re.IGNORECASE,
)
"""What may stand behind a verb, and not behind the same word as a noun."""
_HAS_TO = re.compile(
    r"\b(?:must|should|ha(?:s|ve) to|needs? to|ought to|will have to|can only|only|let|worth"
    r"|(?:before|until|after|once|unless|when|if) (?:you|we|they)(?: have| has)?)\s+(?:\w+\s+){0,2}?(?:be\s+)?$",
    re.IGNORECASE,
)
_WAITS_FOR = re.compile(
    r"\b(?:until|unless|after|before|once|only (?:if|when|by)|if|by|through|depends? on|pending|subject to"
    r"|what (?:would )?(?:settles?|decides?|shows?)(?: it)?(?: is)?\W)\s+(?:\w+ ){0,3}?(?:an?|your|our|another|such)"
    r" (?:[\w-]+ ){0,3}?$",
    re.IGNORECASE,
)
"""What stands before a test that has still to be made."""
_ONLY = re.compile(
    r"\bonly (?:[\w-]+ ){1,6}can (?:show|tell|decide|settle|say|answer)\b"
    r"|\bonly (?:if|when|once|after)\b[^.;]*\b(?:more|fewer|better|less|lower|higher|no worse|at least|as many"
    r"|as good)\b[^.;]*\b(?:than|as|on)\b"
    r"|\b(?:before|until|unless|once|after)\b[^.;]{0,60}\bha(?:s|ve)\b[^.;]{0,60}\b(?:your|our) (?:own )?\w+"
    r"|\b(?:before|until|unless|once|only when|only after|as soon as)\b[^.;]{0,80}\b(?:have|has) been\b[^.;]{0,60}"
    r"\b(?:compared|tested|measured|answered|judged|counted|scored|tried|replayed|graded|run)\b",
    re.IGNORECASE,
)
_ON_OURS = re.compile(
    r"^ (?:of \w+ |of the \w+ )?(?:on|with|of|over|against) (?:your|our|today['’]s|this week['’]s)\b"
    r"|^ (?:\w+ ){0,4}(?:has|have|would|will|can|could|must) (?:\w+ )?(?:to )?(?:show|tell|decide|settle|say)\b",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:still|today|currently|nowadays|these days|any ?more|by now)\b", re.IGNORECASE)
_RECORDED = re.compile(
    r"\bdid (?:[\w-]+ ){0,5}(?:choose|decide|pick|select|adopt|use|say|recommend|settle)\b"
    r"|\b(?:was|were|been) (?:chosen|decided|picked|selected|adopted|recommended|agreed)\b",
    re.IGNORECASE,
)
"""What has been decided is asked, and not what to do."""
_OF_PEOPLE = re.compile(
    r"\bmodels? (?:that|which|to) (?:ranks?|scores?|predicts?|rates?|decides?|selects?)\b", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\b(?:chang\w+|replaced|turns? over|ages?|improv\w+|appear\w*|learn\w*|mov\w+|com(?:e|ing) out|released|new \w+)\b"
    r"[^.;]{0,40}\b(?:quick\w*|fast|rapid\w*|often|within|every|each|month to month|by the (?:week|month)|soon)\b",
    re.IGNORECASE,
)
"""It says itself that this moves fast."""


def p21(manuscript: Manuscript) -> Finding:
    """A recommendation on a fast-moving topic comes with an empirical test."""
    question = _OF_PEOPLE.sub("", manuscript.question)
    wanted = _FRESH.search(question) or _ASKS_ADVICE.search(question)
    moving = (_moves(question) and wanted) or (words_of("fast-moving").search(question) and _STILL.search(question))
    asked = question if moving and not _RECORDED.search(question) else ""
    own = [c for c in manuscript.claims if _advises(c, manuscript)]
    refusal = manuscript.answer.refusal
    if (refusal and refusal.reason != "no_evidence") or not manuscript.claims or not (own or asked):
        return ABSENT
    tried = any(_tries(plain(s.text)) for s in manuscript.answer.sentences)
    return found([] if tried else [f"a fast-moving topic without a test: {(own or [asked])[0]}"])


def _advises(claim: str, manuscript: Manuscript) -> bool:
    """Whether a claim chooses what moves fast, says that it does, or advises on it where it is asked for."""
    changes = _CHANGES.search(claim)
    if changes and words_of("fast-moving", "fast-moving where new").search(claim[: changes.start()]):
        return True
    if any(_moves(what, manuscript.question) for what, _ in chosen(claim)):
        return True
    return claim in manuscript.advice and _moves(claim, manuscript.question) and _moves(manuscript.question)


def _moves(text: str, question: str = "") -> bool:
    """Whether it speaks of what moves fast: some things always do, others where called new or asked for."""
    if words_of("fast-moving").search(text):
        return True
    loose = words_of("fast-moving where new")
    meant = not question or loose.search(question) is not None or _FRESH.search(text) is not None
    return loose.search(text) is not None and meant


def _tries(text: str) -> bool:
    """Whether it tells the reader to find out."""
    told = _UNRELATED.sub(" ", text)
    return any(
        not _NEEDLESS.search(part) and (not _UNTRIED.search(part) or _YOURS.search(part) is not None) and _told(part)
        for part in re.split(r"(?<=[.;!?])\s+", told)
    )


def _told(part: str) -> bool:
    """Whether a sentence asks for a test: to test, to run something and look at the outcome, or to wait for a test."""
    starts = {m.end() for m in _BEGINS.finditer(part)}
    if any(m.start() in starts or _HAS_TO.search(part[: m.start()]) for m in words_of("to test").finditer(part)):
        return True
    if any(_HAS_TO.search(part[: m.start()]) for m in words_of("tested").finditer(part) if m.group().endswith("ed")):
        return True
    if _outcome(part, starts):
        return True
    if _ONLY.search(part) or (_YOURS.search(part) and words_of("result").search(part)):
        return True
    return any(
        _WAITS_FOR.search(part[: m.start()]) or _ON_OURS.search(part[m.end() :])
        for m in words_of("a test").finditer(part)
    )


def _outcome(part: str, starts: set[int]) -> bool:
    """Whether something is to be run, and an outcome that is more than the act itself is looked at."""
    acts = [m for m in words_of("to run").finditer(part) if m.start() in starts and _OBJECT.match(part[m.end() :])]
    return any(r.start() != a.start() for a in acts for r in words_of("result").finditer(part))
