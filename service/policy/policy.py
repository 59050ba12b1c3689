"""A question -> the line of the written policy that it crosses, or the notices that its answer must carry.

The policy is data, `policy.toml` beside this file; this reads it and decides, before anything is retrieved. It knows
phrases and no meaning: what it lets pass still meets the evidence, the contract and the rules of the persona.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from corpus.remembered import remembered

_GAP = r"(?:[^\w.?!;]+[\w'’-]+){0,6}?[^\w.?!;]+"
_CLAUSE = re.compile(r"[.?!;:,]\s")
_TERM = re.compile(r"<([a-z]+)>")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Why a question is refused: the line of the policy, why it stands there, and what is offered instead.

    boundary and redirection are whole sentences; of the two the one that does not belong to the reason is "".
    """

    reason: Literal["unsafe", "out_of_scope"]
    line: str
    boundary: str = ""
    alternative: str = ""
    redirection: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A red line or a topic: `acts` refuse as they stand, `things` where they are sought."""

    ruling: Ruling
    acts: re.Pattern[str] | None
    things: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Policy:
    red: tuple[_Line, ...]
    scope: tuple[_Line, ...]
    before: re.Pattern[str]
    after: re.Pattern[str]
    asked: re.Pattern[str]
    seeks: re.Pattern[str]
    notices: Mapping[str, tuple[re.Pattern[str], str]]


@remembered(512)
def ruled(question: str) -> Ruling | None:
    """The line that a question crosses, red lines first; None where it may be answered."""
    text = _plain(question)
    policy = _policy()
    for line in policy.red:
        if _crossed(line, text, policy):
            return line.ruling
    return next((line.ruling for line in policy.scope if line.acts and line.acts.search(text)), None)


def touches(name: Literal["regulation", "personal"], text: str) -> bool:
    """Whether a text speaks of what the notice of that name is for."""
    return _policy().notices[name][0].search(_plain(text)) is not None


def notice_of(name: Literal["regulation", "personal"]) -> str:
    """The fixed text of a notice."""
    return _policy().notices[name][1]


def _crossed(line: _Line, text: str, policy: _Policy) -> bool:
    """Whether the text asks for what is beyond a red line, and not for a defence against it."""
    if policy.asked.search(text):
        return False
    if line.acts and any(not policy.before.search(_clause(text, m.start())) for m in line.acts.finditer(text)):
        return True
    for m in line.things.finditer(text) if line.things else ():
        clause = _clause(text, m.start())
        if policy.seeks.search(clause) and not policy.before.search(clause) and not policy.after.match(text, m.end()):
            return True
    return False


def _clause(text: str, end: int) -> str:
    """What stands before a place in its clause."""
    start = 0
    for mark in _CLAUSE.finditer(text, 0, end):
        start = mark.end()
    return text[start:end]


def _plain(text: str) -> str:
    """On one line, in one form of letters, without what cannot be seen."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


@cache
def _policy() -> _Policy:
    raw = tomllib.loads(Path(__file__).with_name("policy.toml").read_text("utf-8"))
    words = raw["words"]
    defence = raw["defence"]
    return _Policy(
        red=tuple(
            _line(entry, Ruling("unsafe", entry["id"], entry["boundary"], entry["alternative"]), words)
            for entry in raw["red_line"]
        ),
        scope=tuple(
            _line(entry, Ruling("out_of_scope", entry["id"], redirection=entry["redirection"]), words)
            for entry in raw["scope"]
        ),
        before=_any([defence["before"]], words),
        after=re.compile(defence["after"], re.IGNORECASE),
        asked=re.compile(defence["asked"], re.IGNORECASE),
        seeks=_any([words["make"]], words),
        notices={name: (_any(entry["words"], words), entry["text"]) for name, entry in raw["notice"].items()},
    )


def _line(entry: Mapping[str, Any], ruling: Ruling, words: Mapping[str, str]) -> _Line:
    acts, things = entry.get("acts", entry.get("asks", [])), entry.get("things", [])
    return _Line(ruling, _any(acts, words) if acts else None, _any(things, words) if things else None)


def _any(phrases: list[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases."""
    spelled = [_spelled(phrase, words) for phrase in phrases]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE)


def _spelled(phrase: str, words: Mapping[str, str]) -> str:
    """The phrase with its names and gaps written out."""
    while _TERM.search(phrase):
        phrase = _TERM.sub(lambda m: words[m[1]], phrase)
    return phrase.replace(" .. ", _GAP)
