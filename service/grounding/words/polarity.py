"""Negation, modality, quantity words and conditions of the source survive in the sentence.

The claim is laid beside the sentence of the evidence that it restates; where it restates none, there is nothing to
compare and the support check decides. Compared are, in this order: denials put in or left out and words for their
opposite; how binding it is (must, should, may); how general (all, most, some, only); the condition it stands under; and
that it is deprecated or experimental. Lists of words, no model: what they do not name they do not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from corpus.remembered import remembered
from service.grounding.alignment import Alignment, align, content, fold, tokens
from service.grounding.claim import Claim, Ground, Objection, quotes
from service.grounding.clauses import stands_as_clause
from service.grounding.identifiers import RESTATES
from service.grounding.segment import as_read, segments
from service.grounding.words.saying import written_out
from service.grounding.words.vocabulary import CLASSES, OPPOSITES

_DENIALS = frozenset("not no never none neither nor without nobody nothing cannot".split())
_COMPARED = re.compile(r"(?:less|more|fewer|later|earlier|greater|higher|lower|longer|larger|smaller|sooner|shorter)$")
_ASIDE = re.compile(r"\s?\((?:i\.e\.|e\.g\.|see|for example|for instance)[^()]*\)", re.IGNORECASE)
"""Says again what has been said; without it nothing is left out."""
_PREFIXES = ("un", "dis", "in", "im", "ir", "non-", "non", "de", "a")
_OPENING = (
    r"If|When|Whenever|Unless|Once|Until|While|After|Before|In case|Only if|Only when|Provided|As long as"
    r"|For(?! (?:example|instance))"
)
_LEADING = re.compile(rf"^(?P<condition>(?:{_OPENING})\b[^,;:]{{6,}}?),\s")
_TRAILING = re.compile(
    r"[, ](?P<condition>(?:but )?(?:only )?(?:if|when|unless|until|(?<!at )once|except|provided(?: that)?|as long as"
    r"|in case|by default|for clusters?)\b[^.;:]*)[.;!]?$",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\b(deprecated|obsolete|experimental|unsupported|discontinued|proposed)\b", re.IGNORECASE)
_PLACE = 3
"""Words of an edit up to which the one side stands in the place of the other."""
_CLOSE = 0.75
"""Share of a claim's words from which a word that is missing was left out, not merely not restated."""


def polarity(claim: Claim, ground: Ground) -> Objection | None:
    """The first denial, degree or condition that the sentence turns, adds or leaves out."""
    told = [segment.text for segment in segments(claim.text)]
    for text in told if len(told) > 1 else [claim.text]:
        objection = _turned(text, quotes(claim))
        if objection:
            return objection
    return None


def _turned(text: str, spans: tuple[str, ...]) -> Objection | None:
    """The same of one sentence; the degrees of a clause's neighbours are not its own."""
    found = align(text, spans)
    if found.verbatim or found.covered < RESTATES:
        return None
    told, said = written_out(as_read(text)), written_out(_ASIDE.sub("", found.sentence))
    return (
        _denied(told, said, found)
        or ((degree := _degree(told, said, found)) and (None if stands_as_clause(text, spans) else degree))
        or _condition(told, said, found)
        or _status(told, said, found)
    )


def denies(told: str, said: str) -> Objection | None:
    """What one sentence denies of another, laid beside each other: denials and words for the opposite alone."""
    return _denied(written_out(as_read(told)), written_out(as_read(said)), align(told, (said,)))


def _denied(told: str, said: str, found: Alignment) -> Objection | None:
    ours, theirs = _denials(told), _denials(said)
    words, source = _words(told), _words(said)
    for denial, of in ours:
        if not any(_alike(of, other) for _, other in theirs) and (of & source or not theirs):
            return _lost(f"{denial} {' '.join(sorted(of)[:3])}", said)
    for denial, of in theirs:
        if of and len(of & words) >= max(1, len(of) - 1) and not any(_alike(of, other) for _, other in ours):
            return _lost(f"without the source's “{denial}”", said)
    for word in sorted(words - source):
        opposite = next((o for o in _opposites(word) if o in source and o not in words), "")
        if opposite and found.covered >= RESTATES:
            return _lost(f"{_spelt(word, told)} (the source: {_spelt(opposite, said)})", said)
    return _exchanged(found)


