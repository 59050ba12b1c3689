"""A suite: cases, the documents that they are asked of, and the floors that they are held to.

A bundled suite is a TOML file with its cases in JSONL beside it::

    name = "smoke"
    about = "..."
    cases = "library.jsonl"
    tagged = "smoke"                        # only cases with this tag; absent = all
    measures = ["SpanRecall@5", ...]
    corpora = [{ source = "library", path = "library" }]

    [floors]
    "QuoteVerbatim" = 1.0
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corpus.errors import UsageError
from corpus.library import LIBRARY
from eval.suites.case import Case

BUNDLED = Path(__file__).with_name("bundled")
_PLACES = {"library": LIBRARY, "companion": BUNDLED / "companion"}


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents of one source: a folder, or texts by path that are written to one."""

    source: str
    folder: Path | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suite:
    """What is asked. `floors` are by measure; `measures` are what its report shows first."""

    name: str
    about: str
    corpora: tuple[Corpus, ...]
    cases: tuple[Case, ...]
    measures: tuple[str, ...] = ()
    floors: Mapping[str, float] = field(default_factory=dict)

    def digest(self) -> str:
        """Names the cases."""
        joined = "\n".join(case.model_dump_json() for case in self.cases)
        return hashlib.sha256(joined.encode()).hexdigest()[:16]

    def first(self, limit: int) -> Suite:
        """The suite with its first `limit` cases of each kind in turn; 0 = all."""
        if not limit or limit >= len(self.cases):
            return self
        piles: dict[str, list[Case]] = {}
        for case in self.cases:
            piles.setdefault(case.kind, []).append(case)
        chosen: list[Case] = []
        while len(chosen) < limit:
            for pile in piles.values():
                if pile and len(chosen) < limit:
                    chosen.append(pile.pop(0))
        kept = {case.id for case in chosen}
        cases = tuple(case for case in self.cases if case.id in kept)
        return Suite(self.name, self.about, self.corpora, cases, self.measures, self.floors)


def read_suite(path: Path) -> Suite:
    """The suite of a TOML file. Raises `UsageError` on one that is malformed."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        tagged = raw.get("tagged", "")
        cases = [case for case in read_cases(path.parent / raw["cases"]) if not tagged or tagged in case.tags]
        corpora = tuple(_corpus(one, path.parent) for one in raw["corpora"])
        floors = {name: float(floor) for name, floor in raw.get("floors", {}).items()}
        return Suite(raw["name"], raw["about"], corpora, tuple(cases), tuple(raw.get("measures", ())), floors)
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=str(path), next_step="Check the path") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError(
            f"is no suite ({error!r})", item=str(path), next_step="See the docstring of eval/suites/suite.py"
        ) from error


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a JSONL file, one a line. Raises `UsageError` with the line on one that is malformed or twice."""
    seen: set[str] = set()
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=str(path), next_step="Check the path") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = Case.model_validate(json.loads(line))
        except (json.JSONDecodeError, ValidationError) as error:
            first = " ".join(str(error).split())[:160]
            raise UsageError(
                f"line {number} is no case ({first})", item=str(path), next_step="See eval/suites/case.py"
            ) from error
        if case.id in seen:
            raise UsageError(f"line {number} repeats the id {case.id}", item=str(path), next_step="Rename one of them")
        seen.add(case.id)
        yield case


def _corpus(raw: dict[str, Any], beside: Path) -> Corpus:
    """A place that is known by name, else a path beside the suite's file."""
    place = str(raw["path"])
    return Corpus(str(raw["source"]), _PLACES.get(place, beside / place))
