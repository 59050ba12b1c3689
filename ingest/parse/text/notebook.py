"""Jupyter notebooks: the cells in order, markdown as Markdown, code as code, of outputs their plain text.

The canonical text is extracted: cells stand between blank lines, each under an anchor (`cell-3`, counted from 1 as
they stand in the file). Markdown cells keep their own text to the character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.documents import Anchor, Block, Parsed, Span
from corpus.errors import SourceError
from ingest.parse.metadata import describe
from ingest.parse.text.decode import decode
from ingest.parse.text.hidden import find_hidden, union
from ingest.parse.text.markdown import parse_text
from ingest.parse.text.settle import settle

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LONGEST_OUTPUT = 20_000
_GAP = "\n\n"


def parse(data: bytes, name: str) -> Parsed:
    """The document that a notebook is. Raises `SourceError` (`broken` where it is no notebook; `undecodable`)."""
    notebook = _load(decode(data, name), name)
    pages = _Pages(name, _language(notebook))
    for number, cell in enumerate(_cells(notebook, name), 1):
        pages.take(number, cell)
    text = "".join(pages.parts).rstrip("\n")
    hidden = union([*pages.hidden, *find_hidden(text, (), markup=False).spans])
    blocks = settle(text, pages.blocks, hidden)
    anchors = tuple(replace(a, end=min(a.end, len(text))) for a in pages.anchors if a.start < len(text))
    return Parsed(text, blocks, hidden, anchors, describe(text, blocks, {}, name), native=False)


@dataclass(slots=True)
class _Pages:
    """The text under construction, with blocks and anchors over it."""

    name: str
    language: str
    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    hidden: list[Span] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    _length: int = 0
    _groups: int = 0

    def take(self, number: int, cell: dict[str, object]) -> None:
        """Append one cell and its outputs."""
        begin, source = self._length, _joined(cell.get("source")).rstrip()
        if source and cell.get("cell_type") == "markdown":
            self._markdown(source)
        elif source:
            self._code(source, self.language if cell.get("cell_type") == "code" else "")
        for output in _outputs(cell):
            self._code(output, "output")
        if self._length > begin:
            self.anchors.append(Anchor("element", f"cell-{number}", begin, self._length - len(_GAP)))

    def _append(self, part: str) -> int:
        """Where the part begins in the text."""
        start = self._length
        self.parts.append(part + _GAP)
        self._length += len(part) + len(_GAP)
        return start

    def _code(self, source: str, label: str) -> None:
        at = self._append(source)
        self.blocks.append(Block("code", at, at + len(source), label=label))

    def _markdown(self, source: str) -> None:
        inner, at = parse_text(source, self.name), self._append(source)
        self.hidden += [Span(h.start + at, h.end + at) for h in inner.hidden]
        for block in inner.blocks:
            group = block.group + self._groups if block.group >= 0 else -1
            self.blocks.append(replace(block, start=block.start + at, end=block.end + at, group=group))
        self._groups += 1 + max((b.group for b in inner.blocks), default=-1)


def _load(text: str, name: str) -> dict[str, object]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(name, f"not valid JSON: {error}") from error
    if not isinstance(notebook, dict):
        raise _broken(name, "not a notebook")
    return notebook


def _cells(notebook: dict[str, object], name: str) -> Iterator[dict[str, object]]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise _broken(name, "a notebook without cells (older than format 4?)")
    return (cell for cell in cells if isinstance(cell, dict))


def _language(notebook: dict[str, object]) -> str:
    metadata = notebook.get("metadata")
    for key in ("language_info", "kernelspec"):
        info = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(info, dict) and isinstance(named := info.get("name") or info.get("language"), str):
            return "python" if named.startswith("python") else named
    return "python"


def _outputs(cell: dict[str, object]) -> Iterator[str]:
    """The plain text of a code cell's outputs, without colours; images and HTML are left out."""
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        data = output.get("data")
        plain = data.get("text/plain") if isinstance(data, dict) else output.get("text", output.get("traceback"))
        text = _COLOUR.sub("", _joined(plain)).strip("\r\n")[:_LONGEST_OUTPUT].rstrip()
        if text:
            yield text


def _joined(source: object) -> str:
    """A string, or a list of strings, as notebooks store lines."""
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _broken(name: str, why: str) -> SourceError:
    return SourceError(why, outcome="broken", item=name, next_step="Open it in Jupyter and save it again.")
