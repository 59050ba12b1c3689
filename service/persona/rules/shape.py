"""P2, P15, P22: a full answer has its sections, invites critique and ends with something to keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from service.answer import Sentence
from service.answering.terms import terms
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import KNOWN, SECTIONS, Manuscript, folded

INVITATION = "If any part of this analysis doesn't align with your constraints or data, tell me so I can refine it."
"""The owner's sentence."""
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
_NO_WORD = re.compile(r"[^\w]*")
_IN_BOLD = re.compile(
    r"^(?:\*\*|__)\s*(?:\d+[.)]\s*)?([^*\n]{4,50}?)\s*:?\s*(?:\*\*|__)\s*:?\s*$|^(?:\d+[.)]\s+)?([A-Z][\w, ]{4,50}):?$",
    re.MULTILINE,
)
_MANY_WORDS, _LONG = 150, 100
"""Words of its own, and words in all where it writes the answer itself, beyond which an answer is not short."""
_YES_OR_NO = re.compile(
    r"^\W*(?:is|are|does|do|did|can|has|have|was|were|will)\b(?:\W+[\w'’-]+){1,14}\W*\?\W*$", re.IGNORECASE
)
_WEIGHED = re.compile(r"\b(?:worth|ready|safe|enough|good|well|wise|need|fit|sense|stand|fast|we|I|our)\b", re.I)
_AMOUNT = re.compile(r"^\W*how (?:many|much|long|often|old|large|big) (?!steps|ways)", re.IGNORECASE)
_STEP, _STEPS = re.compile(r"\d+[.)]\s"), 3
_MARKS, _MANY_MARKS = 2, 4
_GROUNDED = 0.3
"""The share of a sentence's words, below which it could stand in any answer."""
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
_PARTS: Mapping[str, Callable[[str], object]] = {
    "an invitation to refine it": _CRITIQUE.search,
    "a check to keep": re.compile(r"\W*(?:re-?usable )?(?:check(?:list)?|framework|rule of thumb)\b\W*:", re.I).match,
    "a horizon of 18 to 36 months": re.compile(r"\b18\b.{1,9}\b36\b").search,
    "options in a table": re.compile(r"\|\W*(?:options?|alternatives?|variants?)\W*\|", re.IGNORECASE).match,
    "pros and cons": re.compile(r"\W*(?:pros?|cons?|advantages?|disadvantages?|drawbacks?)\b", re.IGNORECASE).match,
    "aspects of the operation": re.compile(r"\W*(?:rollback|observab|debugg|graceful|security|runbook)\w*", re.I).match,
}
"""What belongs to a full answer, by what tells it."""


def p2(manuscript: Manuscript) -> Finding:
    """A full answer has the seven sections in order, each with something or one line that says there is nothing."""
    if not manuscript.full:
        faults = list(_half(manuscript))
        return found(faults) if faults else ABSENT
    heads = [p.heading for p in manuscript.parts if p.heading]
    named = [KNOWN[h.casefold()] for h in heads if h.casefold() in KNOWN]
    faults = [f"no section {name}" for name in SECTIONS if name not in named]
    faults += [f"twice: {name}" for name in SECTIONS if named.count(name) > 1]
    order = [SECTIONS.index(name) for name in dict.fromkeys(named)]
    if order != sorted(order):
        faults.append(f"out of order: {', '.join(named)}")
    under = bodies(manuscript)
    faults += [f"a section of its own: {h}" for h in _strangers(manuscript)]
    faults += [fault for n in dict.fromkeys(named) if n != SECTIONS[0] for fault in _hollow(manuscript, n)]
    if asks_a_fact(manuscript.question):
        faults.append(f"seven sections for a short factual question: {manuscript.question}")
    faults += [f"an empty section: {n}" for n in dict.fromkeys(named) if _is_empty(under[n])]
    before = manuscript.parts[0]
    if not before.heading and before.body.strip():
        faults.append(f"before the first section: {before.body.strip()}")
    return found(faults)


def _is_empty(body: str) -> bool:
    """Whether a section holds no word, or one line that holds its place."""
    text = " ".join(re.sub(r"\*[^*\n]+:\*|[*_\[\]().]", " ", body).split())
    return _NO_WORD.fullmatch(body) is not None or words_of("placeholder").fullmatch(text) is not None