def _exchanged(found: Alignment) -> Objection | None:
    """A word for the opposite in the very place of the source's, though the sentence may have both elsewhere."""
    for edit in found.edits:
        for put, taken in product(edit.told, edit.said) if max(len(edit.told), len(edit.said)) <= _PLACE else ():
            if fold(taken) in _opposites(fold(put)) and not {fold(taken)} & {fold(t) for t in edit.told}:
                return _lost(f"{put} (the source: {taken})", found.sentence)
    return None


def _degree(told: str, said: str, found: Alignment) -> Objection | None:
    """Modality and quantity words: another class in place of the source's, or a stronger one in place of none."""
    for name, classes in CLASSES.items():
        ours, theirs = _found(told, classes), _found(said, classes)
        put, taken = set(ours) - set(theirs), set(theirs) - set(ours)
        if put and taken:
            word, instead = ours[sorted(put)[0]], theirs[sorted(taken)[0]]
            return Objection("polarity", "contradiction:relational", f"{word} (the source: {instead})")
        narrowing = taken & {"may", "only", "mostly", "at times", "nearly"}
        if narrowing and found.covered >= _CLOSE and not put:
            return Objection("polarity", "unsupported_addition", f"{name} without “{theirs[sorted(narrowing)[0]]}”")
        if put & {"must", "every", "only"} and found.covered >= _CLOSE:
            return Objection("polarity", "unsupported_addition", ours[sorted(put)[0]])
    return None


def _condition(told: str, said: str, found: Alignment) -> Objection | None:
    """A condition of the restated sentence of which the claim has less than half, though it restates the rest."""
    words = content(told)
    for pattern in (_LEADING, _TRAILING):
        match = pattern.search(said)
        if match is None:
            continue
        condition = content(match["condition"]) - _CONNECTIVES
        rest = content(said[: match.start()] + " " + said[match.end() :])
        kept = len(condition & words) / max(1, len(condition))
        if kept < 0.5 and len(rest & words) >= 0.5 * len(rest) and condition:
            return Objection(
                "polarity", "unsupported_addition", f"without the condition: {match['condition'].strip()[:80]}"
            )
        if not condition and match["condition"].lower() not in told.lower():
            return Objection("polarity", "unsupported_addition", f"without “{match['condition'].strip()}”")
    return None


_CONNECTIVES = frozenset(
    fold(w) for w in "if when whenever unless once until while after before only provided long case for but".split()
)


def _status(told: str, said: str, found: Alignment) -> Objection | None:
    for match in _STATUS.finditer(said):
        if match.group().lower() not in told.lower() and found.covered >= _CLOSE:
            return Objection("polarity", "unsupported_addition", f"without “{match.group()}”")
    return None


def _lost(detail: str, said: str) -> Objection:
    return Objection("polarity", "contradiction:negation", f"{detail}; the source: {said[:120]}")


def _denials(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each denial with the content words that follow it at once."""
    found, parts = [], tokens(text)
    for at, part in enumerate(parts):
        low, after = part.lower(), [p.lower() for p in parts[at + 1 : at + 3]]
        bounds = after[1:] == ["than"] and _COMPARED.match(after[0])
        if low in _DENIALS and after[:1] != ["only"] and not bounds:
            following = [fold(p) for p in parts[at + 1 : at + 6] if len(p) > 2 and p.lower() not in _DENIALS]
            found.append((low, frozenset(following[:3])))
    return found


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two denials deny the same: most of the shorter one's words are in the other."""
    least = min(len(one), len(other))
    return least == 0 or len(one & other) * 2 >= least


def _spelt(word: str, text: str) -> str:
    """A folded word as the text has it."""
    return next((t for t in tokens(text) if fold(t) == word), word)


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(t) for t in tokens(text))


def _found(text: str, classes: dict[str, re.Pattern[str]]) -> dict[str, str]:
    """The classes that occur, with the word by which."""
    return {name: m.group().lower() for name, pattern in classes.items() if (m := pattern.search(text))}


@remembered(32768)
def _opposites(word: str) -> tuple[str, ...]:
    """Folded words that mean the opposite: of the list, and with a denying prefix put on or taken off."""
    return (*OPPOSITES.get(word, ()), *_prefixed(word))


def _prefixed(word: str) -> Iterator[str]:
    for prefix in _PREFIXES:
        if len(word) > 4:
            yield prefix + word
        if word.startswith(prefix) and len(word) - len(prefix) > 3:
            yield word[len(prefix) :]
