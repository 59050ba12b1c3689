"""Right words, wrong ground: a citation of another section, and two sentences run into one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from corpus.documents import Span
from eval.perturbing.perturbed import Change
from eval.perturbing.sentences import Sentence, words

_COMMON = frozenset(
    "a an and are as at be been but by can do does for from has have if in into is it its may must no not of on or "
    "should so such than that the their then there these they this to was we were when which will with would you "
    "your".split()
)
_SHARED = 0.5
_TOO_MUCH = 0.8
_VERB = re.compile(r"(?<=[\w`)]) (?P<verb>is|are|was|were|will|must|should|can|has|have|does) (?=[a-z`])")
_POINTING = re.compile(
    r"^(?:It|This|That|These|Those|They|He|She|We|You|There|Which|I|If|When|Here|What|As|In|For|But|And)\b"
)
_LEAST_OWN = 5
_LONGEST_SUBJECT = 8
_REACH = 12
"""How many sentences on a merged one takes its end from."""


def other_stretch(sentence: Sentence, sentences: Sequence[Sentence], random: Random) -> tuple[Span, bool] | None:
    """A stretch of the same document that does not say what the sentence says; and whether it is about the same.

    Of the stretches that share less than `_TOO_MUCH` of the sentence's words, the nearest in words or any, in turn.
    """
    own = {word for word in words(sentence.text) if word not in _COMMON}
    if len(own) < _LEAST_OWN or _POINTING.match(sentence.text):
        return None
    fit = {}
    for other in sentences:
        apart = other.cited.end <= sentence.cited.start or other.cited.start >= sentence.cited.end
        if apart and other.cited not in fit:
            theirs = other.elsewhere_words | set(words(other.text))
            fit[other.cited] = len(own & theirs) / len(own)
    known = sorted((share, span.start, span) for span, share in fit.items() if share < _TOO_MUCH)
    if not known:
        return None
    share, _, span = known[-1] if random.random() < 0.75 else random.choice(known)
    return span, share >= _SHARED


def merge(at: int, sentences: Sequence[Sentence]) -> Iterator[Change]:
    """The beginning of the sentence at an index with the end of a later one of the same stretch.

    Both have the same verb, so that singular stays singular; what each sentence is about is its own.
    """
    sentence = sentences[at]
    first = _VERB.search(sentence.text)
    subject = sentence.text[: first.start()] if first else ""
    if first is None or _POINTING.match(subject) or len(subject.split()) > _LONGEST_SUBJECT or "," in subject:
        return
    for other in (*sentences[max(0, at - _REACH) : at], *sentences[at + 1 : at + 1 + _REACH]):
        second = _VERB.search(other.text)
        if other.cited != sentence.cited or second is None or second["verb"] != first["verb"]:
            continue
        one, two = sentence.text[: first.start()], other.text[: second.start()]
        end = other.text[second.end() :]
        if len(end.split()) < 3 or set(words(one)) - _COMMON <= set(words(two)) or set(words(two)) <= set(words(one)):
            continue
        if ("`" in one + end and (one.count("`") % 2 or end.count("`") % 2)) or end == sentence.text[first.end() :]:
            continue
        yield Change(f"{one} {first['verb']} {end}", sentence.text[first.end() :], end)