def _half(manuscript: Manuscript) -> Iterator[str]:
    """What a short answer has of a full one, and sections under other names."""
    heads = [p.heading for p in manuscript.parts if p.heading]
    own = [h for h in heads if folded(h) not in manuscript.evidence]
    marked = [folded(m[1] or m[2]) for m in _IN_BOLD.finditer(manuscript.prose)]
    known = [h for h in (*heads, *marked) if h.casefold() in KNOWN]
    if known:
        yield f"sections of a full answer, and not all: {', '.join(known)}"
    elif len(own) > 2:
        yield f"sections of its own: {', '.join(own)}"
    words = sum(len(claim.split()) for claim in manuscript.claims)
    written = len([s for s in manuscript.own if s.kind != "notice"]) >= _MARKS
    told = sum(len(s.text.split()) for s in manuscript.answer.sentences) if written else words
    fact = asks_a_fact(manuscript.question) or _asks_whether(manuscript.question)
    if fact and (words > _MANY_WORDS or told > _LONG or (own and not known)):
        yield f"a long answer to a short factual question: {manuscript.question}"
    parts = _parts(manuscript)
    whole = len(parts) >= _MANY_MARKS or {"a check to keep", "an invitation to refine it"} <= parts
    if not known and (whole or (fact and len(parts) > _MARKS)):
        yield f"parts of a full answer, and none of its sections: {', '.join(sorted(parts))}"
    steps = [s for s in manuscript.answer.sentences if _STEP.match(s.text)]
    if _AMOUNT.match(manuscript.question) and len(steps) >= _STEPS and manuscript.answer.sentences[0] in manuscript.own:
        yield f"a procedure where an amount is asked for: {steps[0].text}"


def _parts(manuscript: Manuscript) -> set[str]:
    """What a full answer has and a short one needs not."""
    texts = [s.text for s in manuscript.answer.sentences]
    return {name for name, tells in _PARTS.items() if any(tells(text) for text in texts)}


def _asks_whether(question: str) -> bool:
    """Whether it is a short question of fact to be answered by yes or no."""
    asks = _YES_OR_NO.search(question) and not _WEIGHED.search(question)
    return bool(asks) and _ASKS_ADVICE.search(question) is None


def asks_a_fact(question: str) -> bool:
    """Whether it is a short question of fact, which gets a short answer."""
    return _FACTUAL.search(question) is not None and _ASKS_ADVICE.search(question) is None


def _strangers(manuscript: Manuscript) -> list[str]:
    """Headings of the highest level in use that are none of the seven."""
    levels = re.findall(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", manuscript.prose, re.MULTILINE)
    top = min((len(marks) for marks, name in levels if name.strip("*_ ").casefold() in KNOWN), default=0)
    return [name for marks, name in levels if len(marks) <= top and name.strip("*_ ").casefold() not in KNOWN]


def _hollow(manuscript: Manuscript, name: str) -> Iterator[str]:
    """A section that says in more than a line that there is nothing to say, or says what could stand in any answer."""
    inside = [s for s in manuscript.answer.sentences if s.section.casefold() == name.casefold()]
    if any(s.citations or s.kind in ("assumption", "question") or s.text.lstrip()[:1] in "|`~" for s in inside):
        return
    known = terms(manuscript.evidence) | terms(manuscript.question)
    silent = [s for s in inside if _SILENCE.search(s.text)]
    others = [s for s in inside if s not in silent]
    pieces = [piece for s in inside for piece in re.split(r"(?<=[.!?])\s+", s.text)]
    common = _grounded(" ".join(s.text for s in others), known) < _GROUNDED
    if silent and len(pieces) > 2 and (not others or common or all(s.kind == "notice" for s in inside)):
        yield f"silence in many lines: {name}"
    elif inside and not silent and (common if len(pieces) > 1 else not terms(inside[0].text) & known):
        yield f"commonplaces where nothing is known: {pieces[0]}"


def _grounded(text: str, known: frozenset[str]) -> float:
    """The share of a text's words that the evidence or the question has."""
    said = terms(text)
    return len(said & known) / len(said) if said else 0.0


def bodies(manuscript: Manuscript) -> dict[str, str]:
    """What stands under each section, its sub-headings included."""
    under: dict[str, str] = dict.fromkeys(SECTIONS, "")
    current = ""
    for part in manuscript.parts:
        current = KNOWN.get(part.heading.casefold(), current)
        if current:
            under[current] += part.body if part.heading.casefold() in KNOWN else f"{part.heading}\n{part.body}"
    return under


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
    body = bodies(manuscript)[SECTIONS[-1]]
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
