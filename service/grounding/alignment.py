"""A claim beside its evidence: which sentence of the evidence it restates, and where the two part.

1. The evidence is cut into sentences (`segments`), and each is compared by its content words, which are folded to small
   letters without endings, with numbers and names whole.
2. The sentence that shares most with the claim is what the claim restates; what of the claim it does not cover may
   stand in a neighbour of it.
3. The words of both are compared in order (longest common runs), so that a word which stands in place of another is
   seen as such: `p50` for `p99`, `router` for `gateway`, `not` for nothing.

A claim that stands in the evidence as whole sentences is `verbatim`: nothing needs to be compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from corpus.remembered import remembered
from service.grounding.quantity.wording import singular
from service.grounding.segment import as_read, segments

_TOKEN = re.compile(
    r"`[^`\n]+`|--?[A-Za-z][\w-]*(?:=\S+)?|\$\w+|[<>]=?|≤|≥|\d[\d.,:/]*\d\s?%?|\d\s?%?|/?\w+(?:[./:_'-]+\w+)*/?|n't|%"
)
_STOP = frozenset(
    "the a an and or of to in on at by for with from as is are was were be been being it its this that these those"
    " there their they them has have had do does did so than then also which who whom whose into onto i we you he she"
    " our your his her will would can could".split()
)
_ENDING = re.compile(r"(?:ing|ed|es|ly|er|ion|ions|ment|e)$")


@dataclass(frozen=True, slots=True)
class Edit:
    """Where claim and evidence part: `told` stands in the claim, `said` in the evidence; either may be empty."""

    told: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """What a claim restates.

    sentence  the sentence of the evidence that shares most with the claim, as it is read; "" where none shares any
    covered   share of the claim's content words that it has, 0 to 1
    within    share that it has together with one other sentence of the evidence
    said      share of the sentence's content words that the claim has
    edits     where the two part, in order
    verbatim  whether the claim stands in the evidence as whole sentences
    """

    sentence: str
    covered: float
    within: float
    said: float
    edits: tuple[Edit, ...]
    verbatim: bool = False


@remembered(2048)
def align(claim: str, evidence: tuple[str, ...]) -> Alignment:
    """The claim beside the evidence, a tuple of stretches."""
    if stands_whole(claim, evidence):
        return Alignment(as_read(claim), 1.0, 1.0, 1.0, (), True)
    told = as_read(claim)
    wanted = content(told)
    options = [(s, content(s)) for s in _sentences(evidence)]
    if not wanted or not options:
        return Alignment("", 0.0, 0.0, 0.0, ())
    best, words = max(options, key=lambda option: (_agreement(wanted, option[1]), len(wanted & option[1])))
    covered = len(wanted & words) / len(wanted)
    within = max(len(wanted & (words | other)) for _, other in options) / len(wanted)
    return Alignment(best, covered, within, len(wanted & words) / max(1, len(words)), _edits(told, best))


def stands_whole(claim: str, evidence: tuple[str, ...]) -> bool:
    """Whether the claim stands in one of the stretches from the beginning of a sentence to the end of one, as it is or
    as it is read there, without links and emphasis."""
    words = claim.split()
    if not words:
        return False
    joined = " ".join(words)
    return any(_whole(joined, words, *_folded(stretch)) or _read_whole(joined, stretch) for stretch in evidence)


def tokens(text: str) -> list[str]:
    """Words, numbers and names in order, as they stand."""
    return [m.group().strip("`").rstrip(".,:") for m in _TOKEN.finditer(text)]


@remembered(8192)
def fold(token: str) -> str:
    """A word in small letters without its ending; a number or name as it stands."""
    if not token.isalpha() or token.isupper():
        return token if not token.replace("-", "").isalpha() else token.lower()
    word = singular(token.lower())
    return _ENDING.sub("", word) if len(word) > 5 else word.removesuffix("e") if len(word) > 3 else word


def content(text: str) -> frozenset[str]:
    """The folded words of a text that are not mere grammar."""
    return frozenset(fold(t) for t in tokens(text) if t.lower() not in _STOP)


@remembered(512)
def _sentences(evidence: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences of the evidence as they are read; a row and a code block are one."""
    return tuple(dict.fromkeys(s.text for stretch in evidence for s in segments(stretch)))


def _agreement(wanted: frozenset[str], words: frozenset[str]) -> float:
    """How much of the claim the sentence has, and a little for how much of the sentence the claim has."""
    both = len(wanted & words)
    return both / len(wanted) + 0.25 * both / max(1, len(words))


def _edits(told: str, said: str) -> tuple[Edit, ...]:
    left, right = tokens(told), tokens(said)
    matcher = SequenceMatcher(None, [t.lower() for t in left], [t.lower() for t in right], autojunk=False)
    return tuple(Edit(tuple(left[a:b]), tuple(right[c:d])) for op, a, b, c, d in matcher.get_opcodes() if op != "equal")


@remembered(512)
def _folded(stretch: str) -> tuple[str, tuple[int, ...], tuple[bool, ...], str]:
    """The stretch with single spaces, where each word of it begins, and whether a blank line stands before it."""
    found, fresh, last = [], [], 0
    for match in re.finditer(r"\S+", stretch):
        found.append(match.group())
        fresh.append(stretch.count("\n", last, match.start()) > 1)
        last = match.end()
    starts, at = [], 0
    for word in found:
        starts.append(at)
        at += len(word) + 1
    return " ".join(found), tuple(starts), tuple(fresh), stretch


_ENDS = re.compile(r"[.!?:;|][\"')\]*_`]*$|^(?:[-*+>|]|\d+[.)]|#{1,6})$|^(?:```|~~~)")
_BEGINS = re.compile(r"^(?:[-*+>|]|\d+[.)]|#{1,6}|\|.*|```.*|~~~.*)$")


def _whole(
    joined: str, words: Sequence[str], folded: str, starts: tuple[int, ...], fresh: tuple[bool, ...], stretch: str
) -> bool:
    at = folded.find(joined)
    while at >= 0:
        end = at + len(joined)
        begins = (at == 0 or folded[at - 1] == " ") and (end == len(folded) or folded[end] == " ")
        if begins:
            before = folded[:at].rsplit(maxsplit=1)[-1:] if at else []
            after = folded[end:].split(maxsplit=1)[:1]
            index = _index(starts, at)
            opened = not before or bool(_ENDS.search(before[0]) or _BEGINS.match(words[0]) or fresh[index])
            following = index + len(words)
            closed = not after or bool(_ENDS.search(words[-1]) or _BEGINS.match(after[0]) or fresh[following])
            if opened and closed:
                return True
        at = folded.find(joined, at + 1)
    return False


def _read_whole(joined: str, stretch: str) -> bool:
    """Whether the words are those of some sentences of the stretch that follow each other."""
    read, begins, ends = _as_read(stretch)
    at = read.find(joined)
    while at >= 0:
        if at in begins and at + len(joined) in ends:
            return True
        at = read.find(joined, at + 1)
    return False


@remembered(512)
def _as_read(stretch: str) -> tuple[str, frozenset[int], frozenset[int]]:
    """The sentences of the stretch as they are read, headings and code aside, and where they begin and end."""
    texts = [s.text for s in segments(stretch) if s.kind not in ("heading", "code")]
    ends = list(accumulate((len(text) + 1 for text in texts), initial=0))
    return " ".join(texts), frozenset(ends[:-1]), frozenset(end - 1 for end in ends[1:])


def _index(starts: tuple[int, ...], at: int) -> int:
    return bisect_left(starts, at)
