"""P18: a tone that fits the question: an incident, an executive's decision, an engineer's how-to.

1. To nobody it condescends, blames, shouts, mocks or laughs, and it raises no alarm where nothing is failing.
2. To somebody in an incident the first block is a step, and nothing is strategic.
3. To an executive it shows no command, setting, code or internals, and to a short question of strategy no command.
4. An engineer who asks how to do something gets the names that the documents have for it, and no strategy; so does
   one who asks how something works, where the answer tells nothing with a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.identifiers import identifiers
from service.audience.incident import in_incident
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, plain
from service.persona.rules.shape import asks_a_fact
from service.persona.rules.voice import unquoted

_STEP = re.compile(
    r"^(?:\d+[.)]\s|[-*+]\s+(?=\**`?[A-Z`])(?!\**(?:(?:root )?cause|impact|background|context|symptoms?|reasons?"
    r"|status"
    r"|timeline|summary|analysis|finding|observation)s?\b)|```|\$ "
    r"|(?:\*\*)?(?:first|step 1|1[.)])|\W*(?:run|check|stop|restart"
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
_PICTURE = re.compile(
    "[\U0001f300-\U0001f44c\U0001f44f-\U0001f533\U0001f536-\U0001f7df\U0001f90c-\U0001faff\u2639\u263a]"
)
"""Faces and other pictures; marks such as a tick, a cross, a thumb or a coloured dot say something."""
_OTHER_BUDGET = re.compile(r"\b(?:disruption|error|retry|latency|memory|token|time) budgets?\b", re.IGNORECASE)
"""What is called a budget and is no money."""
_HOW = re.compile(
    r"(?:^|[.?!]\s+)\W*(?:how (?:do|can) (?:I|we|you)\b(?! (?:know|tell|measure|judge))|how to\b"
    r"|(?:what|which) (?:flag|setting|command|option|parameter|variable|endpoint|metric|alert)s?\b"
    r"|where (?:do I set|is .{3,40} (?:set|configured))\b)"
    r"|(?:[,;]|\band) how (?:do|can) (?:I|we|you) (?!know|tell|measure|judge|decide|explain)",
    re.IGNORECASE,
)
_MECHANISM = re.compile(
    r"^\W*(?:how (?:does|is)|what (?:exactly |actually )?(?:happens|holds|causes|makes|triggers|blocks|limits)"
    r"|why (?:does|do|did|is|are))\b",
    re.IGNORECASE,
)
_INTERNALS_TOLD = 2
_COMMAND = re.compile(
    r"`[^`\n]*\w\s?=\s?[^`\n]*`|`-{1,2}\w|`[a-z][\w.-]* [^`\n]+`|`(?:curl|aether)\b|`/[\w/.-]+`"
    r"|\bkubectl\b|\brollout restart\b",
)
"""An assignment, a flag, a path, or a program with arguments: told by its form."""
_NAMED = re.compile(r"`\w+_\w+`")
_NAMES_TOLD = 2
_FOR_LATER = re.compile(
    r"\W*(?:after(?:wards)?|later|once|when|for (?:later|the review)|at the review)\b", re.IGNORECASE
)
"""What is said of the time when it works again may be strategic."""
_EXCLAIMED = re.compile(r"\w!(?=[\s*_)]|$)")
_WHAT_NOW = re.compile(
    r"\bwhat (?:now|next)\b|\bwhat (?:do|should|can) (?:I|we) do(?: now| first| next)?\W*$|\bwalk (?:me|us) through\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:if|when(?:ever)?|once|in case|suppose|before|after)\b", re.IGNORECASE)
_CODE = re.compile(r"`[^`\n]+`")
_CODED = re.compile(r"`-{1,2}\w|`[A-Z_]{3,}|" + _COMMAND.pattern)
_CALMS = re.compile(r"\b(?:no|not|nothing|never|none|without|hardly|cannot)\b[^,;.]{0,40}$", re.IGNORECASE)
"""What is urgent only in the sentence's denial."""
_LABEL = re.compile(r"^\*[^*\n]+:\*\s*$|^#{1,6} ")


def p18(manuscript: Manuscript) -> Finding:
    """A tone that fits: calm, never condescending; steps first in an incident, no internals for an executive, and the
    names of things for an engineer."""
    question, refused = manuscript.question, manuscript.answer.refusal is not None
    incident = (in_incident(question) or _calls(manuscript)) and not refused
    spends = words_of("asks for money").search(question) is not None and not _OTHER_BUDGET.search(question)
    funded = spends and not asks_a_fact(question)
    directed = words_of("asks for a direction").search(question) is not None and not (incident or funded)
    how = _HOW.search(question) is not None and not (refused or incident or funded)
    works = _MECHANISM.search(question) is not None and not (refused or incident or funded or directed)
    faults = _said(manuscript)
    if incident:
        faults += _incident(manuscript)
    else:
        faults += _alarm(manuscript, "alarm", "haste") if funded or directed else _alarm(manuscript, "alarm")
    if directed and not manuscript.full:
        faults += [f"commands for a question of strategy: {c}" for c in manuscript.claims if _COMMAND.search(c)]
    if (directed or funded) and not manuscript.full:
        faults += _nothing_else(manuscript)
    if funded:
        faults += _executive(manuscript)
    if how or works:
        faults += _engineer(manuscript, how=how)
        faults += _strategy(manuscript)
    return found(faults) if manuscript.claims or incident or funded else ABSENT


