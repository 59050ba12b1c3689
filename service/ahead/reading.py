"""While nobody asks, the vectors of the sentences that answers may be made from are computed, and kept.

An answer compares its question with each sentence of the best passages, and the vectors of those are most of what a
question costs whose passages nobody asked for before. So a service reads ahead: every document at its revision of
today, at the lowest priority, one sentence at a time, and only after a while without work. It begins again when the
database has changed. What goes wrong ends the reading and nothing else: answers do without.
"""

from __future__ import annotations

import logging
import threading
from array import array

from corpus.documents import Span
from corpus.errors import AetherError, NotFound
from ingest.store.store import FILE, Store
from retrieval.encode.recent import name_of
from service.ahead.priority import step_back
from service.answering.rank import embedded_texts
from service.wiring import Wiring

_LOG = logging.getLogger("aether")
_LOWEST = 19
_LOOK_SECONDS = 0.5


class ReadingAhead:
    """A thread over what is wired, which holds its index. `quiet`: seconds without work before it reads on."""

    def __init__(self, wiring: Wiring, *, quiet: float = 2.0) -> None:
        self._wiring = wiring
        self._quiet = quiet
        self._stopped = threading.Event()
        self._halt = threading.Event()
        self._reading = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)

    def start(self) -> None:
        """Begin, where the settings want it."""
        if self._wiring.held and self._wiring.settings.read_ahead:
            self._thread.start()

    def stop(self) -> None:
        """End, and let the file go."""
        self._stopped.set()
        self._halt.set()
        if self._thread.ident is not None:
            self._thread.join()
            self._wiring.sentences.close()

    def forget(self) -> None:
        """Hold nothing of the text that is just read."""
        self._halt.set()
        with self._reading:
            if not self._stopped.is_set():
                self._halt.clear()

    def _run(self) -> None:
        step_back(_LOWEST)
        try:
            while self._may_go_on():
                if (self._wiring.settings.store / FILE).exists():
                    with self._wiring.store() as store:
                        self._keep_up(store)
        except AetherError as error:
            _LOG.warning("sentences are not read ahead any more: %s", error)

    def _keep_up(self, store: Store) -> None:
        """All that is new, whenever the database has changed. Raises `StoreError`, `EncoderError`."""
        seen: tuple[int, int] | None = None
        while self._may_go_on():
            now = store.state()
            if now != seen and self._pass(store):
                seen = now

    def _may_go_on(self) -> bool:
        """Waits until nobody has worked for a while; False once stopped."""
        while not self._stopped.wait(_LOOK_SECONDS):
            if self._wiring.rested() >= self._quiet:
                return True
        return False

    def _pass(self, store: Store) -> bool:
        """Document by document; False where it was halted."""
        read = self._wiring.sentences.documents()
        today = {card.id: card.revision for card in store.documents.cards()}
        self._wiring.sentences.drop(read.keys() - today.keys())
        for document, revision in today.items():
            with self._reading:
                if read.get(document) != revision and not self._read(store, document, revision):
                    return False
        return not self._halt.is_set()

    def _read(self, store: Store, document: str, revision: str) -> bool:
        sentences, forgettings = self._wiring.sentences, self._wiring.sentences.forgettings
        try:
            whole = store.read(document, revision)
        except NotFound:  # gone since it was listed
            return True
        spans = [Span(p.start, p.end) for p in store.passages.of(document)]
        texts = {name_of(text): text for span in spans for text in embedded_texts(whole, span)}
        vectors = sentences.find(texts)
        for name in texts.keys() - vectors.keys():
            while self._halt.is_set() or self._wiring.rested() < self._quiet:
                if self._halt.wait(_LOOK_SECONDS):
                    return False
            vectors[name] = array("f", self._wiring.embedder.embed([texts[name]])[0])
        sentences.put(document, revision, vectors, forgettings=forgettings)
        return True
