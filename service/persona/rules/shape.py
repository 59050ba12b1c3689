"""P1, P2, P3, P15, P22: the answer leads, a full one has its sections, lists its assumptions, invites critique and ends
with something to keep."""

from __future__ import annotations

import re

from service.answer import Sentence
from service.answering.terms import terms
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import KNOWN, SECTIONS, Manuscript, folded, plain

INVITATION = "If any part of this analysis doesn't align with your constraints or data, tell me so I can refine it."
"""The owner's sentence."""

_LABEL = re.compile(r"^(?:#{1,6} .*|\*[^*\n]+:\*)\s*", re.MULTILINE)
_BOLD = re.compile(r"^(?:[-*+]\s+|\d+[.)]\s+|>\s*|\|\s*)*(?:\*[^*\n]+:\*\s*)?(?:\*\*|__)\S")
_HIDDEN = re.compile(
    r"\b(?:assuming|presum(?:ably|ing|e)|I take it|taking for granted|we (?:assume|presume|suppose)|I (?:assume"
    r"|presume|suppose)"
    r"|suppos(?:e|ing) that|on the assumption|it is assumed|provided that the|taken as given|let us assume"
    r"|as long as we can|taken for granted|counting on|relying on|if we take it)\b",
    re.IGNORECASE,
)
_SILENCE = re.compile(r"\b(?:nothing|not|no|neither|none|silent|lacks?|elsewhere)\b", re.IGNORECASE)
_FACTUAL = re.compile(
    r"^(?:\W*)(?:what|which|how (?:many|much|long|large|big|often|old|high|fast)|when|where"
    r"|who)\b(?:\W+\w+){1,12}\W*\?\W*$",
    re.IGNORECASE,
)
_ASKS_ADVICE = re.compile(
    r"\b(?:should|recommend\w*|compare|versus|options?|trade-?offs?|design|architecture|choose|best|better|approach"
    r"|success|why|plan|risks?|proceed)\b",
    re.IGNORECASE,
)
_NONE = re.compile(r"\bno\b|\bnone\b|\bnothing\b|\bnot\b", re.IGNORECASE)
_CRITIQUE = re.compile(
    r"\btell me\b.*\brefine\b|\b(?:doesn't|does not|do not|don't|not)\s+(?:align|fit|match|agree)\b.*\b(?:tell|say"
    r"|correct|refine|revise)"
    r"|\b(?:wrong|missed|mistaken?|disagree\w*|contradicts?|challenge|object(?:ion)?s?|flaws?"
    r"|gaps?)\b.{0,120}\b(?:tell|say so|correct|refine|revise"
    r"|improve|welcome|analysis|recommendation|point out|let me know)\b"
    r"|\b(?:tell|correct|challenge|contradict|point out|let me know|refine|revise|improve)\b.{0,120}\b(?:wrong"
    r"|missed|mistaken?|disagrees?|contradicts?|flaws?)\b",
    re.I | re.S,
)
_NEEDLESS = re.compile(
    r"\b(?:no need|needless|unnecessary|not needed|nothing (?:is|to)|others?|your colleagues|competitors?)\b",
    re.I,
)
_KEEPSAKE = re.compile(
    r"\b(?:check(?:list)?s?|framework|rule of thumb|test|question to ask|heuristic|principle|template|rubric"
    r"|criteri(?:on|a)"
    r"|before (?:you|each|every|any)|always ask|ask (?:first|whether|yourself)|reus(?:e|able)|keep)\b",
    re.IGNORECASE,
)


def p1(manuscript: Manuscript) -> Finding:
    """The recommendation or answer leads, in bold."""
    answer = manuscript.answer
    if not answer.sentences or answer.refusal or not answer.text.strip():
        return ABSENT
    lines = [line for line in _LABEL.sub("", answer.text).splitlines() if line.strip()]
    if lines and lines[0].lstrip().startswith(("```", "~~~")):
        bold = "**" in "\n".join(lines) and not manuscript.fences[0].quoted if manuscript.fences else False
        return found([f"code or a drawing comes before the answer: {lines[0]}"]) if bold else ABSENT
    if not lines or (lines[0].lstrip().startswith("|") and not manuscript.claims):
        return ABSENT
    faults = [] if _BOLD.match(lines[0].strip()) else [f"the first line is not bold: {lines[0]}"]
    first = plain(lines[0]).lstrip("-*+ ")
    if words_of("preamble").match(first):
        faults.append(f"a preamble leads: {first}")
    if re.match(r"(?:warning|risks?|caution|caveats?|disclaimer|background|context)\b\s*:", first, re.IGNORECASE):
        faults.append(f"not the answer leads: {first}")
    if answer.sentences[0].kind in ("question", "assumption"):
        faults.append(f"no answer leads, but {answer.sentences[0].kind}: {answer.sentences[0].text}")
    return found(faults)


def p2(manuscript: Manuscript) -> Finding:
    """A full answer has the seven sections in order, each with something or one line that says there is nothing."""
    if not manuscript.full:
        return ABSENT
    heads = [p.heading for p in manuscript.parts if p.heading]
    named = [KNOWN[h.casefold()] for h in heads if h.casefold() in KNOWN]
    faults = [f"no section {name}" for name in SECTIONS if name not in named]
    faults += [f"twice: {name}" for name in SECTIONS if named.count(name) > 1]
    order = [SECTIONS.index(name) for name in dict.fromkeys(named)]
    if order != sorted(order):
        faults.append(f"out of order: {', '.join(named)}")
    bodies = _bodies(manuscript)
    faults += [f"a section of its own: {h}" for h in _strangers(manuscript)]
    faults += [f"silence in many lines: {n}" for n in dict.fromkeys(named) if _wordy_silence(manuscript, n)]
    if asks_a_fact(manuscript.question):
        faults.append(f"seven sections for a short factual question: {manuscript.question}")
    faults += [f"an empty section: {name}" for name in dict.fromkeys(named) if not bodies[name].strip()]
    return found(faults)


