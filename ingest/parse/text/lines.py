"""The lines of a text, measured: where each stands, where its content begins, how far it is indented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.outline import line_starts


@dataclass(slots=True)
class Line:
    """One line without its line end.

    start   offset of its first character
    begin   offset of its content: behind the indentation, and behind markers that a parser has read
    end     offset behind its last character that is no white space
    indent  column of `begin`; a tab reaches to the next multiple of eight
    words   the content as it stood when it was measured
    """

    start: int
    begin: int
    end: int
    indent: int
    words: str

    @property
    def blank(self) -> bool:
        """Whether nothing stands on it."""
        return self.begin >= self.end


def measure(text: str) -> list[Line]:
    """All lines of the text, blank ones too."""
    starts = line_starts(text)
    lines: list[Line] = []
    for start, stop in zip(starts, [*starts[1:], len(text)], strict=True):
        raw = text[start:stop].rstrip()
        words = raw.lstrip()
        lead = raw[: len(raw) - len(words)]
        lines.append(Line(start, start + len(lead), start + len(raw), len(lead.expandtabs(8)), words))
    return lines


def deeper(lines: Sequence[Line], at: int, stop: int, indent: int) -> int:
    """The line after the last of those, from `at`, that are indented at least so; trailing blank ones excluded."""
    end = at
    for k in range(at, stop):
        if lines[k].blank:
            continue
        if lines[k].indent < indent:
            break
        end = k + 1
    return end


def margin(lines: Sequence[Line], at: int, end: int, otherwise: int) -> int:
    """The least indentation of lines `[at, end)`; `otherwise` where all of them are blank."""
    return min((lines[k].indent for k in range(at, end) if not lines[k].blank), default=otherwise)
