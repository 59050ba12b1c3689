"""What a model wrote -> drafted sentences.

JSON is asked for: an object with `sentences`, each with `kind`, `text`, `keys`. A reply that is cut is read as far as
its sentences are whole; a reply in prose is cut into sentences, with the keys in brackets at their ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from corpus.documents import Span
from corpus.units import sentences
from service.answer import SentenceKind

MOST = 60
_LONGEST = 1_500
_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|$)", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_OBJECT = re.compile(r"\{(?=\s*\")")
_KEYS = re.compile(r"\s*\[((?:\s*e[0-9a-f]{8}\s*[,;]?)+|[^\]\[]{1,24})\](?=\s*[.!?]?\s*(?:\[|$))")
_OPENING = re.compile(r"^\W{0,3}(assumption|judge?ment|recommendation|question)s?\W{0,3}:\W{0,3}", re.IGNORECASE)
_HEADING = re.compile(r"^\s*(?:#+\s|```|---+\s*$|\{|\}|\[|\])")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence that a model wants to say.

    keys   the keys that it names, as it wrote them
    place  of a repaired sentence, the number of the one that it stands for; -1 of a new one
    """

    kind: SentenceKind
    text: str
    keys: tuple[str, ...]
    place: int = -1


def drafted(reply: str) -> tuple[Drafted, ...]:
    """The sentences of a reply, each once, at most `MOST`; none when there is nothing to read."""
    reply = _CONTROL.sub("", _THINKING.sub("", reply))
    return tuple(dict.fromkeys(_structured(reply) or _prose(reply)))[:MOST]


def _structured(reply: str) -> list[Drafted]:
    """The sentences of a JSON reply: of the whole object, else of every whole one inside what was cut."""
    decoder = json.JSONDecoder()
    found: list[Drafted] = []
    at = 0
    while match := _OBJECT.search(reply, at):
        try:
            value, at = decoder.raw_decode(reply, match.start())
        except (ValueError, RecursionError):
            at = match.end()
            continue
        found.extend(_read(value))
    return found


def _read(value: object) -> Iterator[Drafted]:
    """The sentences of one JSON object."""
    if not isinstance(value, dict):
        return
    several = value.get("sentences")
    for item in several if isinstance(several, list) else [value]:
        made = _sentence(item) if isinstance(item, dict) else None
        if made:
            yield made


def _sentence(item: dict[str, Any]) -> Drafted | None:
    """One sentence; None for an object that is none. A kind that is unknown, or the program's own, counts as cited."""
    text = item.get("text")
    if not isinstance(text, str) or not text.strip():
        return None
    kind: SentenceKind = next((k for k in get_args(SentenceKind) if k == item.get("kind") != "notice"), "cited")
    named = item.get("keys", [])
    keys = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    place = item.get("n")
    body, more = _unkeyed(text.strip()[:_LONGEST])
    return Drafted(
        kind=kind,
        text=body,
        keys=tuple(dict.fromkeys([*(str(k).strip("[] ") for k in keys), *more])),
        place=place if isinstance(place, int) and not isinstance(place, bool) else -1,
    )


def _prose(reply: str) -> Iterator[Drafted]:
    """The sentences of a reply in prose."""
    for line in reply.splitlines():
        if not line.strip() or _HEADING.match(line):
            continue
        opening = _OPENING.match(line)
        line = line[opening.end() :] if opening else line
        for span in sentences(line, Span(0, len(line))):
            text, keys = _unkeyed(line[span.start : span.end].strip().strip("*").strip()[:_LONGEST])
            if len(text.split()) > 1:
                yield Drafted(_kind(opening[1] if opening else "", text), text, keys)


def _kind(opening: str, text: str) -> SentenceKind:
    """What a sentence in prose is, by what its line opens with and how it ends."""
    opening = opening.lower()
    if opening.startswith(("judg", "recomm")):
        return "judgement"
    if opening == "assumption":
        return "assumption"
    return "question" if opening == "question" or text.endswith("?") else "cited"


def _unkeyed(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the brackets at its end, and the keys in them."""
    keys: list[str] = []
    while match := _KEYS.search(text):
        keys.extend(k.strip() for k in re.split(r"[,;]", match[1]) if k.strip())
        text = (text[: match.start()] + text[match.end() :]).rstrip()
    return text, tuple(dict.fromkeys(keys))
