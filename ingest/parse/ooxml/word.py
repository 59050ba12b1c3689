"""DOCX: unstructured's elements of the plain package, as text with blocks.

Headings, list items with their computed numbers, and paragraphs come from unstructured; tables from its HTML; listings
from the mark that `word_package` left. Running headers and footers are not part of the text. Each heading begins a
stretch that is tied to the heading's slug.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

from lxml.html import fragment_fromstring

from corpus.documents import Metadata
from ingest.parse.extracted.extraction import Extraction, one_line
from ingest.parse.extracted.table import header_first, table_rows
from ingest.parse.ooxml.unstructured_offline import WordElement, word_elements
from ingest.parse.ooxml.word_package import CODE, TEXT, plain_package


def read_word(data: bytes) -> tuple[Extraction, Metadata]:
    """The text, blocks and metadata of a DOCX file; vendor errors come out as they are."""
    import docx

    plain = plain_package(data)
    reader = _Reader()
    elements = word_elements(plain)
    for element, in_list in zip(elements, _in_lists(elements), strict=True):
        reader.read(element, in_list=in_list)
    reader.finish()
    properties = docx.Document(io.BytesIO(plain)).core_properties
    changed = properties.modified or properties.created
    return reader.out, Metadata(
        title=one_line(properties.title or "") if _is_title(properties.title or "") else "",
        date=changed.date().isoformat() if changed else "",
        owner=one_line(properties.author or ""),
    )


def _is_title(title: str) -> bool:
    return not re.match(
        r"(microsoft word|document\d*$|untitled|word document|powerpoint|presentation\d*$)", title, re.I
    )


def _in_lists(elements: list[WordElement]) -> list[bool]:
    """Which elements are list items or stand between two items of one list, the second going on with its numbers."""
    inside = [e.category == "ListItem" for e in elements]
    last = -1
    for at, element in enumerate(elements):
        if element.category in ("Title", "Table"):
            last = -1
        elif element.category == "ListItem":
            number = re.search(r"(\d+)\D*$", element.text.partition(TEXT)[0])
            if last >= 0 and number and int(number[1]) > 1:
                inside[last:at] = [True] * (at - last)
            last = at
    return inside


@dataclass(slots=True)
class _Reader:
    out: Extraction = field(default_factory=Extraction)
    _listing: list[str] = field(default_factory=list)
    _group: int = -1
    _depth: int = 0
    _slugs: dict[str, int] = field(default_factory=dict)
    _slug: str = ""
    _slug_start: int = 0

    def read(self, element: WordElement, *, in_list: bool) -> None:
        """Adds one element."""
        label, _, text = element.text.rpartition(TEXT)
        if not in_list and self._group >= 0:
            self._end_listing()
            self._group, self._depth = -1, 0
        if element.text.startswith(CODE):
            self._listing.append(element.text[len(CODE) :])
            return
        self._end_listing()
        if element.category in ("Header", "Footer", "PageBreak"):
            return
        if element.category == "Title":
            self._heading(f"{label.strip()} {text}", element.depth + 1)
        elif element.category == "ListItem":
            self._item(text, label.strip(), element.depth + 1)
        elif element.category == "Table":
            self._table(element)
        else:
            self.out.paragraph(f"{label.strip()} {text}", depth=self._depth, group=self._group)

    def finish(self) -> None:
        """Ends the last listing and the last anchored stretch."""
        self._end_listing()
        self._close_anchor()

    def _heading(self, title: str, depth: int) -> None:
        self._close_anchor()
        slug = re.sub(r"[^\w]+", "-", title.casefold()).strip("-")
        seen = self._slugs[slug] = self._slugs.get(slug, 0) + 1
        self._slug = f"{slug}-{seen}" if seen > 1 else slug
        self.out.heading(title, depth)

    def _item(self, text: str, label: str, depth: int) -> None:
        if self._group < 0:
            self._group = self.out.new_group()
        self._depth = max(1, min(depth, 9))
        self.out.item(text, label or "-", depth=self._depth, group=self._group)

    def _table(self, element: WordElement) -> None:
        if not element.html:
            self.out.paragraph(element.text)
            return
        rows = table_rows(fragment_fromstring(element.html), lambda cell: one_line(" ".join(cell.itertext())))
        group = self.out.new_group()
        for row in header_first(rows):
            self.out.row(row.cells, group=group, header=row.header)

    def _end_listing(self) -> None:
        if self._listing:
            self.out.code("\n".join(self._listing), depth=self._depth, group=self._group)
            self._listing.clear()

    def _close_anchor(self) -> None:
        if self._slug:
            self.out.anchor("element", self._slug, self._slug_start, self.out.length)
        self._slug_start = self.out.length
