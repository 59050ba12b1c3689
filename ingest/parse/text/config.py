"""Configuration (YAML, JSON, TOML, INI, properties): a block a top-level key, as the file has it.

YAML documents (`---`) begin new blocks. Comments directly above a key stay with it. Of an OpenAPI description every
operation becomes a section: the line of its path is a heading of the first level, the line of its method one of the
second, so that a question finds `paths > /orders > post` and a citation points at the lines that define it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from corpus.documents import Block, Parsed
from ingest.parse.metadata import describe
from ingest.parse.text.decode import decode
from ingest.parse.text.front_matter import read_yaml_mapping
from ingest.parse.text.hidden import find_hidden
from ingest.parse.text.lines import Line, measure
from ingest.parse.text.settle import settle

_LABELS = {"yml": "yaml", "jsonc": "json", "json5": "json", "cfg": "ini", "conf": "ini", "tfvars": "terraform"}
_OPENAPI = re.compile(r"^\s*[\"']?(?:openapi|swagger)[\"']?\s*:\s*[\"']?\d", re.MULTILINE)
_KEY = re.compile(
    r"""(?:"(?P<double>[^"\r\n]+)"|'(?P<single>[^'\r\n]+)'|(?P<bare>[^\s"'#\-{}\[\]][^#\r\n]*?))\s*:(?=\s|$)"""
)
_VALUE = re.compile(r"\s*:\s*[^\s{]")
_TITLE = re.compile(r"^\s+[\"']?title[\"']?\s*:\s*[\"']?(?P<title>[^\r\n\"']{1,150})", re.MULTILINE)
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_TABLE = re.compile(r"\[{1,2}[^\]\r\n]+\]{1,2}\s*(?:[#;].*)?$")
_HEADED = 16 * 1024


def parse(data: bytes, name: str) -> Parsed:
    """The document that a configuration file is. Raises `SourceError` (`undecodable`, `binary`)."""
    text = decode(data, name)
    extension = PurePosixPath(name).suffix[1:].lower()
    label = _LABELS.get(extension, extension)
    lines = [line for line in measure(text) if not line.blank]
    if label in ("yaml", "json") and _OPENAPI.search(text[:4096]):
        found = list(_operations(lines, label))
        title = _TITLE.search(text[:_HEADED])
        said: Mapping[str, object] = {"title": title["title"].strip()} if title else {}
    else:
        found, said = list(_entries(lines, label)), _said(text, label)
    hidden = find_hidden(text, (), markup=False).spans
    return Parsed(text, settle(text, found, hidden), hidden, metadata=describe(text, (), said, name))


def _said(text: str, label: str) -> Mapping[str, object]:
    """Of an enhancement's `kep.yaml`, and of any YAML with both a title and a status, its keys; else nothing."""
    if label != "yaml" or not re.search(r"^title\s*:", text[:_HEADED], re.MULTILINE):
        return {}
    values = {str(k).lower(): v for k, v in (read_yaml_mapping(text[:_HEADED]) or {}).items()}
    return {k: v for k, v in values.items() if k != "access"} if {"title", "status"} <= values.keys() else {}


def _entries(lines: list[Line], label: str) -> Iterator[Block]:
    """A block a top-level key, section, document, or entry of a sequence; remarks above one belong to it."""
    margin = _margin(lines, label)
    sequence = next((line.words for line in lines if not line.words.startswith(("#", "---"))), "").startswith("- ")
    start, remark, end = -1, -1, 0
    for line in lines:
        if line.words.startswith(("#", "//", ";")) and line.indent <= margin:
            remark = line.start if remark < 0 else remark
            if start < 0:
                end = line.end
            continue
        if start >= 0 and line.indent <= margin and _opens(line.words, label, sequence=sequence):
            yield Block("code", start, end, label=label)
            start = -1
        if start < 0:
            start = remark if remark >= 0 else line.start
        remark, end = -1, line.end
    if start >= 0 or remark >= 0:
        yield Block("code", start if start >= 0 else remark, max(end, lines[-1].end), label=label)


def _margin(lines: list[Line], label: str) -> int:
    """The column where top-level keys stand: 0, or in JSON that of the first key."""
    if label != "json":
        return 0
    return next((line.indent for line in lines if line.words.startswith('"')), 0)


def _opens(words: str, label: str, *, sequence: bool) -> bool:
    if label == "toml":
        return _TABLE.match(words) is not None
    if label == "ini":
        return words.startswith("[")
    if label == "json":
        return words.startswith('"')
    if sequence and words.startswith("- "):
        return True
    return not words.startswith(("-", "]", "}", ")", "...")) or words.startswith("---")


def _operations(lines: list[Line], label: str) -> Iterator[Block]:
    """An OpenAPI description: headings for sections, paths and methods; code between them."""
    margin = _margin(lines, label)
    start, end = -1, 0
    section, path_indent = "", -1
    for line in lines:
        key, level = _KEY.match(line.words), 0
        name = key[key.lastgroup or 0] if key else ""
        if key and line.indent <= margin and not _VALUE.match(line.words, key.end() - 1):
            section, path_indent, level = name, -1, 1
        elif key and section == "paths" and (path_indent < 0 or line.indent == path_indent):
            path_indent, level = line.indent, 2
        elif section == "paths" and name.lower() in _METHODS and line.indent <= path_indent + 4:
            level = 3
        if key and level:
            if start >= 0:
                yield Block("code", start, end, label=label)
            start, bare = -1, key.end("bare") >= 0
            yield Block("heading", line.begin, line.begin + key.end("bare") if bare else line.end, level)
            continue
        start, end = (line.start if start < 0 else start), line.end
    if start >= 0:
        yield Block("code", start, end, label=label)
