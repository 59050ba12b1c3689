"""P0, P3, P16: a voice and not a past, nothing taken for granted in silence, precise words."""

from __future__ import annotations

import re

from service.answering.terms import terms
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import SECTIONS, Manuscript, folded, plain
from service.persona.rules.shape import bodies

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
_HIDDEN = re.compile(
    r"\b(?:assuming|presum(?:ably|ing|e[ds]?)|presuppos\w+|taking for granted|suppos(?:e|ing)(?: that)?|supposedly"
    r"|(?:we|I|one|(?:this|the|all of this|our|its) ?(?:answer|advice|plan|design|recommendation|estimate"
    r"|calculation|sizing|rollout|schedule|approach|proposal|argument|analysis|choice|advice)?|all of (?:this|it)"
    r"|all this)(?: can| may| will| shall)? (?:safely |simply |just |tacitly |implicitly |here |also |silently )?"
    r"(?:assumes?|presumes?|supposes?|takes? it(?: as given)?|takes? for granted|takes? as given|counts? on"
    r"|banks? on|trusts? that|believes?)"
    r"|on the (?:assumption|premise|understanding|basis that)|it is assumed|is assumed to|(?:can|may) be assumed"
    r"|assumed to be"
    r"|provided that the|tak(?:en|ing|e) (?:\w+ ){0,4}(?:as given|for granted)|let us assume|as long as we can"
    r"|counting on|relying on|if we take it|given that (?:you|your|we|our|the team|everyone|nobody)|no doubt"
    r"|doubtless|undoubtedly"
    r"|(?:it )?goes without saying|needless to say|as (?:you|your team|everyone) (?:surely|certainly|already"
    r"|will)|surely|premised on"
    r"|in all likelihood|one would expect|it is safe to|stands? to reason|working (?:hypothesis|assumption)"
    r"|I(?:'ll| will) treat)\b",
    re.IGNORECASE,
)
_OF_READERS = re.compile(
    r"(?<!whether )(?<!if )(?<!that )(?<!when )(?<!before )(?<!once )\b(?:you (?:already |currently |now |still "
    r"|all |also |only )?(?:have|run|use|operate|own|are|employ|"
    r"host|deploy|rely|store|keep|know)\b|your (?:\w+ ){1,3}(?:is|are|has|have|runs?|uses?|knows?|can)\b)",
    re.IGNORECASE,
)
"""What the program says of its reader, which only the reader knows."""
_ASKS_OR_SAYS = re.compile(
    r"\b(?:if|whether|when|once|before|unless|where|should|must|need|may|might|could|you say|you said"
    r"|say that you|tell|ask)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:no|none|nothing|not|without)\b[^.]{0,60}\b(?:assum\w*|taken for granted|granted)\b"
    r"|\b(?:assum\w*|taken for granted)\b[^.]{0,60}\b(?:no|none|nothing|not)\b",
    re.IGNORECASE,
)


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


def p3(manuscript: Manuscript) -> Finding:
    """What is taken for granted is listed as an assumption, and shown as one."""
    assumed = [s for s in manuscript.answer.sentences if s.kind == "assumption"]
    others = [s for s in manuscript.own if s.kind in ("judgement", "cited", "derived")]
    faults = [f"taken for granted in passing: {s.text}" for s in others if _HIDDEN.search(s.text)]
    faults += [f"taken for granted of the reader: {s.text}" for s in others if _of_readers(s.text, manuscript)]
    text = folded(manuscript.answer.text)
    if assumed and "assum" not in re.sub("|".join(re.escape(folded(s.text)) for s in assumed), "", text):
        faults.append(f"not marked as an assumption: {assumed[0].text}")
    faults += [f"not in the text: {s.text}" for s in assumed if folded(s.text) not in text]
    if manuscript.full:
        body = bodies(manuscript)[SECTIONS[1]]
        misplaced = [s for s in assumed if s.section and s.section.casefold() != SECTIONS[1].casefold()]
        faults += [f"outside of {SECTIONS[1]}: {s.text}" for s in misplaced]
        if not assumed and not _NONE.search(body):
            faults.append(f"{SECTIONS[1]} lists no assumption and does not say that there is none")
        run_on = [x for x in body.splitlines() if x.casefold().count("assumption:") > 1]
        run_on += [s.text for s in assumed if len(re.findall(r";|\([a-d1-5]\)|\b(?:second|third)(?:ly)?,", s.text)) > 1]
        faults += [f"assumptions run on instead of being listed: {line}" for line in run_on]
    return found(faults) if assumed or faults or manuscript.full else ABSENT


def _of_readers(text: str, manuscript: Manuscript) -> bool:
    """Whether it tells of the reader what the reader did not say."""
    match = _OF_READERS.search(text)
    if match is None or _ASKS_OR_SAYS.search(text):
        return False
    told = " ".join([manuscript.question, *(one.question for one in manuscript.earlier)])
    return len(terms(text) & terms(told)) < 0.5 * len(terms(text))
