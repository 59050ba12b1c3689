"""How values lie in the store: text and structure compressed, vectors as float32, sets as sorted JSON lists."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib
from array import array
from collections.abc import Sequence
from typing import Any

from corpus.documents import Anchor, Block, Metadata, Parsed, Span

_LEVEL = 4


def pack_text(text: str) -> bytes:
    """Compressed UTF-8; lone surrogates survive."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def unpack_text(blob: bytes) -> str:
    """Inverse of `pack_text`."""
    return zlib.decompress(blob).decode("utf-8", "surrogatepass")


def pack_structure(parsed: Parsed) -> bytes:
    """Everything of a `Parsed` but its text, as compressed JSON of plain lists."""
    structure = {
        "blocks": [[b.kind, b.start, b.end, b.depth, b.group, b.label] for b in parsed.blocks],
        "hidden": [[s.start, s.end] for s in parsed.hidden],
        "anchors": [[a.kind, a.label, a.start, a.end, a.box] for a in parsed.anchors],
        "metadata": dataclasses.asdict(parsed.metadata),
        "native": parsed.native,
    }
    return zlib.compress(json.dumps(structure, separators=(",", ":")).encode("ascii"), _LEVEL)


def unpack_structure(text: str, blob: bytes) -> Parsed:
    """Inverse of `pack_structure`, given the text."""
    structure = json.loads(zlib.decompress(blob))
    return Parsed(
        text=text,
        blocks=tuple(Block(*row) for row in structure["blocks"]),
        hidden=tuple(Span(*row) for row in structure["hidden"]),
        anchors=tuple(
            Anchor(kind, label, start, end, (box[0], box[1], box[2], box[3]) if box else None)
            for kind, label, start, end, box in structure["anchors"]
        ),
        metadata=unpack_metadata(structure["metadata"]),
        native=structure["native"],
    )


def pack_metadata(metadata: Metadata) -> str:
    """Metadata as JSON."""
    return json.dumps(dataclasses.asdict(metadata), separators=(",", ":"))


def unpack_metadata(values: dict[str, Any]) -> Metadata:
    """Metadata from the object that JSON gives back: its lists are tuples again."""
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Metadata(**plain)


def pack_names(names: Sequence[str] | frozenset[str]) -> str:
    """A set of names as a sorted JSON list."""
    return json.dumps(sorted(names), separators=(",", ":"))


def pack_path(path: Sequence[str]) -> str:
    """An ordered list of names as JSON."""
    return json.dumps(list(path), separators=(",", ":"))


def unpack_path(text: str) -> tuple[str, ...]:
    """Inverse of `pack_path` and `pack_names`."""
    return tuple(json.loads(text))


def pack_vector(vector: Sequence[float]) -> bytes:
    """float32, little endian on every machine that runs us."""
    return array("f", vector).tobytes()


def unpack_vector(blob: bytes) -> tuple[float, ...]:
    """Inverse of `pack_vector`."""
    return tuple(array("f", blob))


def digest_of(indexed_text: str) -> bytes:
    """What identical texts share: SHA-256 of what the encoders see."""
    return hashlib.sha256(indexed_text.encode("utf-8", "surrogatepass")).digest()
