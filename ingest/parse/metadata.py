"""What a document says of itself (first version: title)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.documents import Block, Metadata
from corpus.outline import heading_title


def describe(text: str, blocks: Sequence[Block], front: Mapping[str, object], name: str) -> Metadata:
    """Metadata of one document."""
    title = str(front.get("title") or "")
    if not title:
        title = next((heading_title(text[b.start : b.end]) for b in blocks if b.kind == "heading"), "")
    return Metadata(title=title)
