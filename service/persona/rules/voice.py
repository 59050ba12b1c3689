"""P0, P16, P18: a voice and not a past, precise words, a tone that fits the question."""

from __future__ import annotations

import re

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, folded, plain

_DID = (
    r"(?:seen|built|run|ran|led|worked|designed|operated|shipped|deployed|measured|benchmarked|published|spent|managed"
    r"|scaled|migrated|written|wrote|authored|observed|tested|maintained|debugged|helped|advised|consulted|witnessed"
    r"|implemented|architected|overseen|contributed|presented|learned|learnt|dealt|lived|been|tuned|profiled|rolled"
    r"|watched|found|clocked|recorded|coached|mentored|hired|co-authored|joined|served|saw|launched|owned|sat|gave"
    r"|spoke)"
)
_PAST = re.compile(
    rf"\b(?:I|we)(?:'ve|’ve| have| had)?\s+(?:(?:also|personally|once|often|always|already|repeatedly|previously|never"
    rf"|myself|first|recently|just|successfully|usually|frequently|many times)\s+)*{_DID}\b"
    r"|\bI\s+(?:used to|was (?:a|an|the|at|on|part|responsible|involved|working)|remember|recall|know from)\b"
    r"|\bin my\s+(?:\w+[\s-]+){0,3}(?:experience|career|years|time|tenure|days|team|role|job|work|practice|lab"
    r"|opinion as)\b"
    r"|\b(?:my|our)\s+(?:\w+[\s-]+){0,2}(?:experience|career|background|employers?|papers?|books?|talks?|research"
    r"|patents?"
    r"|benchmarks?|measurements?|publications?|production experience|former|previous|last|colleagues|clients?|customers"
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
_INCIDENT = re.compile(
    r"\b(?:is|are|was|just|went|goes|gone|keeps?|still)\s+(?:\w+\s+){0,2}(?:down|firing|failing|crash(?:ing|looping)"
    r"|on fire"
    r"|broken|stuck|unreachable|paging|burning|dying|hanging|timing out|throwing)\b|\b(?:outage|incident|paged|pager"
    r"|sev-?[0-4]"
    r"|p0|emergency|urgent|asap|right now|help!|in production right)\b|\b(?:production|prod|everything|site)\s+(?:is"
    r"|are)"
    r"\s+down\b|!!",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^(?:\d+[.)]\s|[-*+]\s+(?=\**`?[A-Z`])|```|\$ |(?:\*\*)?(?:first|step 1|1[.)])|\W*(?:run|check|stop|restart"
    r"|roll|fail|open"
    r"|drain|scale|verify|confirm|page|call|silence|set|switch|revert|disable|enable|delete|kill|inspect|look"
    r"|restore|move|use"
    r"|start|increase|decrease|apply|execute|query|log|log in|free|add|remove|wait|do|isolate|shed|block|mitigate"
    r"|acknowledge"
    r"|declare|put|take|turn|raise|lower|cordon|promote|replay|pause|resume|flush|purge|rotate|redeploy|deploy"
    r"|escalate)\b)",
    re.IGNORECASE,
)
_STEPS_IN = re.compile(r"^\s*(?:\d+[.)]\s|```)", re.MULTILINE)
_SHOUTED = re.compile(r"\b[A-Z]{3,}(?:\s+[A-Z]{2,}){2,}\b|!{2,}")
_EXECUTIVE = re.compile(
    r"\b(?:fund|funding|budget for|invest in|approve|board|sign off|business case|executives?)\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"`[A-Z_]{3,}=|`(?:kubectl|docker|helm|git|aether|curl|systemctl)\b|`--\w|\b(?:kubectl|rollout restart)\b|`/\w+`",
)
_LABEL = re.compile(r"^\*[^*\n]+:\*\s*$|^#{1,6} ")


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
    vague = words_of("vague", "sales")
    return found(c for c in manuscript.claims if vague.search(_unquoted(c))) if manuscript.claims else ABSENT


def _unquoted(text: str) -> str:
    """Without what it puts in quotation marks or code: the words of others."""
    return re.sub(r"`[^`]*`|\"[^\"]*\"|“[^”]*”", " ", text)


def p18(manuscript: Manuscript) -> Finding:
    """A tone that fits: calm, never condescending; in an incident the steps come first, to executives no commands."""
    tone = words_of("tone")
    faults = [c for c in manuscript.claims if tone.search(c) or _SHOUTED.search(_unquoted(c))]
    incident = _INCIDENT.search(manuscript.question) is not None and manuscript.answer.refusal is None
    funded = _EXECUTIVE.search(manuscript.question) is not None
    if incident:
        faults += _incident(manuscript)
    if funded:
        faults += [f"commands for an executive: {c}" for c in manuscript.claims if _COMMAND.search(c)]
        faults += [f"code for an executive: {fence.code}" for fence in manuscript.fences]
        faults += [f"settings for an executive: {t.rows[0]}" for t in manuscript.tables if _COMMAND.search(str(t.rows))]
    return found(faults) if manuscript.claims or incident or funded else ABSENT


def _incident(manuscript: Manuscript) -> list[str]:
    """What is wrong with an answer to somebody in an incident."""
    soft = words_of("unsuited to an incident")
    faults = [claim for claim in manuscript.claims if soft.search(claim)]
    blocks = [b for b in re.split(r"\n\s*\n", manuscript.answer.text) if b.strip() and not _LABEL.match(b.strip())]
    first = next((i for i, b in enumerate(blocks) if _STEP.match(b.strip().lstrip("*_ "))), None)
    later = any(_STEPS_IN.search(block) for block in blocks[1:])
    if manuscript.own and blocks and first != 0 and (later or first is not None) and not _acts(blocks[0]):
        faults.append(f"an incident, and the steps come after: {blocks[0]}")
    known = any(
        _STEPS_IN.search(c.quote) or len(re.findall(r"(?:^|\. )[A-Z]\w+ ", c.quote)) > 2
        for c in manuscript.answer.citations
    )
    if blocks and manuscript.own and first is None and known and not any(_acts(block) for block in blocks):
        faults.append(f"an incident, and no steps: {blocks[0]}")
    return faults


def _acts(block: str) -> bool:
    """Whether a block has a step at the beginning of one of its lines or sentences."""
    return any(_STEP.match(piece.strip().lstrip("*_ ")) for piece in re.split(r"\n|(?<=[.:!])\s+", block))
