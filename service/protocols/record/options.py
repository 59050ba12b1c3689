"""The options of a question, and what the library says for and against each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Document
from corpus.outline import section_path
from corpus.units import Unit
from service.answering.terms import terms
from service.protocols.quotation import Quotation, quotation
from service.protocols.reading import Reading
from service.protocols.record.anatomy import OPTIONS, Option
from service.protocols.record.related import Beside
from service.protocols.record.sides import SIDES, Side, side

_MOST_OPTIONS = 8
_A_SIDE = 3
_LABEL = re.compile(r"^\W{0,4}\*\*(?P<label>[^*]{2,80})\*\*")
_COMPARED = re.compile(r"\b(?:than|unlike|instead of|rather than|compared (?:to|with)|as opposed to|over)\b.*", re.I)
_LONGEST = 70
_ASKED = {
    "good": "What are the advantages and benefits of {option}?",
    "bad": "What are the drawbacks, costs and risks of {option}?",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """An option with what speaks for it and against it; `recorded` as a record weighs it, None for the reader's own."""

    name: str
    recorded: Option | None
    good: tuple[Quotation, ...]
    bad: tuple[Quotation, ...]


def weighed(reading: Reading, question: str, given: Sequence[str], records: Sequence[Beside]) -> list[Weighed]:
    """The reader's options, else those that records on the question weighed."""
    named: Sequence[tuple[str, Option | None]] = [(" ".join(name.split()), None) for name in given]
    if not named:
        named = [(option.name, option) for option in _recorded(records)][:_MOST_OPTIONS]
    parts = telling([name for name, _ in named], question)
    return [
        Weighed(name, option, *(_side(reading, question, name, _words(own, option), which) for which in SIDES))
        for (name, option), own in zip(named, parts, strict=True)
    ]


def _recorded(records: Sequence[Beside]) -> Iterator[Option]:
    seen: set[frozenset[str]] = set()
    for record in records:
        if record.of:
            continue
        for option in record.parts.options:
            key = terms(option.name)
            if key and key not in seen:
                seen.add(key)
                yield option


def _words(own: frozenset[str], option: Option | None) -> tuple[frozenset[str], ...]:
    """The words that an option goes by: its own, or the short name that follows them in brackets."""
    return (own, terms(option.alias)) if option and option.alias else (own,)


def telling(names: Sequence[str], question: str) -> list[frozenset[str]]:
    """The words by which each option is told from the others and from the question."""
    words = [terms(name) for name in names]
    told = []
    for at, own in enumerate(words):
        others: frozenset[str] = frozenset().union(*(w for i, w in enumerate(words) if i != at))
        told.append(own - others - terms(question) or own - others or own)
    return told


def _side(
    reading: Reading, question: str, name: str, own: Sequence[frozenset[str]], which: Side
) -> tuple[Quotation, ...]:
    """What the library says of an option on one side, best first."""
    found: list[Quotation] = []
    for words in (_ASKED[which].format(option=name), f"{name}: {question}"):
        for said in reading.found(words):
            if len(found) == _A_SIDE or said.unit.kind not in ("sentence", "item"):
                continue
            if is_about(said.document, said.unit, own) and side(said.document, said.unit) == which:
                quoted = quotation(said.document, said.unit)
                if quoted and len(quoted.text.split()) <= _LONGEST and quoted not in found:
                    found.append(quoted)
    return tuple(found)


def is_about(document: Document, unit: Unit, own: Sequence[frozenset[str]]) -> bool:
    """Whether the unit speaks of what the words name: itself, the label of its paragraph, or what stands over it.

    Under a label, or a heading of options, nothing but that label and the headings below can say what is meant: the
    title of a record is the option that it chose, and not each one that it weighed.
    """
    text = document.visible(unit.start, unit.end)
    block = document.parsed.blocks[unit.block]
    label = _LABEL.match(document.visible(block.start, block.end))
    if label:
        return _names(own, label["label"]) or _shortened(own, label["label"])
    if _names(own, _COMPARED.sub("", text)):
        return True
    path = [title for title in section_path(document, unit.start) if title != document.title]
    at = next((i for i, title in enumerate(path) if OPTIONS.search(title)), None)
    over = path[at + 1 :] if at is not None else [*path, document.title]
    return any(_names(own, title) for title in over)


def _shortened(own: Sequence[frozenset[str]], label: str) -> bool:
    """Whether a label is a name in short: all its words are of the name, or two thirds of them and two at least."""
    said = terms(label)
    return any(
        len(words & said) == len(said) > 0 or (len(words & said) > 1 and 3 * len(words & said) >= 2 * len(said))
        for words in own
    )


def _names(own: Sequence[frozenset[str]], text: str) -> bool:
    """Whether the text has two thirds of the words of one of the names."""
    said = terms(text)
    return any(3 * len(words & said) >= 2 * len(words) > 0 for words in own)
