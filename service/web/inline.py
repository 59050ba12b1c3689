"""A stretch of canonical text -> HTML, with the cited characters marked.

Inline Markdown (code, strong, emphasis, links, images) is shown as what it means; everything else is escaped. Every
character that is shown is a character of the document, so a mark can begin and end anywhere: it is closed and opened
again around whatever it crosses. A link to another place is shown with its address and not made clickable, since the
page follows no address that a document names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from corpus.documents import Document, Span, visible_spans

_INLINE = re.compile(
    r"(?P<code>(?P<ticks>`+)(?P<in_code>[^\n]+?)(?P=ticks)(?!`))"
    r"|(?P<link>!?\[(?P<in_link>[^\]\n]*)\]\((?P<url>[^)\s]*)[^)\n]*\))"
    r"|(?P<strong>\*\*(?P<in_strong>[^\n]+?)\*\*)"
    r"|(?P<em>(?<![\w*])[*_](?P<in_em>[^*_\s](?:[^*_\n]*[^*_\s])?)[*_](?![\w*]))"
)
_TAGS = {"code": "code", "strong": "strong", "em": "em", "link": "span"}


def inline_html(document: Document, span: Span, marks: Sequence[Span]) -> str:
    """The visible text of the span as HTML. `marks` are character spans of the document."""
    if not document.parsed.native:
        return "".join(_marked(document.text, s, marks) for s in visible_spans(document.parsed.hidden, *_ends(span)))
    pieces = visible_spans(document.parsed.hidden, *_ends(span))
    return "".join(_inline(document.text, piece, marks) for piece in pieces)


def marked_html(document: Document, span: Span, marks: Sequence[Span]) -> str:
    """The visible text of the span, as it stands, with the marks."""
    pieces = visible_spans(document.parsed.hidden, *_ends(span))
    return "".join(_marked(document.text, piece, marks) for piece in pieces)


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _inline(text: str, span: Span, marks: Sequence[Span]) -> str:
    """Inline Markdown of one stretch, innermost last."""
    html: list[str] = []
    at = span.start
    for match in _INLINE.finditer(text, span.start, span.end):
        name = match.lastgroup if match.lastgroup in _TAGS else next(n for n in _TAGS if match[n])
        html.append(_marked(text, Span(at, match.start()), marks))
        inner = Span(*match.span(f"in_{name}"))
        inside = _marked(text, inner, marks) if name == "code" else _inline(text, inner, marks)
        html.append(_element(name, inside, match["url"] or ""))
        at = match.end()
    html.append(_marked(text, Span(at, span.end), marks))
    return "".join(html)


def _element(name: str, inside: str, url: str) -> str:
    title = f' class="link" title="{escape(url)}"' if name == "link" else ""
    return f"<{_TAGS[name]}{title}>{inside}</{_TAGS[name]}>"


def _marked(text: str, span: Span, marks: Sequence[Span]) -> str:
    """The characters of the span, escaped, those inside a mark marked."""
    html: list[str] = []
    at = span.start
    for mark in marks:
        start, end = max(at, mark.start), min(span.end, mark.end)
        if start < end:
            html.append(escape(text[at:start], quote=False))
            html.append(f"<mark>{escape(text[start:end], quote=False)}</mark>")
            at = end
    html.append(escape(text[at : span.end], quote=False))
    return "".join(html)
