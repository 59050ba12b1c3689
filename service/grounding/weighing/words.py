"""A sentence as the words that a claim and its evidence are compared by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from corpus.identifiers import identifiers
from corpus.remembered import remembered
from service.grounding.alignment import fold
from service.grounding.ledger import Quantity, ledger

_WORD = re.compile(
    r"`[^`\n]+`|--?[A-Za-z][\w-]*(?:=\S+)?|\$\w+|[<>]=?|≤|≥|\d[\d.,:/]*\d|\d|/?\w+(?:[./:_'-]+\w+)*/?|n't|%"
)
_DIGIT = re.compile(r"\d")
_INNER = re.compile(r"(?<=.)[A-Z]|[^\w']|_")
_PART = re.compile(r"\w+")
_STOP = frozenset(
    "the a an and or of to in on at by for with from as is are was were be been being it its this that these those"
    " there their they them has have had do does did so than then also which who whom whose into onto i we you he she"
    " our your his her will would can could".split()
)
NEGATIONS = frozenset("not no never cannot without neither nor none nobody nothing hardly unable n't".split())
CONDITIONS = frozenset("if when unless until once while whenever after before except provided otherwise".split())
SCOPES = frozenset(
    "all every each any some most many few several only always often sometimes usually may might must should shall can"
    " could will would must required optional default both either half entire exactly".split()
)
BOUNDS = frozenset(
    "least most than more less fewer over under above below within maximum minimum max min up exceed exceeds between"
    " about approximately nearly almost around at < > <= >= ≤ ≥".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence.


    folded  in small letters without its ending; a number or name as it stands
    small   as it stands, in small letters
    stems   of its parts
    """

    folded: str
    small: str
    start: int
    end: int
    content: bool
    name: bool
    number: bool
    stems: frozenset[str]


@dataclass(frozen=True)
class Worded:
    """A sentence with what can be read off its characters.

    content  the folded content words
    pairs    content words that follow each other
    """

    text: str
    words: tuple[Word, ...]
    content: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The ledger of its numbers."""
        return ledger(self.text)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Its commands, flags, paths and names."""
        return identifiers(self.text)

    def count(self, among: frozenset[str]) -> int:
        """How many of its words are among those."""
        return sum(word.small in among or (among is NEGATIONS and word.small.endswith("n't")) for word in self.words)


@remembered(8192)
def stems(text: str) -> frozenset[str]:
    """The beginnings of all words, names and numbers in pieces: quick, to find sentences by."""
    return frozenset([part[:6] for part in _PART.findall(text.lower())])


@remembered(8192)
def worded(text: str) -> Worded:
    """The words of a sentence as it is read."""
    words = tuple(_word(m, at) for at, m in enumerate(_WORD.finditer(text)))
    told = [word.folded for word in words if word.content]
    return Worded(text, words, frozenset(told), frozenset(pairwise(told)))


def _word(match: re.Match[str], at: int) -> Word:
    plain = match.group().strip("`").rstrip(".,:")
    small = plain.lower()
    number = _DIGIT.search(plain) is not None
    name = not number and (_INNER.search(plain) is not None or (at > 0 and plain[:1].isupper()))
    folded = small if small in _STOP else fold(plain)
    return Word(folded, small, match.start(), match.end(), small not in _STOP, name, number, stems(small))
