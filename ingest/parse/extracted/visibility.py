"""Which elements of a web page a reader sees.

Left out are page furniture (navigation, banners, scripts) and whatever a browser would not show: text that only a
machine reads is the cheapest way to smuggle instructions into an answer. Style sheets are read only as far as plain
class, id and tag rules that hide outright; layout is not computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_SKIPPED = (
    "script style noscript template nav svg math iframe object embed canvas button select option textarea input "
    "head meta link base audio video source track map area dialog"
)
NOT_CONTENT = frozenset(_SKIPPED.split())
_OUTER = frozenset({"header", "footer", "aside"})
_NEVER_FURNITURE = frozenset({"html", "body", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar", "tablist", "dialog"})
_ADMONITION = re.compile(r"\b(note|tip|warning|caution|danger|important|info|admonition|callout|alert)", re.I)
_FURNITURE = re.compile(
    r"^(navbar|nav|navigation|breadcrumbs?|site-header|site-footer|cookie[-_]?(banner|notice|consent)|skip-?(link|nav).*|skipto.*"
    r"|mw-editsection|mw-jump-link|navbox|catlinks|noprint|printfooter|toc|table-?of-?contents.*|pagination-nav.*|sphinxsidebar|headerlink|anchor-link"
    r"|heading-anchor)$",
    re.I,
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0*(\.0+)?\s*(;|!|$)"
    r"|font-size\s*:\s*0*(\.\d+)?\s*(px|pt|em|rem|%)?\s*(;|!|$)|text-indent\s*:\s*-\d{3,}"
    r"|(left|top|right|bottom)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*0",
    re.I,
)
_TINY_FONT = re.compile(r"font-size\s*:\s*(0|1)(\.\d+)?\s*px", re.I)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255|transparent)", re.I
)
_BACKGROUND = re.compile(
    r"background(-color|-image)?\s*:\s*(?!\s*(#fff(?:fff)?\b|white\b|none|transparent|inherit))", re.I
)
_COMMENT = re.compile(r"/\*(?:.*?\*/|.*\Z)", re.S)
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?([.#][-\w]+)?", re.I)


class Visibility:
    """What one page hides; made once a page from its style sheets. With `furniture`, page furniture counts as seen."""

    def __init__(self, root: HtmlElement, *, furniture: bool = False) -> None:
        self._furniture = furniture
        self._hidden_selectors: set[str] = set()
        self._white_selectors: set[str] = set()
        for sheet in root.iter("style"):
            media = (sheet.get("media") or "screen").lower()
            if "screen" in media or "all" in media:
                self._read(sheet.text_content())

    def shows(self, element: HtmlElement) -> bool:
        """Whether the element itself is content that a reader sees; its ancestors are not looked at."""
        tag = element.tag
        if not isinstance(tag, str) or tag in NOT_CONTENT:
            return self._furniture and tag == "nav"
        if element.get("hidden") is not None and element.get("hidden") != "until-found":
            return False
        if (element.get("aria-hidden") or "").lower() == "true" or self._is_styled_away(element):
            return False
        return self._furniture or not self._is_furniture(element)

    def _read(self, css: str) -> None:
        for selectors, body in _rules(css):
            hidden, white = _hides(body), bool(_WHITE.search(body)) and not _BACKGROUND.search(body)
            if hidden or white:
                for selector in selectors.split(","):
                    name = selector.strip()
                    if name and _SIMPLE.fullmatch(name):
                        (self._hidden_selectors if hidden else self._white_selectors).add(name.lower())

    @staticmethod
    def _belongs_to_content(element: HtmlElement) -> bool:
        inside = any(a.tag in ("main", "article") for a in element.iterancestors())
        return inside and (element.tag == "header" or bool(_ADMONITION.search(element.get("class") or "")))

    @classmethod
    def _is_furniture(cls, element: HtmlElement) -> bool:
        if (element.get("role") or "").lower() in _ROLES:
            return True
        if element.tag in _OUTER and not cls._belongs_to_content(element):
            return True
        names = [*(element.get("class") or "").split(), element.get("id") or ""]
        return element.tag not in _NEVER_FURNITURE and any(_FURNITURE.match(n) for n in names)

    def _is_styled_away(self, element: HtmlElement) -> bool:
        style = element.get("style") or ""
        if style and _hides(style):
            return True
        names = self._names(element)
        if names & self._hidden_selectors and not re.search(r"display\s*:", style, re.I):
            return True
        white = (
            bool(_WHITE.search(style))
            or bool(names & self._white_selectors)
            or element.get("color")
            in (
                "white",
                "#ffffff",
                "#fff",
            )
        )
        return white and not any(self._has_background(e) for e in (element, *element.iterancestors()))

    @staticmethod
    def _names(element: HtmlElement) -> set[str]:
        tag = str(element.tag).lower()
        marks = [f".{c}" for c in (element.get("class") or "").lower().split()]
        if element.get("id"):
            marks.append(f"#{element.get('id').lower()}")
        return {tag, *marks, *(tag + mark for mark in marks)}

    @staticmethod
    def _has_background(element: HtmlElement) -> bool:
        if element.get("bgcolor") or element.get("background"):
            return True
        return bool(_BACKGROUND.search(element.get("style") or "")) or bool(element.get("class"))


def _hides(declarations: str) -> bool:
    return bool(_HIDING.search(declarations)) or bool(_TINY_FONT.search(declarations))


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the plain rules; what is inside `@media` and its like is hidden only sometimes.

    One pass, so that a hostile style sheet costs no more than its length.
    """
    css = _COMMENT.sub("", css)
    depth, at, body_start, prelude = 0, 0, 0, ""
    for brace in re.finditer(r"[{}]", css):
        if brace.group() == "{":
            if depth == 0:
                prelude, body_start = css[at : brace.start()].rpartition(";")[2].strip(), brace.end()
            depth += 1
            continue
        depth = max(depth - 1, 0)
        if depth == 0:
            if not prelude.startswith("@"):
                yield prelude, css[body_start : brace.start()]
            at, prelude = brace.end(), ""
