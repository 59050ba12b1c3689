"""How reStructuredText marks its elements, and which of its directives hold code, text, or orders to the machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parse.text.lines import Line

ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*[ \t]*")
BULLET = re.compile(r"[-*+•‣⁃](?=[ \t]|$)")
ENUMERATOR = re.compile(r"\(?(?:\d{1,9}|[a-zA-Z]|[ivxlcdmIVXLCDM]{1,9}|#)[.)](?=[ \t]|$)")
EXPLICIT = re.compile(r"\.\.(?:[ \t]+|$)")
DIRECTIVE = re.compile(r"(?:\|[^|\n]+\|[ \t]+)?(?P<name>[A-Za-z][\w.+:-]*?)[ \t]?::(?:[ \t]+(?P<args>.*))?$")
FOOTNOTE = re.compile(r"\[(?:\d+|#[\w-]*|\*|[A-Za-z][\w.-]*)\][ \t]+")
TARGET = re.compile(r"_[^:]*:|__|\|")
FIELD = re.compile(r":(?![: ])[^:\n]+:(?=[ \t]|$)")
_CODE_NAMES = """
    code-block code sourcecode parsed-literal literalinclude prompt math doctest testcode testoutput productionlist
    graphviz uml mermaid digraph graph console ipython"""
_MACHINE_NAMES = """
    toctree include raw contents sectnum meta image highlight default-role role index module currentmodule
    autosummary tabularcolumns sectionauthor codeauthor header footer target-notes title class automodule autoclass
    autofunction automethod rst-class program py:module py:currentmodule"""
CODE = frozenset(_CODE_NAMES.split())
MACHINE = frozenset(_MACHINE_NAMES.split())


@dataclass(slots=True)
class Item:
    """A list item whose marker, or a term (without label) that, waits for the first block of its body."""

    start: int
    label: str
    depth: int
    group: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body stands: column of its left margin, list depth and group, nesting of bodies."""

    margin: int = 0
    depth: int = 0
    group: int = -1
    nesting: int = 0

    def inside(self, margin: int) -> Place:
        """A body within this one."""
        return Place(margin, self.depth, self.group, self.nesting + 1)


@dataclass(frozen=True, slots=True)
class Title:
    """A section title: its line (the underline is the next), and its style (the character, twice with an overline)."""

    line: int
    style: str


def find_title(text: str, lines: Sequence[Line], at: int, stop: int) -> Title | None:
    """The title that begins, with its overline where there is one, at line `at`."""
    first = _adornment(text, lines[at])
    over = first and at + 2 < stop and _adornment(text, lines[at + 2]) == first and not _adornment(text, lines[at + 1])
    line = at + 1 if over else at
    under = _adornment(text, lines[line + 1]) if line + 1 < stop else ""
    if not under or lines[line].blank or (first and not over):
        return None
    if lines[line + 1].indent or (not over and lines[line].indent):
        return None
    if lines[line + 1].end - lines[line + 1].begin < min(4, lines[line].end - lines[line].begin):
        return None
    return Title(line, under * (2 if over else 1))


def counts_on(marker: str, before: str) -> bool:
    """Whether an enumerator begins a list, or follows the one of the item `before`; a letter else is an initial."""
    letter = marker.strip("().")
    if not letter.isalpha() or len(letter) > 1 or letter in "aAiIvVxX":
        return True
    return before.strip("().") == chr(ord(letter) - 1)


def _adornment(text: str, line: Line) -> str:
    """The character that the line repeats, or ""."""
    content = text[line.begin : line.end]
    match = ADORNMENT.fullmatch(content)
    return match[1] if match and content not in ("..", "::") else ""