def _calls(manuscript: Manuscript) -> bool:
    """Whether somebody asks what to do now, nothing supposed, and is answered out of a runbook."""
    asks = _WHAT_NOW.search(manuscript.question) is not None and not _SUPPOSED.search(manuscript.question)
    return asks and any(c.kind == "runbook" for c in manuscript.answer.citations)


def _said(manuscript: Manuscript) -> list[str]:
    """What nobody should be told, whatever was asked."""
    tone = words_of("tone")
    said = [*manuscript.claims, *(plain(s.text) for s in manuscript.own if s.kind == "notice")]
    told = [c for c in said if tone.search(unquoted(c)) or _SHOUTED.search(unquoted(c)) or _PICTURE.search(c)]
    return told + [
        f"exclaims: {a}" for a in manuscript.advice if _EXCLAIMED.search(unquoted(a)) and a in manuscript.claims
    ]


def _alarm(manuscript: Manuscript, *lists: str) -> list[str]:
    """Alarm where nothing is failing; what says that there is no hurry raises none."""
    return [
        f"alarm without an incident: {claim}"
        for claim in manuscript.claims
        for m in words_of(*lists).finditer(claim)
        if not _CALMS.search(claim[: m.start()]) and m.group().casefold() not in manuscript.question.casefold()
    ]


def _nothing_else(manuscript: Manuscript) -> list[str]:
    """Commands alone, whoever has written them, are no answer to what is worth doing."""
    said = [s.text for s in manuscript.answer.sentences if s.kind not in ("notice", "question")]
    return [f"nothing but commands: {said[0]}"] if said and all(_COMMAND.search(text) for text in said) else []


def _executive(manuscript: Manuscript) -> Iterator[str]:
    """What is wrong with an answer to somebody who decides on money."""
    yield from (f"commands for an executive: {c}" for c in manuscript.claims if _COMMAND.search(c))
    yield from (f"code for an executive: {fence.code}" for fence in manuscript.fences)
    yield from (f"settings for an executive: {t.rows[0]}" for t in manuscript.tables if _CODED.search(str(t.rows)))
    rows = (str(row) for table in manuscript.tables if not table.quoted for row in table.rows)
    yield from (f"settings for an executive: {row}" for row in rows if len(_CODE.findall(row)) >= _NAMES_TOLD)
    names = {m.group() for claim in manuscript.claims for m in _NAMED.finditer(claim)}
    if len(names) >= _NAMES_TOLD:
        yield f"names of settings and series for an executive: {', '.join(sorted(names))}"
    asked = manuscript.question.casefold()
    for claim in manuscript.claims:
        inside = {m.group().casefold() for m in words_of("internals").finditer(claim)}
        if sum(word not in asked for word in inside) >= _INTERNALS_TOLD:
            yield f"internals for an executive: {claim}"


def _engineer(manuscript: Manuscript, *, how: bool) -> Iterator[str]:
    """What is wrong with an answer to somebody who asks how something is done, or how it works and gets no source."""
    names = {
        name for c in manuscript.answer.citations for m in _CODE.finditer(c.quote) for name in identifiers(m.group())
    }
    sourced = any(s.citations and s.kind != "judgement" for s in manuscript.answer.sentences)
    loose = bool(manuscript.own) if how else not sourced
    if loose and names and not any(name in manuscript.answer.text for name in names):
        yield f"asked how, it names none of what the documents name: {', '.join(sorted(names)[:3])}"


def _strategy(manuscript: Manuscript) -> Iterator[str]:
    """What of a short answer is strategy where the question is how something is done or works."""
    if not manuscript.full:
        soft = words_of("unsuited to an incident", "boardroom")
        asked = manuscript.question.casefold()
        strategic = (c for c in manuscript.claims if any(m.group().casefold() not in asked for m in soft.finditer(c)))
        yield from (f"strategy for an engineer who asks how: {claim}" for claim in strategic)


def _incident(manuscript: Manuscript) -> list[str]:
    """What is wrong with an answer to somebody in an incident."""
    soft = words_of("unsuited to an incident")
    told = _summary(manuscript) if manuscript.full else manuscript.claims
    faults = [claim for claim in told if soft.search(claim) and not _FOR_LATER.match(claim)]
    blocks = [b for b in re.split(r"\n\s*\n", manuscript.answer.text) if b.strip() and not _LABEL.match(b.strip())]
    first = next((i for i, b in enumerate(blocks) if _STEP.match(b.strip().lstrip("*_ "))), None)
    later = any(_STEPS_IN.search(block) for block in blocks[1:])
    if manuscript.claims and blocks and first != 0 and (later or first is not None) and not _acts(blocks[0]):
        faults.append(f"an incident, and the steps come after: {blocks[0]}")
    known = any(
        _STEPS_IN.search(c.quote) or len(re.findall(r"(?:^|\. )[A-Z]\w+ ", c.quote)) > 2
        for c in manuscript.answer.citations
    )
    if blocks and manuscript.claims and first is None and known and not any(_acts(block) for block in blocks):
        faults.append(f"an incident, and no steps: {blocks[0]}")
    return faults


def _summary(manuscript: Manuscript) -> list[str]:
    """The program's own sentences of the first section, of a full answer."""
    first = manuscript.answer.sentences[0].section if manuscript.answer.sentences else ""
    return [plain(s.text) for s in manuscript.own if s.section == first]


def _acts(block: str) -> bool:
    """Whether a block, no table, has a step at the beginning of one of its lines or sentences."""
    if block.lstrip().startswith("|"):
        return False
    return any(_STEP.match(piece.strip().lstrip("*_ ")) for piece in re.split(r"\n|(?<=[.:!])\s+", block))
