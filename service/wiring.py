"""Everything is put together here, for every door: CLI, API and eval get the same engine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import AetherError
from corpus.ports import Embedder, Index, LexicalEncoder, WordPieces
from corpus.remembered import forget_texts
from ingest.chunk import CHUNKER
from ingest.settle import OpenIndex
from ingest.store.store import Store
from retrieval.encode.forgiving import ForgivingEncoder
from retrieval.encode.lexical import CodeAwareBm25
from retrieval.encode.remembering import RememberingEncoder
from service.ahead.sentences import SentenceVectors
from service.desk.held import HeldIndex
from service.holdings import HeldCounts
from service.lease import Lease
from service.settings import Settings

_LOG = logging.getLogger("aether")
_PATIENCE = 5.0

if TYPE_CHECKING:
    from retrieval.rerank.reranker import Reranker
    from retrieval.select.selector import Selector
    from service.answering.composer import Composer
    from service.engine import Engine
    from service.grounding.verifier import Verifier


@dataclass(frozen=True)
class Wiring:
    """The parts, each made when first asked for.

    lease  seconds for which the index may stay open between two questions
    held   the index stays open, for many threads

    After either, `close` has to be called at the end.
    """

    settings: Settings
    lease: float = 0.0
    held: bool = False

    @cached_property
    def embedder(self) -> Embedder:
        """The dense encoder of the settings. Raises `EncoderError`."""
        if self.settings.encoder == "embedded":
            from retrieval.encode.embedded import EmbeddedEncoder

            return EmbeddedEncoder()
        from retrieval.encode.sentence_transformer import SentenceTransformerEncoder

        return SentenceTransformerEncoder(self.settings.encoder)

    @cached_property
    def asking(self) -> Embedder:
        """What embeds questions and the sentences that answers are made from: where the index is held, it remembers
        them, and a failure costs the vectors and not the answer."""
        return ForgivingEncoder(self._remembering, _LOG.warning) if self.held else self.embedder

    @cached_property
    def _remembering(self) -> RememberingEncoder:
        if not self.settings.read_ahead:
            return RememberingEncoder(self.embedder)
        return RememberingEncoder(self.embedder, behind=self.sentences.find)

    @cached_property
    def sentences(self) -> SentenceVectors:
        """The vectors of sentences that were read ahead."""
        return SentenceVectors(self.settings.store, f"{self.embedder.identity}/{CHUNKER}")

    @cached_property
    def held_counts(self) -> HeldCounts:
        """What is known of what callers may read; a service does not count it anew with each change of a long run."""
        return HeldCounts(patience=_PATIENCE if self.held else 0.0)

    @cached_property
    def lexical(self) -> LexicalEncoder:
        """The BM25 encoder."""
        return CodeAwareBm25()

    @cached_property
    def reranker(self) -> Reranker:
        """What reads the best passages again. Raises `EncoderError` where its weights or model cannot be used."""
        from retrieval.rerank.reranker import Unranked

        name = self.settings.reranker
        if name == "none":
            return Unranked()
        if name == "embedded":
            from retrieval.encode.embedded import EmbeddedEncoder
            from retrieval.rerank.late import LateInteraction

            own = self.embedder
            return LateInteraction(own if isinstance(own, EmbeddedEncoder) else EmbeddedEncoder())
        from retrieval.rerank.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker(name)

    @cached_property
    def selector(self) -> Selector:
        """What reads the best sentences again. Raises `EncoderError` where its weights cannot be used."""
        if self.settings.selector == "none":
            from retrieval.select.selector import UNSELECTED

            return UNSELECTED
        from retrieval.select.trained import TrainedSelector

        return TrainedSelector(Path(self.settings.selector))

    @cached_property
    def verifier(self) -> Verifier:
        """Who judges support. Raises `EncoderError` where its weights or model cannot be used."""
        from service.grounding.verifier import AlignmentVerifier, Unasked

        name = self.settings.verifier
        if name == "none":
            return Unasked()
        if name == "alignment":
            return AlignmentVerifier()
        if name == "embedded":
            from service.grounding.weighing.weigh import EmbeddedVerifier

            return EmbeddedVerifier()
        from service.grounding.cross_encoder import CrossEncoderVerifier

        return CrossEncoderVerifier(name)

    @cached_property
    def composer(self) -> Composer:
        """What writes answers. Raises `UsageError` where the settings name a model that they do not describe."""
        if self.settings.composer == "extractive":
            from service.answering.composer import ExtractiveComposer

            return ExtractiveComposer()
        from service.language.wired import language_composer

        return language_composer(self.settings, self.embedder)

    @cached_property
    def open_index(self) -> OpenIndex:
        """Opens the index for a moment, for a lease, or for good."""
        if self.held:
            return HeldIndex(_Opener(self))
        return Lease(_Opener(self), seconds=self.lease) if self.lease else _Opener(self)

    def close(self) -> None:
        """Give a leased or held index back; it is opened again when it is asked for."""
        if isinstance(self.open_index, Lease | HeldIndex):
            self.open_index.close()

    @contextmanager
    def warming(self) -> Iterator[None]:
        """What a question needs is loaded beside what is done inside; at its end the index is given back."""
        thread = threading.Thread(target=self._warm, name="warm", daemon=True)
        thread.start()
        try:
            yield
        finally:
            thread.join()
            self.stop()

    def _warm(self) -> None:
        with suppress(AetherError):  # the first that asks hears of it
            self.store().close()  # where there is none, no index is made
            self.asking.embed(["ready"])
            with self.open_index():
                pass

    def working(self) -> AbstractContextManager[None]:
        """Somebody is at work for whom a held index should not be away."""
        return self.open_index.working() if isinstance(self.open_index, HeldIndex) else nullcontext()

    def rested(self) -> float:
        """Seconds since anybody was at work."""
        return self.open_index.rested() if isinstance(self.open_index, HeldIndex) else 0.0

    def tidy(self) -> None:
        """After changes: a held index is closed and opened again once nobody asks for a moment."""
        if isinstance(self.open_index, HeldIndex):
            self.open_index.tidy()

    def stop(self) -> None:
        """Give the index back for good."""
        if isinstance(self.open_index, HeldIndex):
            self.open_index.stop()
        self.close()

    def forget(self) -> None:
        """Keep nothing of any text, as after a document was forgotten."""
        forget_texts()
        self._remembering.forget()
        self.sentences.forget()
        self.held_counts.forget()
        if "reranker" in vars(self):  # where nothing was asked, nothing is made for the sake of forgetting
            self.reranker.forget()
        if "selector" in vars(self):
            self.selector.forget()

    def store(self, *, create: bool = False) -> Store:
        """The store of the settings. Raises `StoreMissing`, `StoreVersionError`, `StoreError`."""
        return Store.open(self.settings.store, create=create)

    def engine(self, store: Store) -> Engine:
        """The engine that answers from a store."""
        from service.engine import Engine

        return Engine(
            store=store,
            open_index=self.open_index,
            embedder=self.asking,
            counts=self.held_counts,
            lexical=self.lexical,
            settings_digest=self.settings.digest(),
            threshold=self.settings.threshold,
            verifier=self.verifier,
            composer=self.composer,
            reranker=self.reranker,
            selector=self.selector,
        )


def word_pieces() -> WordPieces:
    """What passages are measured with, whatever the encoder: importable, so that worker processes can make it."""
    from retrieval.encode.embedded import EmbeddedPieces

    return EmbeddedPieces()


@dataclass(frozen=True)
class _Opener:
    """Opens the embedded index, or the one on a server."""

    wiring: Wiring

    def __call__(self, *, fresh: bool = False) -> AbstractContextManager[Index]:
        settings, embedder = self.wiring.settings, self.wiring.embedder
        if settings.index:
            from ingest.index.remote import open_remote

            return open_remote(
                settings.index,
                dimension=embedder.dimension,
                encoder_identity=embedder.identity,
                lexical_identity=self.wiring.lexical.identity,
                api_key=settings.index_key.get_secret_value(),
                fresh=fresh,
            )
        from ingest.index.embedded import open_embedded

        return open_embedded(
            settings.store / "index",
            dimension=embedder.dimension,
            encoder_identity=embedder.identity,
            lexical_identity=self.wiring.lexical.identity,
            wait=settings.wait,
            fresh=fresh,
        )
