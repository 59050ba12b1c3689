"""P13, where documents contradict each other: both are shown with their dates, and by a rule it is said which holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpus.citations import Citation
from service.answer import Sentence
from service.answering.terms import terms
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, folded, plain
from service.persona.rules.figures import in_digits
from service.standing.force import has_ended

_ALIKE = 0.75
"""The share of its words that a statement has in common with one that contradicts it."""
_FEWEST = 2
_YEAR = r"(?:19|20)\d\d"
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?:{'|'.join(_MONTHS)})"
_DATE = re.compile(
    rf"\b\d{{1,2}}\.? {_MONTH}(?: {_YEAR})?\b|\b{_MONTH}(?: \d{{1,2}},?)?(?: {_YEAR})?\b|\b{_YEAR}-\d\d-\d\d\b"
    rf"|\b(?:in|of|from|since|,) {_YEAR}\b|\({_YEAR}\)|\b{_YEAR}\b(?=[:,.]|$)",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"\b(?:ADR|RFC|KEP|PEP|decision|record|version|v|release|p|step|chapter)[- ]?\d[\d.]*\b", re.I)
_VALUE = re.compile(r"(?<![\w.])[$€£]?\d[\d,]*(?:\.\d+)?(?:[  ]?(%|[a-zµ]+)\b)?(?!\w)", re.IGNORECASE)
_TIMES = frozenset(
    "ms s sec second seconds min minute minutes h hour hours day days week weeks month months year years".split()
)
_SPAN = r"\bbetween {0}\s*(?:\w+\s+)?and {1}\b|\b{0}\s*(?:\w+\s+)?(?:to|or|-|–|—)\s*{1}\b"
_VENDOR = re.compile(
    r"\b(?:vendors?|brochures?|marketing|white ?papers?|suppliers?|makers?|advertis\w+)\b", re.IGNORECASE
)
_LOSES = re.compile(r"\b(?:proposals?|proposed|drafts?|superseded(?! by)|deprecated|obsolete|withdrawn)\b", re.I)
_HOLDS = re.compile(
    r"\b(?:accepted|decided|decisions?|in force|superseding|supersedes|replaces|current|not|than)\b", re.I
)
_OURS = re.compile(
    r"\b(?:ours?|we|own (?!product)|organi[sz]ation['’]s|measure\w*|load test|trial|survey|drill)\b", re.I
)
_POINTS = re.compile(r"\b(?:it|its|their|this|that|which)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|never|no)\b", re.IGNORECASE)
_SLIGHT = frozenset("took take tak takes need has propos must now".split())
"""Words of a statement that change with its tense or its standing, and not with what it says."""
_NAME = re.compile(r"\b(?!The|This|That|Our|Each|Every|With|When|After|Before)[A-Z][a-z]{3,}\w*")
_AVERAGED = re.compile(
    r"\b(?:on average|averag(?:e|es|ed|ing)|the mean of|split(?:ting)? the difference|midway|half-?way between"
    r"|in the middle|meet in the middle|combined,)\b",
    re.IGNORECASE,
)
_NO_AVERAGE = re.compile(
    r"\b(?:not|never|no|without|cannot|instead of|rather than|neither|nor)\b[^.]{0,60}"
    r"\b(?:average|mean|middle|way|combine|split)",
    re.I,
)
_SHOWN_AFTER = 3
"""Within how many sentences values follow a disagreement that is told without them."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement of a quote with one value in it: `about` are its words, `unit` what is counted, `when` its dates."""

    citation: Citation
    value: str
    unit: str
    about: frozenset[str]
    when: frozenset[str]


def disputed(manuscript: Manuscript) -> Iterator[str]:
    """What is wrong with how contradictions between the cited documents are told.

    Whatever the documents say for themselves, verbatim and with a notice of the dispute, is told as it has to be.
    """
    yield from _wrong_side(manuscript)
    yield from _hinted(manuscript)
    if manuscript.answer.conflicts:
        return
    for one, other in _contradictions(manuscript):
        speaking = [s for s in manuscript.own if {one.citation.number, other.citation.number} & set(s.citations)]
        if speaking:
            yield from _faults(one, other, manuscript, speaking)


