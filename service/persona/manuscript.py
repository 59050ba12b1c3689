"""An answer as a critic reads it: whose words are whose, its sections, tables and code.

What stands verbatim in a cited quote is the document's voice, and no rule of wording judges it. Everything else is the
program's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.answer import Answer, Sentence

SECTIONS = (
    "Executive Summary",
    "Context and Assumptions",
    "Analysis and Options",
    "Detailed Recommendation",
    "Implementation Considerations",
    "Risks, Mitigations and Monitoring",
    "Questions and Next Steps",
)
"""The sections of a full answer, in order."""

KNOWN = {name.casefold(): name for name in SECTIONS}
"""The same, by their names in small letters."""

_FULL = 3
_TITLE = 3
"""The fewest words by which a title is told from what merely says the same."""
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_FENCE = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_ROWS = re.compile(r"(?:^[ \t]*\|.*\|[ \t]*$\n?){2,}", re.MULTILINE)
_MARKS = re.compile(r"\[\d{1,4}\]")
_BLANKS = re.compile(r"\[NEEDS INPUT:[^\]]*\]")
_LABEL = re.compile(r"^\W*[A-Z][\w ]{2,30}: ")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z*`\"(])")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block. `quoted`: a document has it so."""

    language: str
    code: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its header, and its rows of as many cells as they have. `quoted`: a document has the rows so."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the text: its heading, "" before the first, and what stands under it."""

    heading: str
    body: str


@dataclass(frozen=True)
class Manuscript:
    """An answer, and the answers before it in the same conversation."""

    answer: Answer
    earlier: Sequence[Answer] = ()

    @property
    def question(self) -> str:
        """What was asked."""
        return self.answer.question

    @cached_property
    def evidence(self) -> str:
        """All that the answer rests on or was made from, folded."""
        quotes = [part for c in self.answer.citations for part in (c.quote, c.title, *c.section)]
        return folded("\n".join([*quotes, *(item.text for item in self.answer.evidence)]))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The text by its headings; in fenced blocks nothing is a heading."""
        masked = _FENCE.sub(lambda m: re.sub(r"[^\n]", "\0", m.group()), self.answer.text)
        heads = list(_HEADING.finditer(masked))
        ends = [*(h.start() for h in heads), len(masked)]
        parts = [Part("", self.answer.text[: ends[0]])]
        for head, end in zip(heads, ends[1:], strict=True):
            parts.append(Part(head[1].strip("*_ "), self.answer.text[head.end() : end]))
        return tuple(part for part in parts if part.heading or part.body.strip())

    @cached_property
    def full(self) -> bool:
        """Whether it is a full answer: it has sections of one."""
        said = {p.heading.casefold() for p in self.parts} | {s.section.casefold() for s in self.answer.sentences}
        return len(said & KNOWN.keys()) >= _FULL

    @cached_property
    def own(self) -> tuple[Sentence, ...]:
        """The sentences in the program's own words."""
        return tuple(s for s in self.answer.sentences if not self._quoted(s))

    @cached_property
    def claims(self) -> tuple[str, ...]:
        """What the program says in its own words and not as fixed text, cut into single sentences."""
        return _single(self.untitled(s.text) for s in self.own if s.kind != "notice")

    def untitled(self, text: str) -> str:
        """A text without the titles of the documents that it cites: those are theirs."""
        for title in {c.title for c in self.answer.citations if len(c.title.split()) >= _TITLE}:
            text = text.replace(title, "")
        return text

    def repeats(self, text: str) -> bool:
        """Whether a text, behind the label that it may have, stands so in the evidence."""
        said = _words(_LABEL.sub("", text))
        return len(said.split()) > _TITLE and f" {said} " in f" {_words(self.evidence)} "

    @cached_property
    def voice(self) -> str:
        """All of its own words, fixed text included."""
        return "\n".join(plain(s.text) for s in self.own)

    @cached_property
    def advice(self) -> tuple[str, ...]:
        """Its judgements, cut into single sentences."""
        return _single(s.text for s in self.answer.sentences if s.kind == "judgement")

    @cached_property
    def fences(self) -> tuple[Fence, ...]:
        """The fenced blocks."""
        known = "".join(self.evidence.split())
        return tuple(
            Fence(m[2].lower(), m[3], bool(m[3].strip()) and "".join(folded(m[3]).split()) in known)
            for m in _FENCE.finditer(self.answer.text)
        )

    @cached_property
    def prose(self) -> str:
        """The text without fenced blocks."""
        return _FENCE.sub("\n", self.answer.text)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables."""
        known = " ".join(self.evidence.replace("|", " ").split())
        return tuple(table for m in _ROWS.finditer(self.prose) if (table := _table(m.group(), known)))

    def _quoted(self, sentence: Sentence) -> bool:
        """Whether a document or the reader says it so."""
        if f" {_words(sentence.text)} " in f" {_words(self.question)} ":
            return True
        if sentence.kind not in ("cited", "derived"):
            return False
        cited = " ".join(c.quote for c in self.answer.citations if c.number in sentence.citations)
        return f" {_words(sentence.text)} " in f" {_words(cited)} "


def _single(said: Iterable[str]) -> tuple[str, ...]:
    """The sentences, which may be several in one, cut into single ones."""
    return tuple(piece for text in said for piece in _SENTENCE.split(plain(text)) if piece)


def folded(text: str) -> str:
    """A text without emphasis, citation marks, letter case and runs of white space."""
    return " ".join(_MARKS.sub("", text).replace("*", "").replace("`", "").replace("_", " ").split()).casefold()


def _words(text: str) -> str:
    """The words alone: a quote is shown without the markup that it stands in."""
    return " ".join(re.findall(r"\w+", _MARKS.sub("", text).replace("_", " "))).casefold()


def plain(text: str) -> str:
    """A text on one line, without citation marks, bold, and what a form leaves for its reader to fill in."""
    return " ".join(_BLANKS.sub("", _MARKS.sub("", text)).replace("**", "").split())


def _table(text: str, known: str) -> Table | None:
    rows = [tuple(plain(cell) for cell in line.strip().strip("|").split("|")) for line in text.strip().splitlines()]
    if len(rows) < 2 or any(cell.strip(" :-") for cell in rows[1]):
        return None
    said = [" ".join(folded(" ".join(row)).split()) for row in rows[2:]]
    return Table(rows[0], tuple(rows[2:]), bool(said) and all(row in known for row in said))
