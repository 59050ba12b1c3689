"""The reader's facts beside what earlier answers said: which of their sentences a fact contradicts.

A fact contradicts a sentence on a measure where both state one of the same unit and qualifier, its value alone differs,
and half of the fact's own words stand in the sentence or in the question that it answered; where the fact denies the
very value ("3, not 5"), one word is enough. It contradicts a sentence on a name where it says that the name no longer
holds, and the sentence has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.identifiers import identifiers
from service.answer import Answer, Sentence
from service.answering.terms import terms
from service.grounding.ledger import Quantity, ledger
from service.grounding.quantity.compare import facets
from service.grounding.words.entities import names_of

_OWN = terms(
    "actually now today really we our us my has have had run use only just fact correction since then already "
    "currently wrong changed moved switched said told it is are was at most least not no longer more than instead"
)
_ENDED = re.compile(
    r"\b(?:no longer|(?:do|does|did|is|are|was|were|has|have)(?: not|n't)|never|instead of|rather than|replaced"
    r"|(?:moved|migrated|switched|changed) (?:away )?from|gave up|dropped|removed|retired|not)\W+(?P<what>.{2,60})",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?<![\w-])[a-z]\w*(?:[-_./]\w+)+")
_DENIED = re.compile(r"\b(?:not|instead of|rather than|no longer|from)\W+(?P<what>\W?\d[^,.;]{0,24})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Revision:
    """A sentence of an earlier answer that a fact contradicts, and the two values or names."""

    fact: str
    answer: Answer
    sentence: Sentence


def revisions(facts: Sequence[str], earlier: Sequence[Answer]) -> list[Revision]:
    """What the facts revise, each fact the one sentence that it fits best, later answers first."""
    found: list[Revision] = []
    for fact in facts:
        best: tuple[int, Revision] | None = None
        for answer in reversed(earlier):
            for sentence in answer.sentences:
                fit = _fit(fact, answer.question, sentence) if sentence.citations else 0
                if fit and (best is None or fit > best[0]):
                    best = (fit, Revision(fact, answer, sentence))
        if best:
            found.append(best[1])
    return found


def _fit(fact: str, question: str, sentence: Sentence) -> int:
    """How well a sentence is what the fact contradicts, 0 where it is not."""
    own = _words(fact)
    shared = len(own & (terms(sentence.text) | terms(question)))
    inside = len(own & terms(sentence.text))
    if any(_named(fact, sentence.text)):
        return 2 + shared
    told, said = _measures(fact), _measures(sentence.text)
    gone = _denied(fact)
    if inside and any(a.value == b.value and a.unit in ("", b.unit) for a in gone for b in said):
        return 10 + shared
    stated = [a for a in told if a not in gone]
    differs = any(_apart(a, b) for a in stated for b in said)
    agrees = any(a.value == b.value and a.unit == b.unit for a in stated for b in said)
    return 1 + shared if differs and not agrees and inside and 2 * shared >= len(own) else 0


def _apart(told: Quantity, said: Quantity) -> bool:
    """Whether the two differ in value alone; a statistic or bound that the reader leaves out is taken as said."""
    left_out = {"value", *(["qualifier"] if not told.qualifier else []), *(["bound"] if told.bound == "=" else [])}
    different = set(facets(told, said))
    return "value" in different and different <= left_out


def _words(text: str) -> frozenset[str]:
    """A fact's telling words, its numbers aside."""
    return frozenset(word for word in terms(text) if not word[0].isdigit()) - _OWN


def _measures(text: str) -> list[Quantity]:
    return [q for q in ledger(text) if q.kind == "measure" and q.value is not None]


def _denied(fact: str) -> list[Quantity]:
    """The values that the fact says do not hold, of the unit that it states them with."""
    told = _measures(fact)
    found = []
    for match in _DENIED.finditer(fact):
        after = [q for q in told if match.start("what") <= q.start < match.end("what")]
        found += after[:1]
    return found


def _named(fact: str, said: str) -> Iterator[str]:
    """The names that the fact says do not hold any more, and the sentence has."""
    for match in _ENDED.finditer(fact):
        known = " ".join(said.split()).casefold()
        for name in (*identifiers(match["what"]), *names_of(match["what"]), *_JOINED.findall(match["what"])):
            if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", known):
                yield name
