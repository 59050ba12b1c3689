"""Charts and SmartArt of a Word file written out after the paragraph that holds them, as a table or as paragraphs."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from lxml import etree

from ingest.parse.ooxml.graphics import CHART, DIAGRAM, chart_rows, chart_title, diagram_texts

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def write_out_graphics(document: etree._Element, parts: Mapping[str, bytes], main: str) -> None:
    """Adds the words of every chart and SmartArt graphic to the body; `main` is the name of the document's part."""
    targets = _related_parts(parts, main)
    drawn = [(e, e.get(f"{_R}id")) for e in document.iter(f"{CHART}chart")]
    drawn += [(e, e.get(f"{_R}dm")) for e in document.iter(f"{DIAGRAM}relIds")]
    for element, relation in drawn:
        part = parts.get(targets.get(relation or "", ""))
        host = next((a for a in element.iterancestors(f"{_W}p")), None)
        if part is None or host is None:
            continue
        for block in reversed(_blocks(element, etree.fromstring(part))):
            host.addnext(block)


def _related_parts(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """Names of the parts that a part refers to, by relation id."""
    folder, file = posixpath.split(name)
    relations = parts.get(posixpath.join(folder, "_rels", f"{file}.rels"))
    if relations is None:
        return {}
    found = {}
    for relation in etree.fromstring(relations):
        target = posixpath.join("/" + folder, relation.get("Target") or "")
        found[relation.get("Id") or ""] = posixpath.normpath(target).lstrip("/")
    return found


def _blocks(element: etree._Element, part: etree._Element) -> list[etree._Element]:
    if element.tag == f"{DIAGRAM}relIds":
        return [_paragraph(text) for text in diagram_texts(part)]
    title, rows = chart_title(part), chart_rows(part)
    return ([_paragraph(title)] if title else []) + ([_table(rows)] if rows else [])


def _table(rows: Sequence[Sequence[str]]) -> etree._Element:
    table = etree.Element(f"{_W}tbl")
    etree.SubElement(table, f"{_W}tblPr")
    grid = etree.SubElement(table, f"{_W}tblGrid")
    for _ in rows[0]:
        etree.SubElement(grid, f"{_W}gridCol")
    for row in rows:
        line = etree.SubElement(table, f"{_W}tr")
        for cell in row:
            etree.SubElement(line, f"{_W}tc").append(_paragraph(cell))
    return table


def _paragraph(text: str) -> etree._Element:
    paragraph = etree.Element(f"{_W}p")
    run = etree.SubElement(paragraph, f"{_W}r")
    etree.SubElement(run, f"{_W}t").text = text
    return paragraph
