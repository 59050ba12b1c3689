"""What is bold: key terms, decisions and metrics on first mention.

Judged are the program's own sentences, tables and code aside. The lead is bold as a whole, so what it says is mentioned
there; only a decision is told after it. What a document says in its own words counts as a mention and is never blamed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from service.answer import Sentence
from service.answering.terms import terms
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
_LATER = r"(?:later|earlier|second|first|third|newer|older|recent|previous|next|further) "
_DECISION = re.compile(
    rf"\b(?:(?:the|this|that|our|its) (?:{_LATER})?|(?:a|an|another|one) {_LATER})(?P<name>decision)\b"
    r"(?! (?:record|log|support|tree)s?\b)|\b(?:was|were|been) (?P<decided>decided) (?:that|to|on|for|against)\b",
    re.IGNORECASE,
)
_GIVES_ADVICE = re.compile(r"\b(?:advice|recommend\w*|decision)\b", re.IGNORECASE)
_ITALIC = re.compile(r"(?<![*\w])(?:\*(?!\*|\s)([^*\n:]+?)(?<!\s)\*|_(?!_|\s)([^_\n:]+?)(?<!\s)_)(?![*\w])")
_PHRASE = re.compile(r"[a-z][a-z-]{2,} [a-z][a-z-]{3,}")
_NOUNS = re.compile(
    r"(?<![\w`-])(?:an?|the|its|this|that|whose)"
    r" (?=([a-z][a-z-]{2,} (?!after|again|before|first)[a-z][a-z-]{3,})(?![\w`-]))"
)
_WEIGHED = re.compile(r"\b(?:total cost of ownership|technical debt|cognitive load)\b", re.IGNORECASE)
_WHOLE, _EVERYWHERE, _OFTEN = 0.9, 3, 2
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
    kind: str


def unbold(manuscript: Manuscript) -> Iterator[str]:
    """What should have been bold where it is first mentioned."""
    told = list(_told(manuscript))
    yield from _decision(told)
    yield from _metrics(told, manuscript)
    yield from _terms(told)
    yield from _labels(manuscript)
    yield from _italic(manuscript)
    yield from _repeated(told, manuscript)
    yield from _everything(told)
    if manuscript.full and not any(_WEIGHED.search(bold) for t in told for bold in t.bold):
        weighed = (t for t in told if t.kind == "judgement" and t.own and not t.lead and not t.bold)
        yield from (f"what is weighed is not bold: {t.text}" for t in weighed if len(_WEIGHED.findall(t.text)) > 1)


def _told(manuscript: Manuscript) -> Iterator[_Told]:
    own = set(map(id, manuscript.own))
    shown = [_spans(line) for line in manuscript.prose.splitlines() if "**" in line]
    for at, sentence in enumerate(manuscript.answer.sentences):
        if sentence.text.lstrip().startswith(("|", "```", "~~~")):
            continue
        text = plain(sentence.text)
        lines = [(line.index(text), spans) for line, spans in shown if text and text in line]
        at_line, spans = lines[0] if lines else (0, ())
        inside = (folded(b) for start, b in spans if at_line - len(b) < start < at_line + len(text))
        bold = (*_bold(sentence.text), *(b for b in inside if b and b in folded(text)))
        yield _Told(text, bold, id(sentence) in own, at == 0, sentence.section, sentence.kind)


def _spans(line: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A line as it reads, and what of it is bold, each with where it begins."""
    read, spans = "", []
    for at, piece in enumerate(re.sub(r"\[\d{1,4}\]", "", line).split("**")):
        said = " ".join(piece.split())
        lead = " " if read and piece[:1].isspace() and not read.endswith(" ") else ""
        if at % 2:
            spans.append((len(read + lead), said))
        read += lead + said + (" " if said and piece[-1:].isspace() else "")
    return read.strip(), tuple(spans)


def _bold(text: str) -> tuple[str, ...]:
    return tuple(folded(m[1]) for m in _BOLD.finditer(text))


def _decision(told: list[_Told]) -> Iterator[str]:
    first = next((t for t in told if not t.lead and _DECISION.search(t.text)), None)
    if first and first.own and not (_is_bold(first, "decision") or _is_bold(first, "decided")):
        yield f"the decision is not bold: {first.text}"
    if told and told[0].lead and _GIVES_ADVICE.search(told[0].text):
        return
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
            if fresh and judged and not _is_bold(sentence, name) and not any(name.endswith(b) for b in sentence.bold):
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
        if len(term) < _SHORTEST or not terms(term):
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
    asked = _MEASURES.search(manuscript.question) is not None
    for items in sections.values():
        if sum(bool(m["bold"]) for _, m in items) > 1 or (asked and len(items) > 1):
            yield from (f"a label is not bold: {m['label']}" for s, m in items if not m["bold"] and id(s) in own)


def _italic(manuscript: Manuscript) -> Iterator[str]:
    """Terms of the documents that are emphasized, and not in bold."""
    quoted = "\n".join(c.quote for c in manuscript.answer.citations)
    for sentence in manuscript.answer.sentences:
        for match in _ITALIC.finditer(sentence.text):
            term = folded(match[1] or match[2])
            named = _metric(term) or (_PHRASE.fullmatch(term) and _mentions(manuscript.evidence, term))
            if named and match.group() not in quoted:
                yield f"a key term is in italics instead of bold: {term}"


def _metric(term: str) -> bool:
    return _METRIC.fullmatch(term) is not None


def _repeated(told: list[_Told], manuscript: Manuscript) -> Iterator[str]:
    """A term of the documents that its own sentences come back to, where nothing behind the lead is bold."""
    after = [t for t in told if not t.lead]
    own = [t for t in after if t.own]
    if any(t.bold for t in after) or len(own) < _OFTEN:
        return
    counts = Counter(term for t in own for term in {m[1] for m in _NOUNS.finditer(t.text.lower())})
    known = terms(f"{manuscript.question} {told[0].text}")
    quotes = folded(" ".join(c.quote for c in manuscript.answer.citations))
    for term, count in counts.items():
        often = count >= _OFTEN and len(re.findall(rf"\b{term}", quotes)) >= _OFTEN
        if often and all(map(terms, term.split())) and not terms(term) <= known:
            yield f"a key term is nowhere bold: {term}"


def _everything(told: list[_Told]) -> Iterator[str]:
    """Sentences that are bold from end to end, so that no term stands out."""
    after = [t for t in told if t.own and not t.lead and len(t.text.split()) > _LONGEST]
    whole = [t for t in after if any(len(b) >= _WHOLE * len(folded(t.text)) for b in t.bold)]
    if len(whole) >= _EVERYWHERE and len(whole) > len(after) / 2:
        yield f"bold from end to end, so that no term stands out: {whole[0].text}"


def _is_bold(sentence: _Told, term: str) -> bool:
    return any(_mentions(bold, term) for bold in sentence.bold)


def _mentions(text: str, term: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", folded(text)) is not None
