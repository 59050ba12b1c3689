"""The same said differently: what a verifier must not take for a change of truth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

from eval.perturbing.perturbed import Change
from eval.perturbing.sentences import Sentence

# Each pair says the same in either direction, wherever it stands.
_SAME = (
    ("for example", "for instance"), ("in order to", "to"), ("such as", "like"), ("a number of", "several"),
    ("make sure", "ensure"), ("cannot", "can not"), ("do not", "don't"), ("does not", "doesn't"),
    ("is not", "isn't"), ("are not", "aren't"), ("will not", "won't"), ("should not", "shouldn't"), ("it is", "it's"),
    ("at least", "no less than"), ("at most", "no more than"), ("more than", "over"), ("uses", "makes use of"),
    ("because", "since"), ("via", "through"), ("approximately", "about"), ("prior to", "before"),
    ("requires", "needs"), ("currently", "at present"), ("begin", "start"), ("begins", "starts"),
    ("whenever", "every time"),  ("additional", "further"), 
    ("therefore", "thus"), ("may be", "might be"),
    ("due to", "because of"), ("immediately", "at once"), ("multiple", "several"), ("configuration", "config"),
    ("documentation", "docs"), ("repository", "repo"), ("Kubernetes", "K8s"), ("application", "app"),
    ("created", "made"), ("large", "big"), ("modify", "change"), ("obtain", "get"), ("delete", "remove"),
    ("deleted", "removed"), ("occurs", "happens"), ("shows", "displays"),
)  # fmt: skip
_ONE_WAY = frozenset("to like since over through get change made big needs start about further several app".split())
"""What also says something else, and is only put in."""
_SPELT = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_FRONT = re.compile(
    r"^(?P<clause>(?:If|When|Once|Unless|After|Before|While|Until) [^,;:]{8,90}), (?:then )?"
    r"(?P<rest>[^;:]+)(?P<end>[.!])$"
)
_BACK = re.compile(
    r"^(?P<rest>[^,;:]{12,}?),? (?P<clause>(?:if|when|once|unless|after|before|while|until) [^,;:]{8,})(?P<end>[.!])$"
)
_REMARK = re.compile(
    r"^(?:However|Also|Additionally|In addition|Note that|Therefore|Thus|Hence|Instead|Similarly|Finally|Then),?"
    r" (?=[a-z`])"
)
_ASIDE = re.compile(r" \((?:e\.g\.|i\.e\.|see|for example|such as|like) [^()]{3,80}\)")
_AMOUNT = re.compile(
    r"(?<![\w.`-])(?P<number>\d+)(?P<gap> ?)(?P<unit>ms|s|sec|min|h|seconds|minutes|hours|days)\b(?![/-])"
)
_LONG_UNIT = {"ms": "milliseconds", "s": "seconds", "sec": "seconds", "min": "minutes", "h": "hours"}
_LARGER = {"ms": ("s", 1000), "seconds": ("minutes", 60), "minutes": ("hours", 60), "hours": ("days", 24)}
_SMALLER = {"s": ("ms", 1000), "minutes": ("seconds", 60), "hours": ("minutes", 60), "days": ("hours", 24)}
_ABOUT_A_CLAUSE = re.compile(r"^(?:It|This|That|They|These|He|She)\b")


def restated(sentence: Sentence, random: Random) -> Iterator[Change]:
    """The sentence said differently, by one rule and by up to three of them one after the other."""
    text = sentence.text
    for rule in random.sample(_RULES, len(_RULES)):
        changed = rule(text, random)
        if changed and changed != text:
            yield _difference(sentence.text, changed)
            text = changed
            if random.random() < 0.4:
                return


def _said_differently(text: str, random: Random) -> str | None:
    options = []
    for pair in _SAME:
        for old, new in (pair, pair[::-1]):
            for match in _whole(old).finditer(text) if old not in _ONE_WAY else ():
                if text.count("`", 0, match.start()) % 2 == 0:
                    told = new[0].upper() + new[1:] if match.group()[0].isupper() else new
                    options.append(text[: match.start()] + told + text[match.end() :])
    return random.choice(options) if options else None


@cache
def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w`'-]){words}(?![\w`'-])", re.IGNORECASE)


def _clause_moved(text: str, random: Random) -> str | None:
    front, back = _FRONT.match(text), _BACK.match(text)
    if front and front["clause"].count("`") % 2 == 0 and ", " not in front["rest"]:
        return f"{_upper(front['rest'])} {_lower(front['clause'])}{front['end']}"
    if back and back["clause"].count("`") % 2 == 0 and not _ABOUT_A_CLAUSE.match(back["rest"]):
        return f"{_upper(back['clause'])}, {_lower(back['rest'])}{back['end']}"
    return None


def _shortened(text: str, random: Random) -> str | None:
    shorter = _ASIDE.sub("", _upper(_REMARK.sub("", text)))
    return shorter if len(shorter.split()) >= 5 else None


def _number_spelt(text: str, random: Random) -> str | None:
    for value, word in random.sample(list(enumerate(_SPELT)), len(_SPELT)):
        pair = (
            (rf"(?<![\w.,`:/$#-]){value}(?= [a-z]{{4,}})", word),
            (rf"(?<=[a-z] ){word}(?= [a-z]{{4,}}s\b)", str(value)),
        )
        for old, new in pair:
            match = re.search(old, text)
            if match and match.start() and text.count("`", 0, match.start()) % 2 == 0:
                return text[: match.start()] + new + text[match.end() :]
    return None


def _unit_converted(text: str, random: Random) -> str | None:
    for match in _AMOUNT.finditer(text):
        value, unit = int(match["number"]), match["unit"]
        told = []
        if unit in _LONG_UNIT and value != 1:
            told.append(f"{value} {_LONG_UNIT[unit]}")
        if (
            unit in _LARGER
            and value >= _LARGER[unit][1]
            and value * 10 % _LARGER[unit][1] == 0
            and value != _LARGER[unit][1]
        ):
            told.append(f"{value / _LARGER[unit][1]:g} {_LARGER[unit][0]}")
        if unit in _SMALLER and value > 1:
            told.append(f"{value * _SMALLER[unit][1]}{match['gap']}{_SMALLER[unit][0]}")
        if told and text.count("`", 0, match.start()) % 2 == 0:
            return text[: match.start()] + random.choice(told) + text[match.end() :]
    return None


_RULES: tuple[Callable[[str, Random], str | None], ...] = (
    _said_differently,
    _clause_moved,
    _shortened,
    _number_spelt,
    _unit_converted,
)


def _difference(old: str, new: str) -> Change:
    """The change with the words that the two have in common at both ends left out."""
    before, after = old.split(" "), new.split(" ")
    least = min(len(before), len(after))
    start = next((at for at in range(least) if before[at] != after[at]), least)
    end = next((at for at in range(least - start) if before[-1 - at] != after[-1 - at]), least - start)
    return Change(new, " ".join(before[start : len(before) - end]), " ".join(after[start : len(after) - end]))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """The first letter small, unless it begins a name."""
    first = text.split()[0]
    return (
        text
        if first[1:2].isupper() or any(c.isupper() for c in first[1:]) or first.startswith("`")
        else text[0].lower() + text[1:]
    )
