"""P19: a recommendation weighs cost, debt and load over 18 to 36 months, and prefers what is proven.

What is recommended is the object of a recommending clause. It is unproven where the clause says so, or where a sentence
of the answer or of its documents says so of what the clause names. A weight that was only considered is not weighed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, plain
from service.persona.rules.architecture import patterns

RECOMMENDS = re.compile(
    r"\b(?:recommend\w*|adopt|choose|use|go with|switch to|move to|migrate|should|pick|prefer|select|replace"
    r"|introduce|build|stay with|keep)\b",
    re.IGNORECASE,
)
_RISK = re.compile(
    r"\brisk (?:tolerance|appetite|budget)\b|\b(?:tolerance|appetite) for risks?\b|\btolerat\w+ (?:the )?risk"
    r"|\baccept\w* (?:the )?risk|\b(?:we|you|they) (?:can |do )?tolerate\b",
    re.IGNORECASE,
)
_RISKS = r"(?:risks?|risk (?:tolerance|appetite|budget)|(?:tolerance|appetite) for risks?)"
_NO_RISK = re.compile(
    r"\b(?:regardless of|whatever|without|no matter|ignor\w+|leav\w+ aside|not (?:asked|stated|known|given|say)"
    r"|no word|nothing|unknown|never mind|despite|aside from|instead of|rather than|no|low|little|small|limited"
    rf"|zero|cannot|can't|do not|don't)\b[^.]{{0,40}}\b{_RISKS}\b"
    rf"|\b{_RISKS}\b[^.]{{0,40}}\b(?:unknown|not (?:stated|known|asked|given|matter)|irrelevant"
    r"|no (?:argument|matter|reason)|aside|does not matter|is (?:no|not)|for others|low|little|small|limited|zero"
    r"|nil|none)\b",
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
_LABEL = re.compile(r"^\W*(?:(recommendation|decision|verdict|answer|advice|judgement|in short)\W+)?", re.IGNORECASE)
_NAMES_ONE = re.compile(r"(?:the|an?|our|your) |[A-Z]")
_LEADS_IN = re.compile(r"^(?:(?:so|then|and|therefore|instead|i|we|you|now|please)\s+)+", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(?:recommend\w*|should|ought to|worth)\b", re.IGNORECASE)
_ASIDE = re.compile(
    r"\b(?:because|since|although|though|which|who|until|unless|if|when|even|despite|while|where|instead of"
    r"|rather than|over|not|from|of|after|before|so)\b|[,;:.(]",
    re.IGNORECASE,
)
"""Where what is chosen ends, and what is said of it begins."""
_CONCEDED = re.compile(
    r"\b(?:although|though|despite|even if|however|not|no|never|nobody|while|against|than|avoid)\b[^,;.]*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w+-]*(?: [A-Z][\w+-]*)*")
_ITS_OWN = re.compile(r"(?:pros?|cons?|costs?|good|bad|it|its|this)\b", re.IGNORECASE)
_NUMBERS = {
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "eight": 8.0, "ten": 10.0,
    "twelve": 12.0, "eighteen": 18.0, "twenty-four": 24.0, "thirty": 30.0, "thirty-six": 36.0,
}  # fmt: skip
_COUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_LASTS = re.compile(
    rf"\b(?P<least>{_COUNT})(?P<half> and a half)?[\s-]*(?:(?:to|-|–|or|and)[\s-]*(?P<most>{_COUNT})(?: and a half)?"
    r"[\s-]*)?(?P<unit>month|year|quarter)s?\b",
    re.IGNORECASE,
)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LEAST, _MOST = 18, 36
_BESIDE = 40
"""Characters before a name in which a word may still be said of it."""
_WIDE = {
    "total cost of ownership": "cost over time",
    "technical debt": "debt over time",
    "cognitive load": "load over time",
}
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


def p19(manuscript: Manuscript) -> Finding:
    """A recommendation weighs cost, debt and load over time, and prefers what is proven."""
    advice = [a for a in manuscript.advice if RECOMMENDS.search(a) or chosen(a)]
    if not advice:
        return ABSENT
    faults = []
    if not _tolerated(manuscript):
        faults += [f"what is new is recommended without a word on risk tolerance: {a}" for a in advice if _new(a)]
        faults += [f"what is unproven is recommended: {a}" for a in advice if _unproven(a, manuscript)]
    faults += [f"recommended for its fashion: {a}" for a in advice if _fashion(a)]
    if manuscript.full:
        faults += [f"not weighed: {name}" for name in patterns("weighed") if not _weighs(name, manuscript)]
    return found(faults)


def chosen(advice: str) -> list[tuple[str, str]]:
    """What a piece of advice recommends, each time with what it says behind it; nothing where it recommends nothing."""
    label = _LABEL.match(advice)
    text = advice[label.end() :] if label else advice
    said = []
    for clause in re.split(r"(?<=[;:,])\s+|\s+(?=and )", text):
        told = _LEADS_IN.sub("", clause)
        verb = words_of("recommending").match(told) or _CLAUSE.search(told)
        if verb:
            said.append(_cut(text, text.index(told) + verb.end()))
    if not said and label and label[1] and _NAMES_ONE.match(text):
        said.append(_cut(text, 0))
    return said


def _cut(text: str, begins: int) -> tuple[str, str]:
    """What is chosen from here on, and what is said of it behind."""
    end = _ASIDE.search(text, begins)
    stops = end.start() if end else len(text)
    return text[begins:stops], text[stops:]


def _new(advice: str) -> bool:
    """Whether it advises what is new, and not against it."""
    return bool(chosen(advice)) and any(
        not _AGAINST_BEFORE.search(advice[: m.start()]) and not _AGAINST_BEHIND.search(advice[m.end() :])
        for m in words_of("unproven").finditer(advice)
    )


def _unproven(advice: str, manuscript: Manuscript) -> bool:
    """Whether what it chooses by name is unproven by what the answer or its documents say of it."""
    names = {name for what, _ in chosen(advice) for name in _NAME.findall(what)}
    return any(_young(name, text) for name in names for text in _told_of(name, manuscript))


def _told_of(name: str, manuscript: Manuscript) -> Iterator[str]:
    """The sentences that have the name, each from it to the next name, and those that go on about it."""
    this = re.compile(rf"\b{re.escape(name)}\b(?! [A-Z])")
    said = [plain(s.text) for s in manuscript.answer.sentences]
    for text in (*said, *(c.quote for c in manuscript.answer.citations)):
        about = False
        for piece in re.split(r"(?<=[.;!?])\s+|\n", text):
            match = this.search(piece)
            about = match is not None or (about and _ITS_OWN.match(piece) is not None)
            if match or about:
                yield piece[max(0, match.start() - _BESIDE) :] if match else piece


def _young(name: str, text: str) -> bool:
    """Whether a piece calls the name unproven, and no other name between."""
    at = text.find(name)
    return any(
        not [n for n in _NAME.findall(text[at + len(name) : m.start()] if at >= 0 else "") if not _ITS_OWN.match(n)]
        for m in words_of("unproven").finditer(text)
        if m.start() > at or at - m.end() < _BESIDE
    ) or bool(re.search(rf"\b{re.escape(name)} v?0\.\d+(?!\d*\s?(?:%|ms|s\b|points?))", text))


def _fashion(advice: str) -> bool:
    """Whether it recommends something for being new or liked."""
    return any(
        not _CONCEDED.search(behind[: m.start()])
        for _, behind in chosen(advice)
        for m in words_of("fashion").finditer(behind)
    )


def _tolerated(manuscript: Manuscript) -> bool:
    """Whether a sentence says what risk is tolerated."""
    said = [s.text for s in manuscript.answer.sentences if s.kind != "question"]
    return any(_RISK.search(text) and not _NO_RISK.search(text) for text in (*said, manuscript.question))


def _weighs(name: str, manuscript: Manuscript) -> bool:
    """Whether an answer says something of a weight: no question, nothing that is only set aside, and of its own
    more than that it was considered."""
    own = set(map(id, manuscript.own))
    wide = words_of(_WIDE[name]) if name in _WIDE else None
    for s in manuscript.answer.sentences:
        if s.kind == "question" or (s.kind != "notice" and _SET_ASIDE.search(s.text)):
            continue
        if wide is None:
            if _TIME_OF.search(s.text) and any(map(_horizon, _LASTS.finditer(s.text))):
                return True
            continue
        told = patterns("weighed")[name].search(s.text) or (id(s) in own and wide.search(s.text))
        if told and (s.kind == "notice" or id(s) not in own or not _empty(plain(s.text))):
            return True
    return False


def _empty(text: str) -> bool:
    """Whether weights are only named: called considered, or listed without a word on how they come out."""
    if words_of("compares").search(text) or re.search(r"\d", _LASTS.sub("", text)):
        return False
    listed = sum(pattern.search(text) is not None for name, pattern in patterns("weighed").items() if name in _WIDE)
    return words_of("merely considered").search(text) is not None or listed > 1


def _horizon(span: re.Match[str]) -> bool:
    """Whether a span of time lies within 18 to 36 months."""
    least, most = (_NUMBERS.get(n.lower()) or float(n) for n in (span["least"], span["most"] or span["least"]))
    if span["half"]:
        least, most = least + 0.5, most + (0 if span["most"] else 0.5)
    months = _MONTHS[span["unit"].lower()]
    return least * months >= _LEAST and most * months <= _MOST
