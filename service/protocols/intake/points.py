"""What an initiative states on each point of `points.toml`, and where."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from corpus.documents import Document, Span
from corpus.outline import section_path
from corpus.units import units
from service.grounding.ledger import ledger
from service.protocols.quotation import Quotation, quotation
from service.protocols.substance import folded, is_placeholder

State = Literal["stated", "without a number", "missing"]
_MOST = 2
_NUMBERS = ("measure", "date", "percentile")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that an initiative has to state; the fields are explained in `points.toml`."""

    name: str
    label: str
    question: str
    measured: bool
    number: str
    headings: re.Pattern[str]
    cues: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the text states on a point; `ask` is what is left to ask, "" for nothing."""

    point: Point
    state: State
    places: tuple[Quotation, ...]
    ask: str


@cache
def points() -> tuple[Point, ...]:
    """The points in the order of the file."""
    table = tomllib.loads(Path(__file__).with_name("points.toml").read_text("utf-8"))
    return tuple(
        Point(
            name=row["name"],
            label=row["label"],
            question=row["question"],
            measured=row["measured"],
            number=row.get("number", ""),
            headings=re.compile("|".join(row["headings"]), re.IGNORECASE),
            cues=re.compile("|".join(row["cues"]), re.IGNORECASE),
        )
        for row in table["point"]
    )


def stated(document: Document, point: Point, form: Collection[str] = ()) -> Found:
    """The text on one point. Where it needs a number, statements with one come first; those that stand by themselves
    before those that lean on others. `form` holds the folded units of the form that the text was made from."""
    places = sorted(_on(document, point, form), key=lambda place: len(place.spans) > 1)
    if not places:
        return Found(point, "missing", (), point.question)
    if not point.measured:
        return Found(point, "stated", tuple(places[:_MOST]), "")
    counted = [place for place in places if _has_number(place.text)]
    if not counted:
        return Found(point, "without a number", tuple(places[:_MOST]), point.number)
    return Found(point, "stated", tuple(counted[:_MOST]), "")


def _on(document: Document, point: Point, form: Collection[str]) -> Iterator[Quotation]:
    """The units on the point: by their own words first, then by the heading that they stand under."""
    headed: list[Quotation] = []
    for unit in units(document, Span(0, len(document.text))):
        text = document.visible(unit.start, unit.end)
        if unit.kind == "code" or is_placeholder(text) or folded(text) in form or text.rstrip(" *_").endswith("?"):
            continue
        own = bool(point.cues.search(text))
        path = [title for title in section_path(document, unit.start) if title != document.title]
        if not own and not any(point.headings.search(title) for title in path[-1:]):
            continue
        quoted = quotation(document, unit)
        if quoted and own:
            yield quoted
        elif quoted:
            headed.append(quoted)
    yield from headed


def _has_number(text: str) -> bool:
    return any(quantity.kind in _NUMBERS for quantity in ledger(text))