def asks_a_fact(question: str) -> bool:
    """Whether it is a short question of fact, which gets a short answer."""
    return _FACTUAL.search(question) is not None and _ASKS_ADVICE.search(question) is None


def _strangers(manuscript: Manuscript) -> list[str]:
    """Headings of the highest level in use that are none of the seven."""
    levels = re.findall(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", manuscript.prose, re.MULTILINE)
    top = min((len(marks) for marks, name in levels if name.strip("*_ ").casefold() in KNOWN), default=0)
    return [name for marks, name in levels if len(marks) <= top and name.strip("*_ ").casefold() not in KNOWN]


def _wordy_silence(manuscript: Manuscript, name: str) -> bool:
    """Whether a section says in more than a line that there is nothing to say."""
    inside = [s for s in manuscript.answer.sentences if s.section.casefold() == name.casefold()]
    silent = [s for s in inside if _SILENCE.search(s.text) and not s.citations]
    pieces = [piece for s in silent for piece in re.split(r"(?<=[.!?])\s+", s.text)]
    return len(silent) == len(inside) and len(pieces) > 2


def _bodies(manuscript: Manuscript) -> dict[str, str]:
    """What stands under each section, its sub-headings included."""
    bodies: dict[str, str] = dict.fromkeys(SECTIONS, "")
    current = ""
    for part in manuscript.parts:
        current = KNOWN.get(part.heading.casefold(), current)
        if current:
            bodies[current] += part.body if part.heading.casefold() in KNOWN else f"{part.heading}\n{part.body}"
    return bodies


def p3(manuscript: Manuscript) -> Finding:
    """What is taken for granted is listed as an assumption, and shown as one."""
    assumed = [s for s in manuscript.answer.sentences if s.kind == "assumption"]
    others = [s for s in manuscript.own if s.kind in ("judgement", "cited", "derived")]
    faults = [f"taken for granted in passing: {s.text}" for s in others if _HIDDEN.search(s.text)]
    text = folded(manuscript.answer.text)
    if assumed and "assum" not in re.sub("|".join(re.escape(folded(s.text)) for s in assumed), "", text):
        faults.append(f"not marked as an assumption: {assumed[0].text}")
    faults += [f"not in the text: {s.text}" for s in assumed if folded(s.text) not in text]
    if manuscript.full:
        body = _bodies(manuscript)[SECTIONS[1]]
        misplaced = [s for s in assumed if s.section and s.section.casefold() != SECTIONS[1].casefold()]
        faults += [f"outside of {SECTIONS[1]}: {s.text}" for s in misplaced]
        if not assumed and not _NONE.search(body):
            faults.append(f"{SECTIONS[1]} lists no assumption and does not say that there is none")
        run_on = [line for line in body.splitlines() if line.casefold().count("assumption:") > 1]
        faults += [f"assumptions run on instead of being listed: {line}" for line in run_on]
    return found(faults) if assumed or faults or manuscript.full else ABSENT


def p15(manuscript: Manuscript) -> Finding:
    """A full answer invites critique."""
    if not manuscript.full:
        return ABSENT
    own = [s.text.replace("’", "'") for s in manuscript.own if s.kind in ("notice", "question", "judgement")]
    said = any(_CRITIQUE.search(text) and not _NEEDLESS.search(text) for text in own)
    return found([] if said else ["critique is not invited"])


def _rests(manuscript: Manuscript, sentence: Sentence) -> bool:
    """Whether half of a sentence's words stand in what it cites."""
    cited = terms(" ".join(c.quote for c in manuscript.answer.citations if c.number in sentence.citations))
    wanted = terms(sentence.text)
    return len(wanted & cited) >= 0.5 * len(wanted)


def p22(manuscript: Manuscript) -> Finding:
    """A full answer ends with one reusable check or framework, taken from the evidence."""
    if not manuscript.full:
        return ABSENT
    last = [s for s in manuscript.answer.sentences if s.section.casefold() == SECTIONS[-1].casefold()]
    told = [s for s in last if s.kind in ("cited", "derived") and s.citations]
    body = _bodies(manuscript)[SECTIONS[-1]]
    if not _KEEPSAKE.search(body):
        return found([f"{SECTIONS[-1]} ends with no check or framework"])
    silent = re.search(r"\bno\b[^.]{0,60}\b(?:check|framework)\b", body, re.IGNORECASE)
    checks = [
        s for s in told if re.match(r"\W*(?:\w+ )?(?:check|framework|test|rule of thumb)\b\W*:", s.text, re.IGNORECASE)
    ]
    if len(checks) > 1:
        return found([f"more than one check at the end: {len(checks)}"])
    foreign = [s for s in checks if not _rests(manuscript, s)]
    if foreign:
        return found([f"the check is not what its citation says: {foreign[0].text}"])
    after = [p.heading for p in manuscript.parts]
    if SECTIONS[-1] in after and after[-1] != SECTIONS[-1]:
        return found([f"something follows after the end: {after[-1]}"])
    return found([] if told or silent else ["the check at the end is cited from nowhere"])
