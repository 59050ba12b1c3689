"""Lines of a text with their numbers, some around a span, the span itself marked."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.documents import Span
from corpus.outline import line_starts, lines_of
from service.cli.terminal import clean, console, is_rich


def show_lines(text: str, span: Span | None, heading: Sequence[str], *, url: str, context: int) -> None:
    """Print them. Without a span, all; `context` is how many lines are shown before and after it."""
    starts = line_starts(text)
    first, last = lines_of(starts, span.start, span.end) if span else (1, len(starts))
    low, high = (max(1, first - context), min(len(starts), last + context)) if span else (first, last)
    width = len(str(high))
    if not is_rich():
        print("\n".join([*heading, ""]))
        for number in range(low, high + 1):
            mark = ">" if span and first <= number <= last else " "
            print(f"{mark} {number:>{width}} | {clean(_line(text, starts, number))}".rstrip())
        return
    from rich.style import Style
    from rich.text import Text

    out = console()
    out.print(heading[0], style="bold")
    for line in heading[1:]:
        out.print(Text(line, Style(link=url or None, color="blue")))
    out.print()
    for number in range(low, high + 1):
        at = starts[number - 1]
        line = _line(text, starts, number)
        begin, end = (max(0, span.start - at), max(0, span.end - at)) if span else (0, 0)
        shown = Text(f"{number:>{width}} │ ", "dim")
        shown.append(clean(line[:begin]), Style(dim=False))
        shown.append(clean(line[begin:end]), Style(reverse=True, dim=False))
        shown.append(clean(line[end:]), Style(dim=False))
        out.print(shown)


def _line(text: str, starts: Sequence[int], number: int) -> str:
    """A line without its end."""
    end = starts[number] if number < len(starts) else len(text)
    return text[starts[number - 1] : end].rstrip("\r\n")
