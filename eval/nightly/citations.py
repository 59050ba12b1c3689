"""Citation drift: do the citations of saved answers still stand in today's documents?

A citation holds where its document has the same revision or the quote stands at the same offsets; it has moved where
the quote stands elsewhere in the document; it changed where it stands nowhere in it; it is gone with its document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from corpus.citations import Citation
from corpus.errors import NotFound
from eval.running.trace import fold
from ingest.store.store import Store

Fate = Literal["holds", "moved", "changed", "gone"]
FATES: tuple[Fate, ...] = ("holds", "moved", "changed", "gone")


def fate(citation: Citation, store: Store) -> Fate:
    """What became of one citation."""
    try:
        today = store.read(citation.document)
    except NotFound:
        return "gone"
    if today.revision == citation.revision or today.text[citation.start : citation.end] == citation.quote:
        return "holds"
    return "moved" if fold(citation.quote) in fold(today.text) else "changed"


def fates(citations: Iterable[Citation], store: Store) -> dict[Fate, int]:
    """How many of distinct citations had which fate."""
    distinct = {(c.document, c.revision, c.start, c.end): c for c in citations}
    counts = Counter(fate(citation, store) for citation in distinct.values())
    return {name: counts[name] for name in FATES}
