"""P8: every advantage has its drawback and its cost, of the same option.

An advantage is answered by what stands in its sentence, or in the sentences of its section that follow it up to the
next advantage. What is said to be another option's (`Con of Redis`) answers nothing, and neither does what denies that
there is a drawback or a cost. A table with a column of advantages has a column for each of the other two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.answer import Sentence
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, Table, folded, plain

_REACH = 6
"""Sentences behind an advantage in which its drawback and its cost may still stand."""
_NOTHING = r"(?:none|nil|zero|nothing(?! (?:new|more|extra|but|less))|no|negligible|not worth|minimal|free)\b"
_DENIED_BEHIND = re.compile(rf"\W{{0,3}}(?:(?:is|are|were|of it)\s+)?{_NOTHING}", re.IGNORECASE)
_DENIED_BEFORE = re.compile(
    r"\b(?:no|without|zero|hardly any|not any|lacks?|free of)\s+(?:(?:real|serious|known|other|further|extra"
    r"|additional"
    r"|a|any)\s+)?(?:\w+\s+or\s+)?$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\b(?:pros?|cons?|costs?|advantages?|disadvantages?|drawbacks?|benefits?|downsides?|upsides?|prices?)"
    r"(?: and (?:cons?|costs?|prices?))? of (?:the |a |an )?(?P<option>[\w-]+(?: [\w-]+)?)",
    re.IGNORECASE,
)
_PRO_HEAD = re.compile(r"\bpros?\b|advantag|benefit|strength|upside|\bgood\b|\bgains?\b|\+", re.IGNORECASE)
_CON_HEAD = re.compile(r"\bcons?\b|disadvantag|drawback|weakness|downside|\bbad\b|\brisks?\b|limit|trade-?off", re.I)
_COST_HEAD = re.compile(r"cost|price|\btco\b|effort|complexity|spend|\$", re.IGNORECASE)
_TICK = re.compile(r"^\s*(?:[-*+]\s+)?(?:\(\+\)|\+(?=\s)|✅|✔️?|👍|🟢)")
_CROSS = re.compile(r"^\s*(?:[-*+]\s+)?(?:\([−-]\)|[−–](?=\s)|❌|✖️?|✗|👎|🔴)")
_NO_CELL = re.compile(rf"^\W*(?:{_NOTHING}[\w\s]*)?\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Praise:
    """An advantage: its sentence, the option it is of, "" where that is not said, and what may answer it."""

    text: str
    option: str
    answers: tuple[str, ...]


def p8(manuscript: Manuscript) -> Finding:
    """Every advantage stands beside its drawback and its cost."""
    praised = [*_told(manuscript), *_rows(manuscript)]
    tables = [table for table in manuscript.tables if not table.quoted]
    faults = [fault for table in tables for part in _apart(table) for fault in _columns(part)]
    for praise in praised:
        if not _has("drawback", praise):
            faults.append(f"an advantage without a drawback: {praise.text}")
        elif not _has("cost", praise):
            faults.append(f"an advantage without its cost: {praise.text}")
    return found(faults) if praised or faults else ABSENT


def _told(manuscript: Manuscript) -> Iterator[_Praise]:
    """The advantages among the sentences in the program's own words."""
    said = [s for s in manuscript.answer.sentences if s.kind != "question" and not s.text.startswith("|")]
    own = set(map(id, manuscript.own))
    for at, sentence in enumerate(said):
        text = plain(sentence.text)
        if id(sentence) in own and _praises(text):
            yield _Praise(text, _option(text), (text, *_following(said, at)))


def _following(said: Sequence[Sentence], at: int) -> Iterator[str]:
    """What stands behind a sentence in its section, up to another advantage that nothing in its sentence answers."""
    for later in said[at + 1 : at + 1 + _REACH]:
        text = plain(later.text)
        if later.section != said[at].section or (_praises(text) and not _counters(text)):
            return
        yield text


def _praises(text: str) -> bool:
    return _TICK.match(text) is not None or words_of("advantage").search(text) is not None


def _counters(text: str) -> bool:
    return _CROSS.match(text) is not None or words_of("drawback").search(text) is not None


def _option(text: str) -> str:
    match = _OF.search(text)
    return folded(match["option"]) if match else ""


def _has(name: str, praise: _Praise) -> bool:
    """Whether one of the answers names it, of the same option, and does not say that there is none."""
    return any(
        _stands(name, text)
        for at, text in enumerate(praise.answers)
        if at == 0 or not _option(text) or _same(_option(text), praise)
    )


def _same(option: str, praise: _Praise) -> bool:
    """Whether a drawback is of the option that is praised; one without a name may be praised in its own sentence."""
    if praise.option:
        return option.split()[0] in praise.option or praise.option.split()[0] in option
    return option.split()[0] in folded(praise.text)


def _stands(name: str, text: str) -> bool:
    if name == "drawback" and _CROSS.match(text):
        return True
    return any(
        not _DENIED_BEHIND.match(text[m.end() : m.end() + 24])
        and not _DENIED_BEFORE.search(text[max(0, m.start() - 30) : m.start()])
        for m in words_of(name).finditer(text)
    )


def _rows(manuscript: Manuscript) -> Iterator[_Praise]:
    """The rows of tables without a column of advantages that praise in a cell of the program's own, each with the
    headers of its cells."""
    for table in manuscript.tables:
        if table.quoted or any(_PRO_HEAD.search(head) for head in table.header):
            continue
        for row in table.rows:
            cells = zip(table.header, row, strict=False)
            text = " ; ".join(f"{name}: {cell}" for name, cell in cells if cell and not _NO_CELL.match(cell))
            own = " ; ".join(cell for cell in row if folded(cell) not in manuscript.evidence)
            if words_of("advantage").search(own):
                yield _Praise(text, "", (text,))


def _apart(table: Table) -> Iterator[Table]:
    """The tables that stand in one without a blank line: a row that begins like the header is the next one's header."""
    header, rows = table.header, list[tuple[str, ...]]()
    for row in table.rows:
        if row and folded(row[0]) == folded(header[0]) and row != header:
            yield Table(header, tuple(rows))
            header, rows = row, []
        elif any(cell.strip(" :-") for cell in row):
            rows.append(row)
    yield Table(header, tuple(rows))


def _columns(table: Table) -> Iterator[str]:
    """What a table with a column of advantages lacks: a column, or a cell that says something."""
    if not any(_PRO_HEAD.search(head) and not _CON_HEAD.search(head) for head in table.header):
        return
    for name, pattern in (("drawback", _CON_HEAD), ("cost", _COST_HEAD)):
        at = next((i for i, head in enumerate(table.header) if pattern.search(head)), None)
        if at is None:
            yield f"a column of advantages and none of the {name}: {' | '.join(table.header)}"
            continue
        empty = [row for row in table.rows if at >= len(row) or _NO_CELL.match(row[at])]
        yield from (f"an option with advantages and without a {name}: {' | '.join(row)}" for row in empty)
