"""What is bold: key terms, decisions and metrics on first mention.

Judged are the program's own sentences, tables and code aside. The lead is bold as a whole, so what it says is mentioned
there; only a decision is told after it. What a document says in its own words counts as a mention and is never blamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.answer import Sentence
from service.persona.manuscript import Manuscript, folded, plain

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_METRIC = re.compile(
    r"\b(?P<statistic>p\d\d(?:\.\d+)?\s+)?(?P<name>(?:[a-z-]+\s+)?(?:time to (?:first|last) \w+|latency|rate"
    r"|throughput"
    r"|recall|precision|availability|utili[sz]ation|(?:answer|response|recovery|start) time|(?:\w+ )?(?:delay"
    r"|lag)))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![pP\d.])\d")
_ATTRIBUTED = re.compile(r"\b(?:as described in|according to|claims?|in its own documentation)\b", re.IGNORECASE)
"""Somebody else's measure, of which the answer says so."""
_DECISION = re.compile(
    r"\b(?:the|this|that|our) (?P<name>decision)\b(?! (?:record|log|support|tree)s?\b)", re.IGNORECASE
)
_RECOMMENDS = re.compile(
    r"\b(?:chosen option|recommendation) is\b|\b(?:we|I) (?:recommend|decided|chose|choose)\b", re.IGNORECASE
)
_DEFINES = re.compile(
    r"\b(?:is|are) called (?!by\b|on\b|from\b|with\b|when\b|in\b|at\b|for\b|once\b|again\b|to\b)"
    r"|\b(?:known|termed) as\b"
    r"|\bis meant by\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:[-*+]|\d+[.)])\s+(?P<bold>\*\*)?(?P<label>[A-Z][\w /-]{2,40}?)(?:\*\*)?:(?:\*\*)?\s")
_GENERIC = re.compile(
    r"\b(?:recommendation|judgement|assumption|note|pros?|cons?|costs?|reusable check|option|step|decision|answer"
    r"|question|summary)\b",
    re.IGNORECASE,
)
_LONGEST, _SHORTEST = 5, 4
_MEASURES = re.compile(
    r"\b(?:metrics?|measures?|kpis?|success\w*|indicators?|how (?:do|will|would|can) (?:we|I|you) (?:know|see"
    r"|tell))\b",
    re.I,
)
_AN_OPENING = re.compile(r"^(?:a|an|the|its|our|this|that|of|and|is|at|in|with|by|for|on)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence in the order of the answer: its words, and which of them are bold; `own` ones are judged."""

    text: str
    bold: tuple[str, ...]
    own: bool
    lead: bool
    section: str


def unbold(manuscript: Manuscript) -> Iterator[str]:
    """What should have been bold where it is first mentioned."""
    told = list(_told(manuscript))
    yield from _decision(told)
    yield from _metrics(told, manuscript)
    yield from _terms(told)
    yield from _labels(manuscript)


def _told(manuscript: Manuscript) -> Iterator[_Told]:
    own = set(map(id, manuscript.own))
    shown = [(plain(line), _bold(line)) for line in manuscript.prose.splitlines() if "**" in line]
    for at, sentence in enumerate(manuscript.answer.sentences):
        if sentence.text.lstrip().startswith(("|", "```", "~~~")):
            continue
        text = plain(sentence.text)
        lines = [bold for line, bold in shown if text and text in line]
        bold = (*_bold(sentence.text), *(b for b in (lines[0] if lines else ()) if b in folded(text)))
        yield _Told(text, bold, id(sentence) in own, at == 0, sentence.section)


def _bold(text: str) -> tuple[str, ...]:
    return tuple(folded(m[1]) for m in _BOLD.finditer(text))


def _decision(told: list[_Told]) -> Iterator[str]:
    first = next((t for t in told if not t.lead and _DECISION.search(t.text)), None)
    if first and first.own and not _is_bold(first, "decision"):
        yield f"the decision is not bold: {first.text}"
    chosen = next((t for t in told if t.own and not t.lead and _RECOMMENDS.search(t.text)), None)
    if chosen and not chosen.bold:
        yield f"the decision is not bold: {chosen.text}"


def _metrics(told: list[_Told], manuscript: Manuscript) -> Iterator[str]:
    """In a full answer what its summary measures by, in a brief one what it is asked to, or treats as a measure."""
    first = manuscript.answer.sentences[0].section if manuscript.full else ""
    asked = manuscript.full or _MEASURES.search(manuscript.question) is not None
    if not asked and not any(_is_bold(t, name) for t in told if not t.lead for name in _names(t.text)):
        return
    mentioned: set[str] = set()
    for sentence in told:
        for name in _names(sentence.text):
            fresh = name not in mentioned
            mentioned.add(name)
            judged = sentence.own and not sentence.lead and sentence.section == first
            if fresh and judged and not _is_bold(sentence, name):
                yield f"a metric is not bold on first mention: {name}: {sentence.text}"


def _names(text: str) -> Iterator[str]:
    """The metrics that a sentence gives a figure of."""
    for match in _METRIC.finditer(text) if _FIGURE.search(text) and not _ATTRIBUTED.search(text) else ():
        name = folded(match["name"])
        while (shorter := _AN_OPENING.sub("", name)) != name:
            name = shorter
        yield name


def _terms(told: list[_Told]) -> Iterator[str]:
    """Terms that are bold later than they are first mentioned, and what is named and nowhere bold."""
    named = (t for t in told if t.own and not t.lead and not t.bold and _DEFINES.search(t.text))
    yield from (f"a key term is not bold where it is named: {t.text}" for t in named)
    later = [b for t in told if not t.lead for b in t.bold if len(b.split()) <= _LONGEST and not _GENERIC.search(b)]
    for term in dict.fromkeys(b.strip(" .:;,") for b in later):
        if len(term) < _SHORTEST:
            continue
        first = next((t for t in told if _mentions(t.text, term)), None)
        if first and first.own and not first.lead and not _is_bold(first, term):
            yield f"a key term is not bold on first mention: {term}: {first.text}"


def _labels(manuscript: Manuscript) -> Iterator[str]:
    """Items of a section whose labels are plain beside others whose labels are bold."""
    own = set(map(id, manuscript.own))
    sections: dict[str, list[tuple[Sentence, re.Match[str]]]] = {}
    for sentence in manuscript.answer.sentences:
        match = _LABEL.match(sentence.text)
        if match and not _GENERIC.search(match["label"]):
            sections.setdefault(sentence.section, []).append((sentence, match))
    for items in sections.values():
        if sum(bool(m["bold"]) for _, m in items) > 1:
            yield from (f"a label is not bold: {m['label']}" for s, m in items if not m["bold"] and id(s) in own)


def _is_bold(sentence: _Told, term: str) -> bool:
    return any(_mentions(bold, term) for bold in sentence.bold)


def _mentions(text: str, term: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", folded(text)) is not None
