"""What of an answer's Markdown a program that renders it would load or run: an image, an element, a script's address.

A chat client may render HTML, so this is asked of a renderer that lets all of it through, and not of a pattern.
"""

from __future__ import annotations

from lxml import html
from markdown_it import MarkdownIt

_TEXT = frozenset("p br hr em strong code pre blockquote ul ol li table thead tbody tr th td h1 h2 h3 h4 h5 h6".split())
_WEB = ("https://", "http://", "mailto:")
_KNOWN = frozenset(html.defs.tags) | {"svg", "math", "video", "audio", "canvas", "template", "dialog", "image"}


def acting(markdown: str) -> list[str]:
    """The elements of the rendered page that are more than formatted text and links that wait to be followed."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    page = html.fromstring(f"<div>{parser.render(markdown)}</div>")
    found = [e for e in page.iterdescendants() if not isinstance(e.tag, str) or not _harmless(e)]
    return [html.tostring(e, encoding="unicode", with_tail=False) for e in found]


def _harmless(element: html.HtmlElement) -> bool:
    if element.tag == "a":
        address = element.get("href", "").lower().strip()
        return set(element.attrib) <= {"href", "title"} and (address.startswith(_WEB) or ":" not in address)
    if element.tag in _TEXT:
        return not set(element.attrib) - {"class", "start", "style"} or not any(element.attrib.values())
    return element.tag not in _KNOWN and not any(element.attrib.values())  # words in brackets: <pod-name>
