"""What a reader has to know of a cited source, in one line: kind, status, tier, date, what took its place."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.citations import Citation


def label(citation: Citation) -> str:
    """The line, its parts between commas."""
    return ", ".join(part for part in _parts(citation) if part)


def _parts(citation: Citation) -> Iterator[str]:
    successors = [name for name in citation.superseded_by if name not in citation.status]
    yield from (citation.kind, citation.status, citation.tier, citation.modified_at[:10])
    if successors:
        yield f"superseded by {' and '.join(successors)}"
