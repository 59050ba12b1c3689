"""The body of a report as elements, and the two ways to show it: Markdown, and a page of HTML that needs nothing else.

Text in an element is Markdown of one line: `**bold**`, `*italics*` and code in backticks. Everything else in it is
shown as it stands; what a document says can neither close a tag nor open one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from corpus.citations import Citation
from service.answering.inert import inert
from service.standing.label import label

_INLINE = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|(?<![\w*])\*(?P<italic>[^*\s][^*]*)\*(?![\w*])|`(?P<code>[^`]+)`")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` starts at 2, below the title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of prose with the numbers of its citations."""

    text: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list; `depth` starts at 0, `task` is shown as an open check box."""

    text: str
    marks: tuple[int, ...] = ()
    depth: int = 0
    task: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; the first of a table is its header."""

    cells: tuple[str, ...]
    marks: tuple[int, ...] = ()
    header: bool = False


Element = Heading | Paragraph | Item | Row


def as_markdown(elements: Sequence[Element]) -> str:
    """The body as Markdown, without the list of sources."""
    lines: list[str] = []
    before: Element | None = None
    for element in elements:
        joined = isinstance(element, Item | Row) and type(before) is type(element)
        if lines and not (joined and not (isinstance(element, Row) and element.header)):
            lines.append("")
        lines.extend(_markdown(element))
        before = element
    return inert("\n".join(lines))


def _markdown(element: Element) -> Iterator[str]:
    match element:
        case Heading(text, level):
            yield f"{'#' * level} {text}"
        case Paragraph(text, marks):
            yield text + _marks(marks)
        case Item(text, marks, depth, task):
            yield f"{'  ' * depth}- {'[ ] ' if task else ''}{text}{_marks(marks)}"
        case Row(cells, marks, header):
            shown = [cell.replace("\n", " ").replace("|", "\\|") for cell in cells]
            shown[-1] += _marks(marks)
            yield f"| {' | '.join(shown)} |"
            if header:
                yield f"|{' --- |' * len(cells)}"


def _marks(marks: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in marks)


def as_html(title: str, elements: Sequence[Element], citations: Sequence[Citation]) -> str:
    """The whole page: no script, no address outside of itself; the sources at its end, each with its quote."""
    body = "\n".join(_html_body(elements))
    sources = "\n".join(_source(citation) for citation in citations)
    listed = f'<h2>Sources</h2>\n<ol class="sources">\n{sources}\n</ol>' if citations else ""
    return _PAGE.format(title=_safe(title), style=_STYLE, body=body, sources=listed)


def _html_body(elements: Sequence[Element]) -> Iterator[str]:
    inside = ""
    for element in elements:
        wanted = "ul" if isinstance(element, Item) else "table" if isinstance(element, Row) else ""
        fresh = wanted != inside or (isinstance(element, Row) and element.header)
        if fresh and inside:
            yield f"</{inside}>"
        if fresh and wanted:
            yield f"<{wanted}>"
        inside = wanted
        yield _html(element)
    if inside:
        yield f"</{inside}>"


def _html(element: Element) -> str:
    match element:
        case Heading(text, level):
            return f"<h{level}>{_inline(text)}</h{level}>"
        case Paragraph(text, marks):
            return f"<p>{_inline(text)}{_links(marks)}</p>"
        case Item(text, marks, depth, task):
            box = '<span class="box" role="img" aria-label="open">☐</span> ' if task else ""
            return f'<li class="depth{min(depth, 3)}">{box}{_inline(text)}{_links(marks)}</li>'
        case Row(cells, marks, header):
            kind = "th" if header else "td"
            shown = [_inline(cell) for cell in cells]
            shown[-1] += _links(marks)
            scope = ' scope="col"' if header else ""
            return f"<tr>{''.join(f'<{kind}{scope}>{cell}</{kind}>' for cell in shown)}</tr>"


def _inline(text: str) -> str:
    """The text escaped, its marks of emphasis and code made tags."""
    parts, at = [], 0
    for match in _INLINE.finditer(text):
        parts.append(_safe(text[at : match.start()]))
        kind = match.lastgroup or ""
        tag = {"bold": "strong", "italic": "em", "code": "code"}[kind]
        parts.append(f"<{tag}>{_safe(match[kind])}</{tag}>")
        at = match.end()
    return "".join([*parts, _safe(text[at:])])


def _links(marks: Sequence[int]) -> str:
    return "".join(f'<a class="mark" href="#source-{number}">[{number}]</a>' for number in marks)


def _source(citation: Citation) -> str:
    path = " > ".join([citation.title, *(part for part in citation.section if part != citation.title)])
    about = ", ".join((label(citation), citation.place))
    return (
        f'<li id="source-{citation.number}" value="{citation.number}"><cite>{_safe(path)}</cite> '
        f"<small>({_safe(about)}) {_safe(citation.document)}</small>"
        f"<blockquote>{_safe(citation.quote)}</blockquote></li>"
    )


def _safe(text: str) -> str:
    return escape(_CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --ground: #fff; --line: #d0d7de; --soft: #57606a; --link: #0a58ca; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --ground: #0d1117; --line: #30363d; --soft: #9aa4af; --link: #6cb6ff; }
}
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0 auto;
  max-width: 62rem; padding: 1.5rem; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; } small { color: var(--soft); } a { color: var(--link); }
.mark { text-decoration: none; font-size: .85em; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
blockquote { border-left: .25rem solid var(--line); color: var(--soft); margin: .4rem 0 1rem; padding-left: .8rem;
  white-space: pre-wrap; }
code { font: .9em ui-monospace, monospace; } .depth1 { margin-left: 1.5rem; } .depth2 { margin-left: 3rem; }
.depth3 { margin-left: 4.5rem; } :target { outline: 2px solid var(--link); }
@media print { :root { --ink: #000; --ground: #fff; } }
""".strip()
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
{sources}
</main>
</body>
</html>
"""
