"""Diagrams as text (Mermaid, PlantUML, Graphviz): the source is the document, one code block a diagram.

A PlantUML file may hold several diagrams, each between `@startuml` and `@enduml`; its `title` is the document's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from corpus.documents import Block, Parsed
from ingest.parse.metadata import describe
from ingest.parse.text.decode import decode
from ingest.parse.text.front_matter import read_front_matter
from ingest.parse.text.hidden import find_hidden
from ingest.parse.text.settle import settle

_LABELS = {"mmd": "mermaid", "puml": "plantuml", "pu": "plantuml", "iuml": "plantuml", "wsd": "plantuml", "gv": "dot"}
_START = re.compile(r"^[ \t]*@start\w+", re.MULTILINE)
_TITLE = re.compile(r"^[ \t]*(?:title|accTitle:?)[ \t]+(?P<title>\S[^\r\n]{0,150})", re.MULTILINE)


def parse(data: bytes, name: str) -> Parsed:
    """The document that a diagram's source is. Raises `SourceError` (`undecodable`, `binary`)."""
    text = decode(data, name)
    extension = PurePosixPath(name).suffix[1:].lower()
    label = _LABELS.get(extension, extension)
    cuts = sorted({0, *(m.start() for m in _START.finditer(text)), len(text)})
    found = [Block("code", start, stop, label=label) for start, stop in pairwise(cuts)]
    hidden = find_hidden(text, (), markup=False).spans
    blocks = settle(text, found, hidden)
    meta = describe(text, (), read_front_matter(text).values, name)
    title = _TITLE.search(text)
    if title and not meta.title:
        meta = replace(meta, title=title["title"].strip())
    return Parsed(text, blocks, hidden, metadata=meta)
