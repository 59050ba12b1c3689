"""P4: options stand in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.persona.finding import ABSENT, Finding, found
from service.persona.manuscript import Manuscript, Table, folded

_OPTION = re.compile(
    r"\b(?:option|alternative|approach|variant|candidate|choice)\s+(?:[A-Z]\b|[1-9]\b|one|two|three)|\bversus\b"
    r"|\bvs\.?\s"
    r"|\b(?:compared (?:to|with)|in contrast to|as opposed to|rather than|instead of|on the other hand)\b"
    r"|\b(?:two|three|four|both|several) (?:\w+ )?(?:options|alternatives|approaches|candidates|choices|ways)\b"
    r"|\b(?:first|second|third|other) (?:option|alternative|approach|candidate|choice|way)\b|\beither\b.+\bor\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:compare|versus|vs\.?|trade-?offs?|options|alternatives|which (?:of|one|should)|better|choose between"
    r"|or should we"
    r"|pros and cons|difference between)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\W*(?:please )?(?:compare|contrast|weigh)\b", re.IGNORECASE)
_CHOICE = re.compile(
    r"\bor\b|\bcompare\b|\bversus\b|\bvs\b|\boptions?\b|\balternatives?\b|\btrade-?offs?\b|\bwhich (?:of|one)\b"
    r"|\bmove to\b",
    re.I,
)
_BLANK = re.compile(
    r"^(?:[-–—?.…]*|n/?a|tbd|todo|unknown|none|null|see above|not known|not available|\(?empty\)?)$", re.I
)
_OPTION_HEAD = re.compile(
    r"option|alternative|approach|candidate|variant|choice|solution|design|store|tool|system", re.I
)
_LAST_HEAD = re.compile(r"recommend|verdict|choice|decision|chosen|conclusion|fit", re.IGNORECASE)


def p4(manuscript: Manuscript) -> Finding:
    """Options are compared in a table; what is not documented says so."""
    if manuscript.answer.refusal:
        return ABSENT
    compared = [t for t in manuscript.tables if _compares(t)]
    named = [c for c in manuscript.claims if _OPTION.search(c)]
    asked = asks_to_compare(manuscript.question) or (
        manuscript.full and _CHOICE.search(manuscript.question) is not None
    )
    if not compared and not named and not asked:
        return ABSENT
    listed = asked or manuscript.full or len(named) > 1 or (named and _ASKS.search(manuscript.question))
    if not compared:
        silent = re.search(r"\bno (?:options?|alternatives?)\b|\bnames? one option\b", folded(manuscript.answer.text))
        return (
            found([f"options without a table: {(named or [manuscript.question])[0]}"])
            if listed and not silent
            else ABSENT
        )
    faults = [fault for table in compared if not table.quoted for fault in _faults(table)]
    rows = folded(" ".join(row[0] for table in compared for row in table.rows))
    faults += [
        f"an option of the question is not compared: {name}"
        for name in _options_in(manuscript.question)
        if not _shares(name, rows)
    ]
    return found(faults)


def asks_to_compare(question: str) -> bool:
    """Whether it asks for a comparison outright: then options stand in a table, however short the answer is."""
    return _COMPARES.match(question) is not None


def _options_in(question: str) -> list[str]:
    """What a question asks to compare: `Compare A, B and C for ...`; `A with B` where nothing else tells them apart."""
    match = re.match(r"\W*compare (.+?)(?: for | in | as |[.?:;]|$)", question, re.IGNORECASE)
    if not match:
        return []
    parts = re.split(r",\s*(?:and\s+)?|\s+(?:and|to|versus|or)\s+", match[1])
    return [part.strip() for part in (parts if len(parts) > 1 else match[1].split(" with ")) if part.strip()]


def _shares(name: str, rows: str) -> bool:
    return any(word[:3] in rows for word in folded(name).split() if len(word) > 3) or folded(name) in rows


def _compares(table: Table) -> bool:
    head = " ".join(table.header)
    return bool(_OPTION_HEAD.search(table.header[0]) or _LAST_HEAD.search(head)) or "pros" in head.casefold()


def _faults(table: Table) -> Iterator[str]:
    if not _OPTION_HEAD.search(table.header[0]):
        yield f"the first column does not name the option: {table.header[0]}"
    if not _LAST_HEAD.search(" ".join(table.header)):
        yield f"no column of the recommendation: {' | '.join(table.header)}"
    if any(re.search(r"latency", h, re.I) and not re.search(r"p\d\d", h) for h in table.header):
        yield f"a latency without its percentiles: {' | '.join(table.header)}"
    if len(table.header) < 3:
        yield f"nothing is compared: {' | '.join(table.header)}"
    if len(table.rows) < 2:
        yield "a single option"
    for row in table.rows:
        if len(row) != len(table.header) or any(_BLANK.match(cell.strip()) for cell in row):
            yield f"a cell says nothing, and not that it is not documented: {' | '.join(row)}"
