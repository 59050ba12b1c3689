"""The opposite, the unconditional, the general: polarity, conditions and scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from random import Random

from eval.perturbing.perturbed import Change
from eval.perturbing.sentences import Sentence

_AUXILIARY = re.compile(
    r"(?<=[\w`)\"] )(?:is|are|was|were|will|would|should|must|can|does|did|has been|have been)(?= [a-z`])"
)
_DENIED = re.compile(
    r"\b(?P<cannot>cannot|can't)\b|\b(?P<short>is|are|was|were|does|do|did|should|would|has|have)n't\b"
    r"|\b(?:is|are|was|were|will|would|should|must|does|do|did|has|have|can) (?P<not>not )"
    r"(?!only\b|necessarily\b|just\b|yet\b)"
    r"|\b(?P<never>never )(?=\w+)|\b(?P<longer>no longer )",
    re.I,
)
_OPPOSITES = (
    ("enable", "disable"), ("enables", "disables"), ("enabled", "disabled"), ("enabling", "disabling"),
    ("allow", "prevent"), ("allowed", "forbidden"), ("required", "optional"), ("succeed", "fail"),
    ("succeeds", "fails"), ("succeeded", "failed"), ("increase", "decrease"), ("increases", "decreases"),
    ("increased", "decreased"), ("mutable", "immutable"), ("available", "unavailable"), ("healthy", "unhealthy"),
    ("safe", "unsafe"), ("supported", "unsupported"), ("true", "false"), ("always", "never"),
    ("possible", "impossible"), ("with", "without"), ("synchronously", "asynchronously"),
    ("manually", "automatically"), ("public", "private"), ("internal", "external"),
)  # fmt: skip
_UNCERTAIN = re.compile(r"\b(?:whether|if not|not only|either|neither|nor|unless|rather than|instead of)\b", re.I)

_LEADING = re.compile(
    r"^(?:If|When|Unless|Once|Until|While|Whenever|For (?!more|further|example|instance|details)|In case)\b[^,;:]{8,}?,"
    r" (?:then )?(?!see\b|refer\b)(?=[a-z`A-Z])"
)
_TRAILING = re.compile(
    r",? (?:if|unless|when|only if|only when|until|provided that|as long as|except|but only|in case|for clusters? with"
    r"|by default)\b[^.;]*(?=[.;!]?$)"
)
_BEGINS_BADLY = re.compile(r"(?:And|Or|But|Then|So|Else|Which|That)\b")
_ENDS_BADLY = re.compile(
    r"\b(?:that|especially|even|only|and|or|but|particularly|as|than|just|what|is|are|be|to|know|see|check|determine"
    r"|matter|whether|where|which|verify|notice|case|example)[.!]?$"
)
_MARKS = re.compile(r"[`\"()]")

# What is less than all, and what claims more than it.
_WIDER = (
    ("some of the", "all of the"),
    ("most of the", "all of the"), ("in most cases", "in all cases"), ("in some cases", "in all cases"),
    ("in many cases", "in all cases"), ("sometimes", "always"), ("usually", "always"), ("often", "always"),
    ("typically", "always"), ("generally", "always"), ("normally", "always"), ("rarely", "never"), ("may", "must"),
    ("might", "will"), ("can", "must"), ("should", "must"), ("could", "will"), ("likely", "certain"),
    ("all", "only some"), ("every", "no"), ("always", "only sometimes"), ("a single", "every"),
    ("both", "neither of"), ("partially", "fully"),
)  # fmt: skip
_WIDER_OF_MANY = (("some", "all"), ("many", "all"), ("several", "all"), ("a few", "all"))
_COUNTED = re.compile(r"\b(?:how|as|so|too|very|an?|the|not) $", re.I)
_NARROWING = re.compile(r"(?<=\w )only (?=[a-z])|^Only (?=[a-z])|(?<=\w ) ?by default|(?<=\w )at least partially ")


def negation(sentence: Sentence, random: Random) -> Iterator[Change]:
    """The opposite: a "not" put in or taken out, or a word for its opposite."""
    text = sentence.text
    if _UNCERTAIN.search(text):
        return
    for match in _AUXILIARY.finditer(text):
        if not _DENIED.match(text, match.start()) and _plain(text, match.start()):
            yield Change(text[: match.end()] + " not" + text[match.end() :], "", "not")
    for match in _DENIED.finditer(text):
        if _plain(text, match.start()):
            yield _affirmed(text, match)
    for pair in _OPPOSITES:
        for old, new in (pair, pair[::-1]):
            for match in _whole(old, "(?! not)").finditer(text):
                if _plain(text, match.start()) and match.group()[0].islower():
                    yield Change(text[: match.start()] + new + text[match.end() :], old, new)


def condition(sentence: Sentence, random: Random) -> Iterator[Change]:
    """The sentence without its condition."""
    text = sentence.text
    for match in (_LEADING.search(text), _TRAILING.search(text)):
        if match is None or len(_MARKS.findall(match.group())) % 2:
            continue
        rest = (text[: match.start()] + text[match.end() :]).strip()
        rest = rest[:1].upper() + rest[1:]
        if len(rest.split()) >= 5 and not _BEGINS_BADLY.match(rest) and not _ENDS_BADLY.search(rest):
            yield Change(rest, match.group().strip(" ,"), "")


def scope(sentence: Sentence, random: Random) -> Iterator[Change]:
    """More than the sentence says: all for some, always for often, must for may; or "only" taken out."""
    text = sentence.text
    if _UNCERTAIN.search(text) or re.search(r"\b(?:not|n't|no|never|cannot)\b", text):
        return
    for old, new in (*_WIDER, *_WIDER_OF_MANY):
        behind = r"(?= [a-z]+s\b)" if (old, new) in _WIDER_OF_MANY else r"(?! (?:of|not|only|as|more|other)\b)(?=[ ,])"
        for match in _whole(old, behind).finditer(text):
            before = text[: match.start()]
            if _plain(text, match.start()) and not _COUNTED.search(before):
                told = new[0].upper() + new[1:] if match.group()[0].isupper() else new
                yield Change(before + told + text[match.end() :], match.group(), told)
    for match in _NARROWING.finditer(text):
        if _plain(text, match.start()) and "not only" not in text:
            rest = " ".join((text[: match.start()] + text[match.end() :]).split()).replace(" .", ".").replace(" ,", ",")
            yield Change(rest[:1].upper() + rest[1:], match.group().strip(), "")


@cache
def _whole(words: str, behind: str) -> re.Pattern[str]:
    return re.compile(rf"\b{words}\b{behind}", re.I)


def _affirmed(text: str, match: re.Match[str]) -> Change:
    """The sentence without its denial."""
    if match["cannot"] or match["short"]:
        new = match["short"] or ("Can" if match.group()[0].isupper() else "can")
        return Change(text[: match.start()] + new + text[match.end() :], match.group(), "")
    group = next(name for name in ("not", "never", "longer") if match[name])
    start, end = match.span(group)
    rest = text[:start] + text[end:]
    if group == "not" and re.match(r"Do not ", text) and start < 8:
        rest = text[end : end + 1].upper() + text[end + 1 :]
    return Change(rest[:1].upper() + rest[1:], match[group].strip(), "")


def _plain(text: str, at: int) -> bool:
    """Whether the place is outside code and quotation."""
    return text.count("`", 0, at) % 2 == 0 and text.count('"', 0, at) % 2 == 0
