"""Plain text: paragraphs between blank lines."""

from __future__ import annotations

import re

from corpus.documents import Block, Parsed
from ingest.parse.decode import decode
from ingest.parse.hidden import find_hidden
from ingest.parse.metadata import describe
from ingest.parse.settle import settle


def parse(data: bytes, name: str) -> Parsed:
    """The document that a plain text file is. Raises `SourceError` (`undecodable`, `binary`)."""
    text = decode(data, name)
    blocks = [Block("paragraph", *m.span()) for m in re.finditer(r"\S(?:.|\n(?![ \t\r]*\n))*", text)]
    hidden = find_hidden(text, (), markup=False).spans
    settled = settle(text, blocks, hidden)
    return Parsed(text, settled, hidden, metadata=describe(text, settled, {}, name))
