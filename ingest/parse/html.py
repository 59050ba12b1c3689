"""HTML: what a reader of the page sees, as text with blocks.

One walk over the element tree. Inline text gathers in a buffer; a block element begins by flushing it. Lists keep
their numbers (`start`, `value`, `type`, `reversed`) and nesting, tables become rows, `pre` becomes a listing with its
language. What `visibility` calls furniture or hidden is never entered, and comments are never read. Text is tied
to the nearest element id before it. A page that is nothing but furniture is read with it: it may be an index.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from corpus.documents import Block, Metadata, Parsed
from corpus.errors import SourceError
from ingest.parse.extracted.extraction import Extraction, one_line
from ingest.parse.extracted.table import is_data_table, table_rows
from ingest.parse.extracted.visibility import Visibility
from ingest.parse.text.decode import decode

_BLOCK_TAGS = (
    "html body main article section div p blockquote figure figcaption details summary address dl dd dt fieldset "
    "legend form center hgroup header footer aside hr caption td th tr tbody thead tfoot table ul ol menu li pre "
    "h1 h2 h3 h4 h5 h6 listing xmp"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_LANGUAGE = re.compile(r"(?:^|[\s-])(?:language|lang|highlight|brush:?|highlight-source|sourceCode)[-\s]([\w+#.-]+)")
_ANCHOR_SIGN = re.compile(r"\s*[¶#§🔗⚓]\s*$")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def parse(data: bytes, name: str) -> Parsed:
    """The page as text and blocks. Raises `SourceError`: `empty` without visible text, `broken` if it is no HTML."""
    root = _tree(data, name)
    try:
        reader = _read(root, Visibility(root))
        if not reader.out.blocks:
            reader = _read(root, Visibility(root, furniture=True))
    except RecursionError as error:
        raise SourceError(
            "nested too deeply to be a page", outcome="broken", item=name, next_step="Save it again, or exclude it"
        ) from error
    return reader.out.parsed(_metadata(root), item=name, empty_because="no text that a reader of the page would see")


def _read(root: HtmlElement, seen: Visibility) -> _Reader:
    reader = _Reader(seen)
    body = root.find("body")
    reader.walk(body if body is not None else root)
    reader.finish()
    return reader


def _tree(data: bytes, name: str) -> HtmlElement:
    text = _text(data, name)
    if not text.strip():
        raise SourceError("the file is empty", outcome="empty", item=name, next_step="Remove it or exclude it")
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root: HtmlElement = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise SourceError(
            f"not readable as HTML ({one_line(str(error))})", outcome="broken", item=name, next_step="Save it again"
        ) from error
    return root


def _text(data: bytes, name: str) -> str:
    """The page decoded: as its byte order mark or UTF-8, else as it declares, else as it looks."""
    declared = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]+)", data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        for charset in ("utf-8", declared[1].decode("ascii", "replace")):
            with suppress(LookupError, UnicodeDecodeError):
                return data.decode(charset)
    return decode(data, name)


def _metadata(root: HtmlElement) -> Metadata:
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        key = (element.get("name") or element.get("property") or "").lower()
        meta.setdefault(key, one_line(element.get("content") or ""))
    page = one_line(root.findtext(".//head/title") or root.findtext(".//title") or "")
    tops = [one_line(h.text_content()) for h in root.iter("h1")]
    first = _ANCHOR_SIGN.sub("", tops[0]) if len(tops) == 1 else ""
    title = first if first and (not page or first.casefold() in page.casefold()) else page or first
    stamp = next(
        (meta[k] for k in ("article:modified_time", "date", "dcterms.date", "article:published_time") if meta.get(k)),
        "",
    )
    date = re.match(r"\d{4}-\d{2}-\d{2}", stamp)
    return Metadata(title=title, date=date.group() if date else "", owner=meta.get("author", ""))


@dataclass(slots=True)
class _List:
    """An open list: its group, nesting depth and numbering."""

    group: int
    depth: int
    ordered: bool
    number: int = 1
    step: int = 1
    style: str = "1"
    marker: str = ""


@dataclass(slots=True)
class _Reader:
    seen: Visibility
    out: Extraction = field(default_factory=Extraction)
    _inline: list[str] = field(default_factory=list)
    _lists: list[_List] = field(default_factory=list)
    _id: str = ""
    _id_start: int = 0

    def walk(self, element: HtmlElement) -> None:
        """Reads one element that is known to be visible, with what is in it but not its tail."""
        tag = str(element.tag)
        if tag not in _BLOCKS:
            self._inline_element(element, tag)
            return
        self._flush()
        self._note_id(element)
        if tag in _HEADINGS:
            self._heading(element, _HEADINGS[tag])
        elif tag in ("ul", "ol", "menu"):
            self._list(element, ordered=tag == "ol")
        elif tag in ("pre", "listing", "xmp"):
            self._code(element)
        elif tag == "table" and is_data_table(element):
            self._table(element)
        elif tag == "dl":
            self._definitions(element)
        else:
            self._children(element)
        self._flush()

    def finish(self) -> None:
        """Ends the last paragraph and the last anchored stretch."""
        self._flush()
        self._close_id(self.out.length)

    def _children(self, element: HtmlElement) -> None:
        self._inline.append(element.text or "")
        for child in element:
            if self.seen.shows(child):
                self.walk(child)
            self._inline.append(child.tail or "")

    def _inline_element(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self._inline.append("\v")
            return
        if tag == "a" and not self._inline and (element.get("id") or element.get("name")):
            self._note_id(element)
        self._children(element)

    def _text_of(self, element: HtmlElement, gap: str = " ") -> str:
        """The visible text in an element as it stands, blocks and lines within it set apart by the gap."""
        parts = [element.text or ""]
        for child in element:
            if child.tag == "br":
                parts.append(gap)
            elif self.seen.shows(child):
                edge = gap if child.tag in _BLOCKS else ""
                parts.extend((edge, self._text_of(child, gap), edge))
            parts.append(child.tail or "")
        return "".join(parts)

    def _flush(self) -> None:
        text = " ".join("".join(self._inline).replace("\v", " \v ").split(" "))
        self._inline.clear()
        lines = "\n".join(" ".join(line.split()) for line in re.split("\v", text))
        if not lines.strip():
            return
        self._add_text(lines)

    def _add_text(self, text: str) -> Block | None:
        if not self._lists:
            return self.out.paragraph(text)
        inner = self._lists[-1]
        marker, inner.marker = inner.marker, ""
        if marker:
            return self.out.item(text, marker, depth=inner.depth, group=inner.group)
        return self.out.paragraph(text, depth=inner.depth, group=inner.group)

    def _heading(self, element: HtmlElement, depth: int) -> None:
        title = _ANCHOR_SIGN.sub("", one_line(self._text_of(element)))
        inner = next((e for e in element.iter("a", "span") if e.get("id") or e.get("name")), None)
        if not element.get("id") and inner is not None:
            self._note_id(inner)
        if self._lists:
            self._add_text(title)
        else:
            self.out.heading(title, depth)

    def _list(self, element: HtmlElement, *, ordered: bool) -> None:
        outer = self._lists[-1] if self._lists else None
        if outer is not None and outer.marker:
            outer.marker = ""
        items = [c for c in element if c.tag == "li"]
        start = element.get("start") or ""
        falling = ordered and element.get("reversed") is not None
        here = _List(
            group=outer.group if outer else self.out.new_group(),
            depth=outer.depth + 1 if outer else 1,
            ordered=ordered,
            number=int(start) if re.fullmatch(r"-?\d{1,9}", start) else (len(items) if falling else 1),
            step=-1 if falling else 1,
            style=element.get("type") or "1",
        )
        self._lists.append(here)
        for child in element:
            if self.seen.shows(child):
                self._item(child, here) if child.tag == "li" else self.walk(child)
        self._lists.pop()

    def _item(self, element: HtmlElement, here: _List) -> None:
        value = element.get("value") or ""
        if re.fullmatch(r"-?\d{1,9}", value):
            here.number = int(value)
        here.marker = _marker(here)
        here.number += here.step
        self._note_id(element)
        self._children(element)
        self._flush()
        here.marker = ""

    def _definitions(self, element: HtmlElement) -> None:
        for child in element.iter("dt", "dd"):
            if self.seen.shows(child) and all(self.seen.shows(a) for a in child.iterancestors() if a is not element):
                self._note_id(child)
                self._children(child)
                self._flush()

    def _code(self, element: HtmlElement) -> None:
        places = [element, *element.iter("code"), *list(element.iterancestors())[:3]]
        found = (_LANGUAGE.search(" " + (e.get("class") or "")) or e.get("data-lang") for e in places)
        first = next((f for f in found if f), "")
        language = first if isinstance(first, str) else first.group(1)
        inner = self._lists[-1] if self._lists else None
        if inner is not None and inner.marker:
            inner.marker = ""
        depth, group = (inner.depth, inner.group) if inner else (0, -1)
        self.out.code(self._text_of(element, "\n"), language=language.lower(), depth=depth, group=group)

    def _table(self, element: HtmlElement) -> None:
        caption = element.find("caption")
        if caption is not None and self.seen.shows(caption):
            self.out.paragraph(one_line(self._text_of(caption)))
        group = self._lists[-1].group if self._lists else self.out.new_group()
        rows = table_rows(element, lambda cell: one_line(self._text_of(cell)) if self.seen.shows(cell) else "")
        for row in rows:
            self.out.row(row.cells, group=group, header=row.header)

    def _note_id(self, element: HtmlElement) -> None:
        name = element.get("id") or (element.get("name") if element.tag == "a" else "") or ""
        if name and name != self._id:
            self._close_id(self.out.length)
            self._id = name

    def _close_id(self, end: int) -> None:
        if self._id:
            self.out.anchor("element", self._id, self._id_start, end)
        self._id_start = end


def _marker(here: _List) -> str:
    if not here.ordered:
        return "-"
    number = here.number
    if here.style in ("a", "A") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return f"{letter.upper() if here.style == 'A' else letter}."
    if here.style in ("i", "I") and 0 < number < 4000:
        digits = _roman(number)
        return f"{digits.upper() if here.style == 'I' else digits}."
    return f"{number}."


def _roman(number: int) -> str:
    digits = ""
    for value, letters in _ROMAN:
        while number >= value:
            digits, number = digits + letters, number - value
    return digits
