"""P18: a tone that fits the question: an incident, an executive's decision, an engineer's how-to.

1. To nobody it condescends, blames, shouts, mocks or laughs.
2. To somebody in an incident the first block is a step, and nothing is strategic.
3. To an executive it shows no command, setting, code or internals, and to a short question of strategy no command.
4. An engineer who asks how to do something gets the names that the documents have for it, and no strategy.
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
_EXECUTIVE = re.compile(
    r"\b(?:fund|funding|budget for|(?:the|our) budget|invest(?:ing|ment)? in|approve|board|sign off|business case"
    r"|executives?|investors?|directors?|non-?technical"
    r"|(?:in|plain) business(?: terms)?|c[etfi]o|vp|vice president|leadership"
    r"|steering (?:group|committee)|shareholders?|return on investment|headcount|for (?:the )?management)\b",
    re.IGNORECASE,
)
_OTHER_BUDGET = re.compile(r"\b(?:disruption|error|retry|latency|memory|token|time) budgets?\b", re.IGNORECASE)
"""What is called a budget and is no money."""
_STRATEGIC = re.compile(
    r"\b(?:strategy|strategic(?:ally)?|road-?map|vision|direction|next year"
    r"|in (?:two|three|five|\d+) years|long[- ]term)\b",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"^\W*(?:how (?:do|can) (?:I|we|you)\b|how to\b|(?:what|which) (?:flag|setting|command|option|parameter|variable"
    r"|endpoint|metric|alert)s?\b|where (?:do I set|is .{3,40} (?:set|configured))\b)",
    re.IGNORECASE,
)
_MECHANISM = re.compile(r"^\W*(?:how (?:does|is)|what happens|why does)\b", re.IGNORECASE)
_INTERNALS_TOLD = 2
_COMMAND = re.compile(
    r"`[A-Z_]{3,}=|`(?:kubectl|docker|helm|git|aether|curl|systemctl)\b|`--\w|\b(?:kubectl|rollout restart)\b|`/\w+`",
)
_CODE = re.compile(r"`[^`\n]+`")
_LABEL = re.compile(r"^\*[^*\n]+:\*\s*$|^#{1,6} ")


def p18(manuscript: Manuscript) -> Finding:
    """A tone that fits: calm, never condescending; steps first in an incident, no internals for an executive, and the
    names of things for an engineer."""
    tone = words_of("tone")
    said = [*manuscript.claims, *(plain(s.text) for s in manuscript.own if s.kind == "notice")]
    faults = [c for c in said if tone.search(unquoted(c)) or _SHOUTED.search(unquoted(c)) or _PICTURE.search(c)]
    question, refused = manuscript.question, manuscript.answer.refusal is not None
    incident = in_incident(question) and not refused
    spends = _EXECUTIVE.search(question) is not None and not _OTHER_BUDGET.search(question)
    funded = spends and not asks_a_fact(question)
    if _STRATEGIC.search(question) and not (incident or funded or manuscript.full):
        faults += [f"commands for a question of strategy: {c}" for c in manuscript.claims if _COMMAND.search(c)]
    how = _HOW.search(question) is not None and not (refused or incident or funded)
    if incident:
        faults += _incident(manuscript)
    if funded:
        faults += _executive(manuscript)
    if how:
        faults += _engineer(manuscript)
    if how or (_MECHANISM.search(question) and not (refused or incident or funded or _STRATEGIC.search(question))):
        faults += _strategy(manuscript)
    return found(faults) if manuscript.claims or incident or funded else ABSENT


def _executive(manuscript: Manuscript) -> Iterator[str]:
    """What is wrong with an answer to somebody who decides on money."""
    yield from (f"commands for an executive: {c}" for c in manuscript.claims if _COMMAND.search(c))
    yield from (f"code for an executive: {fence.code}" for fence in manuscript.fences)
    yield from (f"settings for an executive: {t.rows[0]}" for t in manuscript.tables if _COMMAND.search(str(t.rows)))
    asked = manuscript.question.casefold()
    for claim in manuscript.claims:
        inside = {m.group().casefold() for m in words_of("internals").finditer(claim)}
        if sum(word not in asked for word in inside) >= _INTERNALS_TOLD:
            yield f"internals for an executive: {claim}"


def _engineer(manuscript: Manuscript) -> Iterator[str]:
    """What is wrong with an answer to somebody who asks how something is done."""
    names = {
        name for c in manuscript.answer.citations for m in _CODE.finditer(c.quote) for name in identifiers(m.group())
    }
    if manuscript.own and names and not any(name in manuscript.answer.text for name in names):
        yield f"asked how, it names none of what the documents name: {', '.join(sorted(names)[:3])}"


def _strategy(manuscript: Manuscript) -> Iterator[str]:
    """What of a short answer is strategy where the question is how something is done or works."""
    if not manuscript.full:
        soft = words_of("unsuited to an incident")
        asked = manuscript.question.casefold()
        strategic = (c for c in manuscript.claims if any(m.group().casefold() not in asked for m in soft.finditer(c)))
        yield from (f"strategy for an engineer who asks how: {claim}" for claim in strategic)


def _incident(manuscript: Manuscript) -> list[str]:
    """What is wrong with an answer to somebody in an incident."""
    soft = words_of("unsuited to an incident")
    faults = [claim for claim in (_summary(manuscript) if manuscript.full else manuscript.claims) if soft.search(claim)]
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
