"""A folder of decision records -> what is wrong with their statuses and with the lines between them.

`lint.toml` says what each rule means and how severe it is. A record supersedes another where either of the two says so;
both have to, and only a decided one can take the other's place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from corpus.documents import Document
from service.protocols.record.anatomy import CONSEQUENCES, CONTEXT, DECISION
from service.protocols.record.folder import Record, linked, records, resolve
from service.protocols.report import SEVERITIES, Severity
from service.protocols.sections import headed
from service.protocols.substance import said_in
from service.standing.force import KNOWS_ENDED, stage

_PARTS = {"context": CONTEXT, "decision": DECISION, "consequences": CONSEQUENCES}
_LEAST = 3
_SUPERSEDED = re.compile(r"\b(?:superseded|replaced|obsoleted)\b", re.IGNORECASE)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Flaw(_Frozen):
    """Something wrong with a record; `other` is the path of the record that it is wrong beside, or ""."""

    rule: str
    severity: Severity
    path: str
    line: int
    says: str
    other: str = ""


class Linted(_Frozen):
    """A record as the folder has it; the last two are paths of records."""

    path: str
    title: str
    status: str
    date: str
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]


class Lint(_Frozen):
    """The folder's records and their flaws, the most severe first."""

    folder: str
    records: tuple[Linted, ...]
    flaws: tuple[Flaw, ...]


def lint(folder: Path) -> Lint:
    """The folder, checked. Raises `UsageError`."""
    held = records(folder)
    graph = _Graph(held)
    flaws = [flaw for record in held for flaw in (*_alone(record), *graph.beside(record), *_links(record, held))]
    flaws += [*_numbers(held), *graph.circles()]
    flaws.sort(key=lambda flaw: (SEVERITIES.index(flaw.severity), flaw.path, flaw.line))
    return Lint(folder=str(folder), records=tuple(graph.shown(record) for record in held), flaws=tuple(flaws))


@cache
def _rules() -> dict[str, dict[str, str]]:
    return {r["name"]: r for r in tomllib.loads(Path(__file__).with_name("lint.toml").read_text("utf-8"))["rule"]}


def _flaw(rule: str, record: Record, *, at: str = "", other: Record | None = None, **told: str) -> Flaw:
    row = _rules()[rule]
    said = row["says"].format(other=other.path if other else "", **told)
    severity = next(s for s in SEVERITIES if s == row["severity"])
    line = record.line_of(at)
    return Flaw(rule=rule, severity=severity, path=record.path, line=line, says=said, other=other.path if other else "")


def _alone(record: Record) -> Iterator[Flaw]:
    """What is wrong with a record by itself."""
    said = record.said
    if not said.status:
        yield _flaw("no-status", record)
    if not said.date:
        yield _flaw("no-date", record)
    if _SUPERSEDED.search(said.status) and not said.superseded_by:
        yield _flaw("no-successor", record)
    if record.stage == "ended":
        return
    document = Document(record.path, "", record.path, record.parsed, record.title, "adr", frozenset(), revision="lint")
    for part, titles in _PARTS.items():
        if not any(said_in(document, branch.span) >= _LEAST for branch in headed(document, titles)):
            yield _flaw("missing-part", record, part=part)


def _links(record: Record, held: Sequence[Record]) -> Iterator[Flaw]:
    """Links that lead nowhere, and bases that are no longer in force."""
    lines = record.parsed.text.splitlines()
    lineage = {*record.said.supersedes, *record.said.superseded_by}
    for target in linked(record):
        other = resolve(target, held, of=record)
        if other is None:
            if "/" not in target.removeprefix("./"):
                yield _flaw("unknown-record", record, at=target, name=target)
        elif other.stage == "ended" and record.stage != "ended" and target not in lineage:
            saying = " ".join(line for line in lines if target in line)
            if not KNOWS_ENDED.search(saying):
                yield _flaw("ended-basis", record, at=target, other=other)


def _numbers(held: Sequence[Record]) -> Iterator[Flaw]:
    first: dict[tuple[str, int], Record] = {}
    for record in held:
        if record.number is not None:
            other = first.setdefault((record.path.rpartition("/")[0], record.number), record)
            if other is not record:
                yield _flaw("same-number", record, other=other, number=str(record.number))


class _Graph:
    """Who supersedes whom, as the older ones say and as the newer ones say."""

    def __init__(self, held: Sequence[Record]) -> None:
        self._held = held
        self._newer = {r.path: self._named(r, r.said.superseded_by) for r in held}
        self._older = {r.path: self._named(r, r.said.supersedes) for r in held}

    def _named(self, record: Record, names: Sequence[str]) -> dict[str, Record | None]:
        return {name: resolve(name, self._held, of=record) for name in names}

    def shown(self, record: Record) -> Linted:
        """The record with its lines."""
        said = record.said
        return Linted(
            path=record.path,
            title=record.title,
            status=said.status,
            date=said.date,
            supersedes=tuple(r.path for r in self._older[record.path].values() if r),
            superseded_by=tuple(r.path for r in self._newer[record.path].values() if r),
        )

    def beside(self, record: Record) -> Iterator[Flaw]:
        """What is wrong with its lines."""
        for name, newer in self._newer[record.path].items():
            if newer is None:
                yield _flaw("unknown-record", record, at=name, name=name)
            elif record not in self._older[newer.path].values():
                yield _flaw("one-sided", newer, at=record.path, other=record, says="supersedes")
            if newer and newer.stage == "open":
                yield _flaw("open-successor", record, at=name, other=newer)
        for name, older in self._older[record.path].items():
            if older is None:
                yield _flaw("unknown-record", record, at=name, name=name)
            elif record not in self._newer[older.path].values():
                decided = record.stage == "decided" and stage(older.said.status) != "ended"
                if decided:
                    yield _flaw("still-in-force", older, other=record)
                elif record.stage != "open":
                    yield _flaw("one-sided", older, other=record, says="is superseded by")

    def circles(self) -> Iterator[Flaw]:
        """Records that, by their lines, supersede themselves; each circle once."""
        told: set[str] = set()
        for record in self._held:
            way, at = [record.path], [r for r in self._next(record) if r]
            while at:
                newer = at.pop()
                if newer.path == record.path and not told & set(way):
                    told |= set(way)
                    yield _flaw("circle", record, other=newer)
                if newer.path not in way:
                    way.append(newer.path)
                    at += self._next(newer)

    def _next(self, record: Record) -> list[Record]:
        own = [r for r in self._newer[record.path].values() if r]
        return own + [r for r in self._held if record in self._older[r.path].values()]
