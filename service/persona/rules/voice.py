"""P0, P16: a voice and not a past, precise words."""

from __future__ import annotations

import re

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, folded, plain

_DID = (
    r"(?:seen|built|run|ran|led|worked|designed|operated|shipped|deployed|measured|benchmarked|published|spent"
    r"|managed"
    r"|scaled|migrated|written|wrote|authored|observed|tested|maintained|debugged|helped|advised|consulted|witnessed"
    r"|implemented|architected|overseen|contributed|presented|learned|learnt|dealt|lived|been|tuned|profiled|rolled"
    r"|watched|found|clocked|recorded|coached|mentored|hired|co-authored|joined|served|saw|launched|owned|sat|gave"
    r"|spoke)"
)
_PAST = re.compile(
    rf"\b(?:I|we)(?:'ve|’ve| have| had)?\s+(?:(?:also|personally|once|often|always|already|repeatedly|previously"
    rf"|never"
    rf"|myself|first|recently|just|successfully|usually|frequently|many times)\s+)*{_DID}\b"
    r"|\bI\s+(?:used to|was (?:a|an|the|at|on|part|responsible|involved|working)|remember|recall|know from)\b"
    r"|\bin my\s+(?:\w+[\s-]+){0,3}(?:experience|career|years|time|tenure|days|team|role|job|work|practice|lab"
    r"|opinion as)\b"
    r"|\b(?:my|our)\s+(?:\w+[\s-]+){0,2}(?:experience|career|background|employers?|papers?|books?|talks?|research"
    r"|patents?"
    r"|benchmarks?|measurements?|publications?|production experience|former|previous|last|colleagues|clients?"
    r"|customers"
    r"|PhD|thesis|degree|blog|startup|company|tests? show|tests? showed|data show|numbers show|lab)\b"
    r"|\b(?:as|being)\s+(?:a|an)\s+(?:(?:former|ex|experienced|veteran|seasoned|long-time|long-standing|lifelong"
    r"|senior|staff"
    r"|principal|certified|hands-on)[\s-]+)+(?:\w+\s+){0,4}(?:engineer|architect|lead|sre|developer|practitioner"
    r"|manager"
    r"|researcher|operator|person|human|expert)\b"
    r"|\b(?:\d+|several|many|two|three|five|ten|fifteen|twenty|dozens of)\+?[\s-]+(?:years?"
    r"|decades?)(?:['’]s?)?\s+(?:of\s+)?"
    r"(?:hands-on |industry |production |combined )?(?:experience|practice|building|running|operating|leading"
    r"|designing)\b"
    r"|\bas a (?:contributor|maintainer|committer|co-?author|veteran|former|member)\b|\bhaving (?:led|built|run"
    r"|worked|seen|operated|shipped|designed)\b"
    r"|\bdrawing on (?:\w+ ){0,3}(?:years|experience|career)|\b(?:long|many) years (?:in|of|at)\b|\bran (?:one|it"
    r"|them|this) for (?:\w+ )?years\b|\bnever again\b"
    r"|\b(?:back when|when)\s+(?:I|we)\s+(?:was|were|ran|worked|led|built|did|had|joined|operated|migrated)\b"
    r"|\bat (?:my|our) (?:last|previous|former|old|own)\b|\bwhere I (?:work|worked|led)\b|\bI['’]?m (?:a"
    r"|an) (?!program|assist)"
    r"|\bI am (?:a|an) (?!program|assist|software)|\btrust me\b|\b(?:a|the) (?:human|person) (?:with|who) ",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"\b(?:experience|background|credentials|career|degrees?|employers?|jobs?) (?:do|did) you have\b"
    r"|\bwho (?:are|is) (?:you|aether)\b|\bwhat are you\b|\bare you (?:a|an|human|real)\b"
    r"|\byour (?:\w+ ){0,2}(?:experience"
    r"|background|career|credentials|employer|qualifications|publications|cv|resume|name)\b"
    r"|\bhave you (?:ever )?(?:built"
    r"|run|worked|led|published|operated)\b|\bhow (?:long|many years) have you\b|\bwhere (?:do|did|have) you work",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"\b(?:a |an )?(?:\w+ )?(?:program|software|assistant program)\b", re.IGNORECASE)
_MEASURED = re.compile(r"\d")


def p0(manuscript: Manuscript) -> Finding:
    """A voice, not a past: no experience, employers, papers or measurements of its own; asked, it is a program."""
    cells = [
        cell
        for table in manuscript.tables
        for row in table.rows
        for cell in row
        if folded(cell) not in manuscript.evidence
    ]
    faults = [claim for claim in (*manuscript.claims, *_notices(manuscript), *cells) if _PAST.search(claim)]
    asked = _IDENTITY.search(manuscript.question) is not None
    if asked and not _PROGRAM.search(manuscript.answer.text):
        faults.append(f"asked who it is, it does not say that it is a program: {manuscript.question}")
    elif asked and not manuscript.answer.citations:
        faults.append(f"asked who it is, it cites nothing: {manuscript.question}")
    return found(faults) if manuscript.claims or asked or faults else ABSENT


def _notices(manuscript: Manuscript) -> list[str]:
    return [plain(s.text) for s in manuscript.own if s.kind == "notice"]


def p16(manuscript: Manuscript) -> Finding:
    """Precise words: nothing vague where a measure is meant, nothing salesy."""
    vague, unmeasured = words_of("vague", "sales"), words_of("vague unless measured")
    said = [(c, unquoted(c)) for c in manuscript.claims]
    faults = [c for c, own in said if vague.search(own) or (unmeasured.search(own) and not _MEASURED.search(own))]
    return found(faults) if manuscript.claims else ABSENT


def unquoted(text: str) -> str:
    """A text without what it puts in quotation marks or code: the words of others."""
    return re.sub(r"`[^`]*`|\"[^\"]*\"|“[^”]*”", " ", text)
