"""What can be said of a case before it is asked: where its gold stands, and whether a quote stands where it says."""

from __future__ import annotations

from functools import lru_cache

from corpus.citations import Citation
from corpus.errors import NotFound
from corpus.passages import Passage
from eval.running.record import Trace
from eval.suites.case import Case, Gold
from ingest.store.store import Store


def fold(text: str) -> str:
    """The text with white space folded."""
    return " ".join(text.split())


class Tracer:
    """Looks up gold and quotes in one store, remembering the documents it read last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._visible = lru_cache(maxsize=64)(self._read_visible)
        self._passages = lru_cache(maxsize=64)(self._read_passages)

    def traces(self, case: Case) -> tuple[Trace, ...]:
        """What became of each gold quote."""
        return tuple(self._trace(gold) for gold in case.gold)

    def stands(self, citation: Citation) -> bool:
        """Whether the quote stands at its offsets in its revision."""
        try:
            document = self._store.read(citation.document, citation.revision)
        except NotFound:
            return False
        return document.text[citation.start : citation.end] == citation.quote

    def _trace(self, gold: Gold) -> Trace:
        try:
            revision, text = self._visible(gold.document)
        except NotFound:
            return Trace(document=gold.document, present=False, parsed=False, whole=False)
        quote = fold(gold.quote)
        whole = not quote or any(quote in fold(passage.text) for passage in self._passages(gold.document))
        return Trace(document=gold.document, present=True, parsed=quote in text, whole=whole, revision=revision)

    def _read_visible(self, document: str) -> tuple[str, str]:
        read = self._store.read(document)
        return read.revision, fold(read.visible(0, len(read.text)))

    def _read_passages(self, document: str) -> list[Passage]:
        return self._store.passages.of(document)