def _faults(one: _Statement, other: _Statement, manuscript: Manuscript, speaking: Sequence[Sentence]) -> Iterator[str]:
    text = in_digits(plain(manuscript.answer.text))
    first = speaking[0].text
    if merged := _merged(one, other, speaking):
        yield f"contradicting values, made into one: {merged}"
    hidden = [s for s in (one, other) if not re.search(rf"(?<![\d.,]){re.escape(s.value)}(?!\d|[.,]\d)", text)]
    if hidden:
        yield f"a contradicting value is not shown ({hidden[0].value} {hidden[0].unit}): {first}"
    elif not words_of("precedence").search(text):
        yield f"contradicting values, and not which takes precedence: {first}"
    decided = _prevails(one, other)
    told = [plain(s.text) for s in manuscript.own if s.kind != "question"]
    if decided and (wrong := _reversed(*decided, told)):
        yield f"precedence for what has none: {wrong}"
    undated = [side for side in (one, other) if (days := _days(side.citation)) and not _dated(days, text)]
    if undated and not hidden:
        yield f"contradicting documents without their dates: {first}"


def _merged(one: _Statement, other: _Statement, speaking: Sequence[Sentence]) -> str:
    """The sentence that makes a mean or a span of two values, "" where none does."""
    sides = [re.escape(side.value) for side in (one, other)]
    spans = [re.compile(_SPAN.format(a, b)) for a, b in (sides, sides[::-1])]
    low, high = sorted(float(side.value.replace(",", "")) for side in (one, other))
    for sentence in speaking:
        text = in_digits(plain(sentence.text))
        told = _VALUE.finditer(_IDENTIFIER.sub(" ", _DATE.sub(" ", text)))
        between = any(low < _number(m) < high for m in told if (m[1] or "").casefold() == one.unit)
        cites = {one.citation.number, other.citation.number} <= set(sentence.citations)
        if cites and ((between and one.unit == other.unit) or averaged(text)):
            return sentence.text
        both = all(re.search(rf"(?<![\d.]){side}(?!\d)", sentence.formula) for side in sides)
        mean = both and "+" in sentence.formula and "/" in sentence.formula
        if mean or any(span.search(text) for span in spans):
            return sentence.text
    return ""


def _contradictions(manuscript: Manuscript) -> Iterator[tuple[_Statement, _Statement]]:
    """Statements of two documents that say nearly the same with another value; of a product, by its maker and by us."""
    told = [statement for citation in manuscript.answer.citations for statement in _statements(citation)]
    cited = {number for sentence in manuscript.answer.sentences for number in sentence.citations}
    for one, other in combinations(told, 2):
        if one.citation.document == other.citation.document or one.value == other.value or _series(one, other):
            continue
        same_unit = one.unit == other.unit or {one.unit, other.unit} <= _TIMES
        shared, every = one.about & other.about, one.about | other.about
        alike = same_unit and len(shared) >= _FEWEST and len(shared) >= _ALIKE * len(every)
        if alike or ({one.citation.number, other.citation.number} <= cited and _advertised(one, other)):
            yield one, other


def _series(one: _Statement, other: _Statement) -> bool:
    """Whether each says how it was at its time: of other dates, or in reports that are made each month."""
    days = [_days(side.citation) for side in (one, other)]
    return one.when != other.when or all(of and all(re.fullmatch(_MONTH, day) for day in of) for of in days)


def _advertised(one: _Statement, other: _Statement) -> bool:
    """Whether its maker advertises a time of a product that we have measured."""
    names = set(_NAME.findall(one.citation.quote)) & set(_NAME.findall(other.citation.quote))
    tiers = {one.citation.tier, other.citation.tier}
    return bool(names) and tiers == {"marketing", "own measurement"} and one.unit == other.unit and one.unit in _TIMES


def _statements(citation: Citation) -> Iterator[_Statement]:
    for piece in re.split(r"(?<=[.!?;|:])\s+|\n", in_digits(citation.quote)):
        bare = _IDENTIFIER.sub(" ", _DATE.sub(" ", piece))
        values = list(_VALUE.finditer(bare))
        if len(values) == 1 and "|" not in piece and not piece.lstrip().startswith("#"):
            [value] = values
            unit = (value[1] or "").casefold()
            number = re.sub(r"[^\d.,]", "", value.group()).rstrip(".,")
            about = terms(bare[: value.start()] + " " + bare[value.end() :]) - _SLIGHT
            when = frozenset(folded(m.group()) for m in _DATE.finditer(piece))
            yield _Statement(citation, number, unit, about, when)


