"""How a passage lies in a vector store: one packed string, and beside it the few fields that filters read.

A packed passage is `CRC32 " " JSON`, the JSON being the array of the passage's fields in their order. One string is
quicker to move out of a store than sixteen fields, and the checksum makes a damaged page an error, not a wrong quote.
The embedded and the remote store share this layout, so that either can be rebuilt from the same points.
"""

from __future__ import annotations

import json
from dataclasses import fields
from operator import attrgetter
from typing import Any
from zlib import crc32

from corpus.errors import IndexFailure
from corpus.passages import Passage
from corpus.remembered import remembered

DENSE = "dense"
SPARSE = "sparse"
PASSAGE = "passage"
FILTERED = ("access", "source", "kind", "document")
"""Payload fields with a keyword index."""

_READ = json.JSONDecoder().raw_decode
_NAMES = tuple(f.name for f in fields(Passage))
_VALUES = attrgetter(*_NAMES)
_SECTION, _ACCESS = _NAMES.index("section"), _NAMES.index("access")


def pack(passage: Passage) -> dict[str, Any]:
    """The payload of a passage."""
    values = _VALUES(passage)
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    if not _is_utf8(body):
        body = json.dumps(values, separators=(",", ":"))
    return {
        "access": list(passage.access),
        "source": passage.source,
        "kind": passage.kind,
        "document": passage.document,
        PASSAGE: f"{crc32(body.encode()):08x} {body}",
    }


@remembered(2048)
def unpack(packed: object) -> Passage:
    """The passage of a packed string. Raises `IndexFailure` where it was not packed by `pack`, or was damaged since."""
    if not isinstance(packed, str) or packed[:9] != f"{crc32(packed[9:].encode()):08x} ":
        raise IndexFailure("a stored passage is damaged", next_step="Run aether doctor, which rebuilds the index")
    values, _ = _READ(packed, 9)
    values[_SECTION] = tuple(values[_SECTION])
    values[_ACCESS] = tuple(values[_ACCESS])
    return Passage(*values)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
