"""P4, P8: options stand in a table, and every advantage has its drawback and its cost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
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
_BLANK = re.compile(
    r"^(?:[-–—?.…]*|n/?a|tbd|todo|unknown|none|null|see above|not known|not available|\(?empty\)?)$", re.I
)
_OPTION_HEAD = re.compile(
    r"option|alternative|approach|candidate|variant|choice|solution|design|store|tool|system", re.I
)
_LAST_HEAD = re.compile(r"recommend|verdict|choice|decision|chosen|conclusion|fit", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


def p4(manuscript: Manuscript) -> Finding:
    """Options are compared in a table; what is not documented says so."""
    if manuscript.answer.refusal:
        return ABSENT
    compared = [t for t in manuscript.tables if _compares(t)]
    named = [c for c in manuscript.claims if _OPTION.search(c)]
    asked = manuscript.full and _ASKS.search(manuscript.question) is not None
    if not compared and not named and not asked:
        return ABSENT
    listed = manuscript.full or len(named) > 1 or (named and _ASKS.search(manuscript.question))
    if not compared:
        silent = re.search(r"\bno (?:options?|alternatives?)\b|\bnames? one option\b", folded(manuscript.answer.text))
        return (
            found([f"options without a table: {(named or [manuscript.question])[0]}"])
            if listed and not silent
            else ABSENT
        )
    return found(fault for table in compared if not _quoted(manuscript, table) for fault in _faults(table))


def _compares(table: Table) -> bool:
    head = " ".join(table.header)
    return bool(_OPTION_HEAD.search(table.header[0]) or _LAST_HEAD.search(head)) or "pros" in head.casefold()


def _quoted(manuscript: Manuscript, table: Table) -> bool:
    """Whether a document has the table so."""
    rows = [folded(" ".join(cell for cell in row)) for row in table.rows]
    known = " ".join(manuscript.evidence.replace("|", " ").split())
    return bool(rows) and all(" ".join(row.split()) in known for row in rows)


def _faults(table: Table) -> Iterator[str]:
    if not _OPTION_HEAD.search(table.header[0]):
        yield f"the first column does not name the option: {table.header[0]}"
    if not _LAST_HEAD.search(" ".join(table.header)):
        yield f"no column of the recommendation: {' | '.join(table.header)}"
    if len(table.header) < 3:
        yield f"nothing is compared: {' | '.join(table.header)}"
    if len(table.rows) < 2:
        yield "a single option"
    for row in table.rows:
        if len(row) != len(table.header) or any(_BLANK.match(cell.strip()) for cell in row):
            yield f"a cell says nothing, and not that it is not documented: {' | '.join(row)}"


def p8(manuscript: Manuscript) -> Finding:
    """Every advantage stands beside its drawback and its cost."""
    pro, con, cost = words_of("advantage"), words_of("drawback"), words_of("cost")
    blocks = [block for block in _blocks(manuscript) if pro.search(block)]
    if not blocks:
        return ABSENT
    faults = [f"an advantage without a drawback: {b}" for b in blocks if not con.search(b)]
    faults += [f"an advantage without its cost: {b}" for b in blocks if con.search(b) and not cost.search(b)]
    return found(faults)


def _blocks(manuscript: Manuscript) -> Iterator[str]:
    """The paragraphs, options of a list and rows of tables in its own words, each with the headers of its row."""
    own = folded(manuscript.voice)
    for table in manuscript.tables:
        head = table.header
        for row in table.rows:
            if not _quoted(manuscript, Table(head, (row,))):
                yield " ; ".join(
                    f"{name}: {cell}" for name, cell in zip(head, row, strict=False) if not _BLANK.match(cell)
                )
    prose = re.sub(r"^[ \t]*\|.*\|[ \t]*$", "", manuscript.prose, flags=re.MULTILINE)
    for block in re.split(r"\n\s*\n", prose):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        for piece in _options(lines):
            if folded(_ITEM.sub("", piece)) and any(part in own for part in _pieces(piece)):
                yield piece


def _options(lines: list[str]) -> list[str]:
    """A list as one block, unless each item names an option of its own; a paragraph whole."""
    if lines and all(_ITEM.match(line) or line.startswith(" ") for line in lines):
        named = [
            line
            for line in lines
            if re.match(r"\s*(?:[-*+]|\d+[.)])\s+\**(?:option|alternative|approach)\b", line, re.I)
        ]
        return lines if len(named) > 1 else ["\n".join(lines)]
    return ["\n".join(lines)] if lines else []


def _pieces(block: str) -> list[str]:
    return [folded(_ITEM.sub("", piece)) for piece in re.split(r"\n|(?<=[.!?])\s+", block) if len(piece.split()) > 2]
