"""Source code, scripts and infrastructure definitions: the text as it is, cut where a reader would cut it.

A block is one top-level unit: lines at the left margin that follow a blank line open a new one, so that a function
with its decorators and comments, a Terraform resource, or a group of shell commands stays whole. Lines that only
close a unit (`}`, `end`, `esac`) stay with it, and so does everything indented. Nothing is hidden but invisible
characters: comments and docstrings are what questions about code are answered from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from corpus.documents import Block, Parsed
from ingest.parse.metadata import describe
from ingest.parse.text.decode import decode
from ingest.parse.text.hidden import find_hidden
from ingest.parse.text.lines import measure
from ingest.parse.text.settle import settle

_LANGUAGES = {
    "py": "python",
    "pyi": "python",
    "sh": "bash",
    "zsh": "bash",
    "ksh": "bash",
    "rb": "ruby",
    "rs": "rust",
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "ts": "typescript",
    "tsx": "typescript",
    "kt": "kotlin",
    "kts": "kotlin",
    "tf": "terraform",
    "tfvars": "terraform",
    "ps1": "powershell",
    "cs": "csharp",
    "cc": "cpp",
    "hpp": "cpp",
    "h": "c",
    "proto": "protobuf",
    "gql": "graphql",
    "mk": "makefile",
    "pl": "perl",
}
_CLOSING = re.compile(r"[)\]}>]|(?:end|fi|esac|done|else|elif|except|finally|rescue|ensure|then|do)\b")


def parse(data: bytes, name: str) -> Parsed:
    """The document that a source file is. Raises `SourceError` (`undecodable`, `binary`)."""
    text = decode(data, name)
    hidden = find_hidden(text, (), markup=False).spans
    blocks = settle(text, list(_units(text, language(name))), hidden)
    return Parsed(text, blocks, hidden, metadata=describe(text, (), {}, name))


def language(name: str) -> str:
    """What the extension, or else the whole name, calls the language: `a.py` -> `python`, `Makefile` -> `makefile`."""
    path = PurePosixPath(name)
    extension = path.suffix[1:].lower()
    return _LANGUAGES.get(extension, extension) or path.name.lower()


def _units(text: str, label: str) -> Iterator[Block]:
    """One block a top-level unit."""
    start = end = -1
    gap = True
    for line in measure(text):
        if line.blank:
            gap = True
            continue
        if start < 0 or (gap and not line.indent and not _CLOSING.match(line.words)):
            if start >= 0:
                yield Block("code", start, end, label=label)
            start = line.start
        end, gap = line.end, False
    if start >= 0:
        yield Block("code", start, end, label=label)
