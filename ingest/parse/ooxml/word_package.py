"""A Word file made plain before it is read.

Word keeps in the body what a reader does not see and hides away what he does. This rewrites the body so that reading
its paragraphs and tables in order gives what is on the page: tracked deletions, hidden and white text, the contents
list and page-break hints go; insertions, content controls and fields stay as plain text; text boxes follow their
paragraph; footnotes follow the body; equations become a line of text, charts tables, SmartArt paragraphs; headings
recognised only by outline level get a heading style. Paragraphs begin with a mark, `TEXT` or `CODE` (listings), so that
a computed number, which unstructured puts before the text, can be told from the text. Strict Open XML is renamed to the
transitional one.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping

from lxml import etree

from ingest.parse.ooxml.word_graphics import write_out_graphics

CODE = "\ue0c0"
TEXT = "\ue0c1"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_NS = {"w": _W, "m": _M, "mc": _MC}
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _M.encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
        b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
    ),
)
_WHITE = (
    "//w:r[w:rPr[w:color/@w:val='FFFFFF' and not(w:shd) and not(w:highlight)]"
    "[not(ancestor::w:tc) and not(ancestor::w:txbxContent) and not(ancestor::w:p/w:pPr/w:shd)]]"
)
_CODE_STYLE = re.compile(
    r"^(source ?code|code( block)?|html preformatted|preformatted( text)?|macro text|verbatim)\b", re.I
)
_MONO = re.compile(r"consolas|courier|menlo|monaco|mono\b|monospace|fixed|source code|inconsolata|lucida console", re.I)
_CODE_SIGN = re.compile(r"[{}();=<>\[\]$#|\\/_]|--|::|^\s{2,}\S")


def plain_package(data: bytes) -> bytes:
    """The DOCX file rewritten as above. Raises `etree.XMLSyntaxError`, `KeyError` and `zipfile` errors as they come."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in parts:
        if name.endswith((".xml", ".rels")) and b"purl.oclc.org/ooxml" in parts[name]:
            for strict, transitional in _STRICT:
                parts[name] = parts[name].replace(strict, transitional)
    main = _main_part(parts)
    folder = main.rpartition("/")[0]
    styles = _tree(parts, f"{folder}/styles.xml")
    body = etree.fromstring(parts[main])
    notes = [tree for p in ("footnotes", "endnotes") if (tree := _tree(parts, f"{folder}/{p}.xml")) is not None]
    names = _style_names(styles)
    _drop_hidden_styles(body, styles)
    write_out_graphics(body, parts, main)
    _make_plain(body, notes, names)
    parts[main] = etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True)
    if styles is not None:
        parts[f"{folder}/styles.xml"] = etree.tostring(styles, xml_declaration=True, encoding="UTF-8", standalone=True)
    rewritten = io.BytesIO()
    with zipfile.ZipFile(rewritten, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return rewritten.getvalue()


def _main_part(parts: Mapping[str, bytes]) -> str:
    for relation in etree.fromstring(parts["_rels/.rels"]):
        if (relation.get("Type") or "").endswith("/relationships/officeDocument"):
            return posixpath.normpath("/" + (relation.get("Target") or "")).lstrip("/")
    return "word/document.xml"


def _tree(parts: Mapping[str, bytes], name: str) -> etree._Element | None:
    return etree.fromstring(parts[name]) if name in parts else None


def _make_plain(document: etree._Element, notes: list[etree._Element], names: dict[str, str]) -> None:
    _drop(document, "//mc:AlternateContent[mc:Choice]/mc:Fallback")
    _drop(document, "//w:del | //w:moveFrom | //w:lastRenderedPageBreak | //w:instrText | //w:commentReference")
    _drop(document, "//w:r[w:rPr/w:vanish[not(@w:val='0' or @w:val='false')]]")
    _drop(document, "//w:r[w:rPr/w:sz[number(@w:val) <= 3]]")
    _drop(document, _WHITE)
    _drop(document, "//w:sdt[w:sdtPr/w:docPartObj/w:docPartGallery/@w:val='Table of Contents']")
    _unwrap(document, "//w:ins | //w:moveTo | //w:smartTag | //w:customXml | //w:fldSimple | //w:sdtContent | //w:sdt")
    for formula in document.xpath("//m:oMath", namespaces=_NS):
        _replace_with_run(formula, _linear(formula))
    _number_notes(document, notes)
    for paragraph in document.xpath("//w:p", namespaces=_NS):
        style = names.get(_value(paragraph, "./w:pPr/w:pStyle"), "")
        if re.match(r"(toc \d|table of figures)", style, re.I):
            paragraph.getparent().remove(paragraph)
        else:
            _mark(paragraph, style)
    _lift_text_boxes(document)


def _style_names(styles: etree._Element | None) -> dict[str, str]:
    """Paragraph style names by id; a style that is a heading only by descent or outline level is renamed to one."""
    if styles is None:
        return {}
    by_id = {s.get(f"{{{_W}}}styleId"): s for s in styles.iter(f"{{{_W}}}style")}
    names: dict[str, str] = {}
    for style_id, style in by_id.items():
        name = _value(style, "./w:name")
        if style.get(f"{{{_W}}}type") == "paragraph" and not re.match(r"(heading \d|title|subtitle|toc)", name, re.I):
            level = _heading_level(style, by_id)
            if level:
                name = f"heading {level}"
                style.find("w:name", _NS).set(f"{{{_W}}}val", name)
        names[style_id] = name
    return names


def _drop_hidden_styles(document: etree._Element, styles: etree._Element | None) -> None:
    """Removes runs and paragraphs whose own style hides its text."""
    if styles is None:
        return
    hiding = styles.xpath("//w:style[w:rPr/w:vanish[not(@w:val='0' or @w:val='false')]]/@w:styleId", namespaces=_NS)
    for style in hiding:
        for mark in ("w:r[w:rPr/w:rStyle", "w:p[w:pPr/w:pStyle"):
            for element in document.xpath(f"//{mark}/@w:val=$style]", namespaces=_NS, style=style):
                element.getparent().remove(element)


def _heading_level(style: etree._Element, by_id: dict[str, etree._Element]) -> int:
    seen: set[int] = set()
    at: etree._Element | None = style
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        outline = _value(at, "./w:pPr/w:outlineLvl")
        if outline.isdigit():
            return int(outline) + 1 if int(outline) < 6 else 0
        named = re.match(r"heading (\d)", _value(at, "./w:name"), re.I)
        if named:
            return int(named[1])
        at = by_id.get(_value(at, "./w:basedOn"))
    return 0


def _is_code(paragraph: etree._Element, style: str) -> bool:
    text = "".join(paragraph.itertext(f"{{{_W}}}t"))
    if not text.strip() or re.match(r"(heading|title)", style, re.I):
        return False
    if _CODE_STYLE.match(style):
        return True
    return _is_mono(paragraph) and bool(_CODE_SIGN.search(text))


def _is_mono(paragraph: etree._Element) -> bool:
    runs = [r for r in paragraph.iterfind("w:r", _NS) if "".join(r.itertext(f"{{{_W}}}t")).strip()]
    return bool(runs) and all(_MONO.search(_value(r, "./w:rPr/w:rFonts", "ascii")) for r in runs)


def _is_listing(before: etree._Element | None) -> bool:
    return before is not None and "".join(before.itertext(f"{{{_W}}}t")).startswith(CODE)


def _mark(paragraph: etree._Element, style: str) -> None:
    first = "".join(paragraph.itertext(f"{{{_W}}}t")).lstrip()[:1]
    code = _is_code(paragraph, style) or (_is_mono(paragraph) and _is_listing(paragraph.getprevious()))
    typed_bullet = not code and not (first.isalnum() or first in "\"'“‘([{<")
    if not first or typed_bullet or paragraph.xpath("ancestor::w:tc", namespaces=_NS):
        return
    properties = paragraph.find("w:pPr", _NS)
    mark = _run(CODE if code else TEXT)
    properties.addnext(mark) if properties is not None else paragraph.insert(0, mark)


def _number_notes(document: etree._Element, notes: list[etree._Element]) -> None:
    """Puts `[1]` where a note is referred to, and the notes in that order after the body."""
    texts = {}
    for part in notes:
        kind = "footnote" if part.tag.endswith("footnotes") else "endnote"
        for note in part.iterfind(f"w:{kind}", _NS):
            texts[kind, note.get(f"{{{_W}}}id")] = " ".join("".join(note.itertext(f"{{{_W}}}t")).split())
    body = document.find("w:body", _NS)
    number = 0
    for reference in document.xpath("//w:footnoteReference | //w:endnoteReference", namespaces=_NS):
        kind = "endnote" if reference.tag.endswith("endnoteReference") else "footnote"
        text = texts.get((kind, reference.get(f"{{{_W}}}id")), "")
        if text and body is not None:
            number += 1
            reference.addprevious(_text(f"[{number}]"))
            paragraph = etree.Element(f"{{{_W}}}p")
            paragraph.append(_run(f"[{number}] {text}"))
            last = body.find("w:sectPr", _NS)
            last.addprevious(paragraph) if last is not None else body.append(paragraph)


def _lift_text_boxes(document: etree._Element) -> None:
    for box in document.xpath("//w:txbxContent", namespaces=_NS):
        hosts = box.xpath("ancestor::w:p", namespaces=_NS)
        after = hosts[0] if hosts else None
        for block in list(box):
            if after is not None and block.tag in (f"{{{_W}}}p", f"{{{_W}}}tbl"):
                after.addnext(block)
                after = block


def _linear(formula: etree._Element) -> str:
    tag = etree.QName(formula).localname
    if tag == "t":
        return formula.text or ""
    parts = {etree.QName(c).localname: _linear(c) for c in formula if isinstance(c.tag, str)}
    if tag == "f":
        return f"({parts.get('num', '')})/({parts.get('den', '')})"
    if tag in ("sSup", "sSub", "sSubSup"):
        low = f"_{parts['sub']}" if parts.get("sub") else ""
        return parts.get("e", "") + low + (f"^{parts['sup']}" if parts.get("sup") else "")
    return "".join(_linear(c) for c in formula if isinstance(c.tag, str))


def _drop(root: etree._Element, path: str) -> None:
    for element in root.xpath(path, namespaces=_NS):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _unwrap(root: etree._Element, path: str) -> None:
    for element in root.xpath(path, namespaces=_NS):
        parent = element.getparent()
        if parent is not None:
            for child in list(element):
                if not str(child.tag).endswith("Pr"):
                    element.addprevious(child)
            parent.remove(element)


def _replace_with_run(element: etree._Element, text: str) -> None:
    host = element
    while host.getparent() is not None and host.getparent().tag != f"{{{_W}}}p":
        host = host.getparent()
    host.addprevious(_run(f" {text} "))
    element.getparent().remove(element)


def _run(text: str) -> etree._Element:
    run = etree.Element(f"{{{_W}}}r")
    run.append(_text(text))
    return run


def _text(text: str) -> etree._Element:
    element = etree.Element(f"{{{_W}}}t")
    element.text = text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def _value(element: etree._Element, path: str, attribute: str = "val") -> str:
    found = element.find(path, _NS)
    return "" if found is None else found.get(f"{{{_W}}}{attribute}") or ""