def _number(value: re.Match[str]) -> float:
    return float(re.sub(r"[^\d.]", "", value.group().replace(value[1] or " ", "")).rstrip(".") or 0)


def averaged(text: str) -> bool:
    """Whether it makes a mean of values, and does not say that none is made."""
    return _AVERAGED.search(text) is not None and not _NO_AVERAGE.search(text)


def _days(citation: Citation) -> list[str]:
    """The dates that a document's titles name."""
    return [folded(m.group()) for m in _DATE.finditer(" ".join((citation.title, *citation.section)))]


def _prevails(one: _Statement, other: _Statement) -> tuple[_Statement, _Statement] | None:
    """The side that takes precedence and the other, by the rules of the organization; None where none tells."""
    for weighs in (_in_force, _accepted, _ours, _newest):
        first, second = weighs(one.citation), weighs(other.citation)
        if first != second:
            return (one, other) if first > second else (other, one)
    return None


def _in_force(citation: Citation) -> int:
    return not has_ended(citation.status, citation.superseded_by)


def _accepted(citation: Citation) -> int:
    return citation.status not in ("proposed", "draft")


def _ours(citation: Citation) -> int:
    return citation.tier not in ("vendor documentation", "marketing")


def _newest(citation: Citation) -> int:
    """The day that the titles name as a number, 0 without a year."""
    text = " ".join(_days(citation))
    year, month, day = (re.search(p, text) for p in (_YEAR, _MONTH, r"\b\d{1,2}\b(?!\d)"))
    if not year:
        return 0
    at = _MONTHS.index(month.group()) + 1 if month else 0
    return int(year.group()) * 10000 + at * 100 + int(day.group() if day else 0)


def _reversed(first: _Statement, second: _Statement, speaking: Sequence[str]) -> str:
    """The sentence that gives precedence to the side that has none, "" where none does."""
    ours, theirs = (_marks(side.citation) for side in (first, second))
    for text in speaking:
        for clause in re.split(r"[;,]\s+", text):
            holds = words_of("prevails").search(clause)
            said = folded(clause[: holds.start()]) if holds and not _DENIED.search(clause) else ""
            if any(_has(said, m) for m in theirs - ours) and not any(_has(said, m) for m in ours - theirs):
                return text
    return ""


def _marks(citation: Citation) -> frozenset[str]:
    """What a document is told apart by: its numbers, its days."""
    title = folded(" ".join((citation.title, *citation.section)))
    return frozenset(re.findall(rf"{_MONTH}|{_YEAR}|\b(?:adr|rfc|decision) \d+", title))


def _has(text: str, mark: str) -> bool:
    return re.search(rf"\b{re.escape(mark)}\b", text) is not None


def _dated(days: Sequence[str], text: str) -> bool:
    """Whether a text names one of the days, or its year or month."""
    said = folded(text)
    return any(word in said for day in days for word in re.findall(rf"{_YEAR}|{_MONTH}", day))


def _wrong_side(manuscript: Manuscript) -> Iterator[str]:
    """A vendor's word before our own, or what does not hold before what does, whatever the reason given."""
    for sentence in manuscript.own:
        if sentence.kind == "question":
            continue
        before = ""
        for clause in re.split(r"[;,.]\s+", plain(sentence.text)):
            holds = words_of("prevails").search(clause)
            if holds and not _DENIED.search(clause):
                said = clause[: holds.start()]
                if _LOSES.search(said) and not _HOLDS.search(said):
                    yield f"what does not hold, before what does: {sentence.text}"
                subject = f"{before} {said}" if _POINTS.search(said) else said
                if _VENDOR.search(subject) and not _OURS.search(said):
                    yield f"others' word before our own measurement: {sentence.text}"
            before = clause


def _hinted(manuscript: Manuscript) -> Iterator[str]:
    """That documents disagree, with no value of either."""
    sentences = manuscript.answer.sentences
    own = set(map(id, manuscript.own))
    for at, sentence in enumerate(sentences):
        text = plain(sentence.text)
        spoken = id(sentence) in own and sentence.kind not in ("notice", "question") and "```" not in text
        if not spoken or not words_of("disagreement").search(text):
            continue
        near = " ".join(s.text for s in sentences[at + 1 : at + 1 + _SHOWN_AFTER] if s.citations)
        if not re.search(r"\d", text) and len(re.findall(r"\d[\d.,]*", near)) < _FEWEST:
            yield f"that documents disagree, and not what they say: {sentence.text}"
