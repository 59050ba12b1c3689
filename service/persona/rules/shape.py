"""P1, P2, P15, P22: the answer leads, a full one has its sections, invites critique and ends with something to keep."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.answer import Sentence
from service.answering.terms import terms
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import KNOWN, SECTIONS, Manuscript, folded, plain

INVITATION = "If any part of this analysis doesn't align with your constraints or data, tell me so I can refine it."
"""The owner's sentence."""
_LABEL = re.compile(r"^(?:#{1,6} .*|\*[^*\n]+:\*)\s*", re.MULTILINE)
_BOLD = re.compile(
    r"^(?:[-*+]\s+|\d+[.)]\s+|>\s*|\|\s*)*(?:\*[^*\n]+:\*\s*)?"
    r"(?:(?:[Yy]es|[Nn]o|In short|[Ss]hort answer|Answer|Recommendation|Decision|Verdict"
    r"|Bottom line)\s?[:.,–—]\s*)?(?:\*\*|__)\S"
)
_ASIDE = re.compile(r"(?:warning|risks?|caution|caveats?|disclaimer|background|context)\b\s*:", re.IGNORECASE)
"""A label of what is not the answer, whoever writes it."""
_LABELLED = re.compile(
    r"(?:note|important|preliminar\w+|scope|sources?|history|introduction|overview|motivation|question|problem|situation"
    r"|definitions?|method\w*|limitations?)\b\s*[:–—]",
    re.IGNORECASE,
)
"""The same, where the program writes it."""
_NO_ANSWER = re.compile(
    r"(?:please )?(?:note|keep in mind|bear in mind|remember|be aware|be warned)\b|(?:a )?(?:word of )?(?:caution"
    r"|warning)\b"
    r"|(?:both|each|all|either|neither)(?: of (?:them|these|the \w+)| \w+)? (?:have|has|had|come|comes|are|is"
    r"|options?|can be|could be)\b"
    r"(?: \w+){0,4} (?:merits?|advantages?|strengths?|pros|trade-?offs?|place|virtues?|valid|viable|reasonable"
    r"|defensible|fine)\b"
    r"|(?:this|that|it|which \w+|what|whether|the (?:answer|choice|right \w+"
    r"|best \w+))\b(?: \w+){0,6} (?:depends?|varies|is (?:not|hard|difficult|a (?:matter"
    r"|question|hard|difficult|complex|common|frequent|classic)|complex|complicated|debatable|open|tricky)"
    r"|deserves|needs some)\b"
    r"|there (?:is|are) (?:no (?:single|simple|one|easy|clear|right)|much|more than one|a (?:number|range|lot"
    r"|variety)|several|two|three"
    r"|many|pros|arguments|reasons to|trade-?offs?)\b"
    r"|(?:after|having) (?:\w+ ){0,2}(?:review|read|look|consider|stud|weigh|analy|examin|search)\w*\b"
    r"|(?:based on|looking at|going through|according to) (?:the|these|my|all) (?:documents?|sources?|evidence"
    r"|materials?|library)\b\W*$"
    r"|(?:below|what follows|the following|in what follows|next)\b|(?:first|to (?:start"
    r"|begin))(?: of all)?,? (?:some|a (?:word|bit|look|step|little)|let|we)\b"
    r"|(?:many|most|some) (?:teams|people|organi[sz]ations|engineers|companies)\b|(?:over|in) (?:the )?(?:years"
    r"|past|last|recent)\b"
    r"|(?:once upon|back in|since its|traditionally|in general|generally speaking|as (?:is|was) (?:well )?known"
    r"|everyone knows)\b"
    r"|(?:we|i) (?:have to|need to|must|should|want to|would like to) (?:first|consider|look|understand|clarify"
    r"|distinguish|start|begin)\b"
    r"|(?:several|many|various|a few|two|three) (?:factors|options|approaches|aspects|considerations|things|points)\b"
    r"|(?:sorry|apologies|unfortunately|thank)\b",
    re.IGNORECASE,
)
"""A lead that takes no position, tells what comes, or clears its throat."""
_LATE = re.compile(
    r"^\W*(?:(?:so|therefore|hence|thus|overall|all in all|in (?:short|sum|summary|conclusion|the end)"
    r"|to (?:sum up|conclude)"
    r"|(?:the )?bottom line|tl;?dr|(?:the |my |our )?(?:short )?(?:answer|recommendation|conclusion"
    r"|verdict))\b\s*(?:[:,]|is\b)"
    r"|(?:we|I) (?:therefore |thus |hence )?recommend\b|(?:recommended|recommendation)\b:)",
    re.IGNORECASE,
)
"""The answer, where it is announced as one."""
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
_EMPTY = re.compile(
    r"^\W*(?:tbd|tba|todo|to be (?:written|added|completed|determined|defined|done|filled in|decided)"
    r"|see (?:above|below|the \w+)"
    r"|as above|n/?a|coming soon|lorem ipsum.*|placeholder|more (?:on this )?(?:later|soon)|to follow"
    r"|left (?:blank|empty)\b.*"
    r"|omitted|skipped|pending|same as (?:above|before))\W*$",
    re.IGNORECASE | re.DOTALL,
)
_IN_BOLD = re.compile(
    r"^(?:\*\*|__)\s*(?:\d+[.)]\s*)?([^*\n]{4,50}?)\s*:?\s*(?:\*\*|__)\s*:?\s*$|^(?:\d+[.)]\s+)?([A-Z][\w, ]{4,50}):?$",
    re.MULTILINE,
)
_MANY_WORDS = 150
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
    return found((*faults, *_led_astray(first, manuscript)))


def _led_astray(first: str, manuscript: Manuscript) -> Iterator[str]:
    """What leads in the place of the answer."""
    lead, *rest = manuscript.answer.sentences
    if _ASIDE.match(first) or (lead in manuscript.own and (_LABELLED.match(first) or _NO_ANSWER.match(first))):
        yield f"not the answer leads: {first}"
    if lead.kind in ("question", "assumption") or (lead in manuscript.own and plain(lead.text).endswith("?")):
        yield f"no answer leads, but {lead.kind}: {lead.text}"
    own = {id(s) for s in manuscript.own}
    late = [
        s
        for s in rest
        if id(s) in own and s.section == lead.section and s.kind != "notice" and _LATE.match(plain(s.text))
    ]
    if late:
        yield f"the answer comes late: {late[0].text}"


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
    faults += [f"silence in many lines: {n}" for n in dict.fromkeys(named) if _wordy_silence(manuscript, n)]
    if asks_a_fact(manuscript.question):
        faults.append(f"seven sections for a short factual question: {manuscript.question}")
    faults += [f"an empty section: {n}" for n in dict.fromkeys(named) if not under[n].strip() or _EMPTY.match(under[n])]
    before = manuscript.parts[0]
    if not before.heading and before.body.strip():
        faults.append(f"before the first section: {before.body.strip()}")
    return found(faults)


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
    if asks_a_fact(manuscript.question) and (words > _MANY_WORDS or (own and not known)):
        yield f"a long answer to a short factual question: {manuscript.question}"


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
