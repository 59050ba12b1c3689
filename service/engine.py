"""Question -> answer: the one engine behind every door.

policy -> look (search, read the documents, rank their units) -> decide -> compose -> check -> answer or typed refusal.
What composes is a port: the documents' own words, or a language model under the same contract. For a question that
the policy refuses nothing is looked for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version

from corpus.access import access_set, may_read
from corpus.documents import Document
from corpus.errors import UsageError
from corpus.ports import Embedder, LexicalEncoder, Scope
from ingest.chunk import CHUNKER
from ingest.settle import OpenIndex
from ingest.store.documents import Card
from ingest.store.store import Store
from retrieval.evidence import Found
from retrieval.question import analyse
from retrieval.rerank.reranker import Reranker, Unranked
from retrieval.search import search
from retrieval.select.selector import UNSELECTED, Selector
from service.answer import Answer, EvidenceItem, Fingerprint, Reason, Refusal
from service.answering.assemble import Assembled
from service.answering.composer import Composer, ExtractiveComposer, unsound
from service.answering.decide import decide, fitted, observe
from service.answering.inert import inert
from service.answering.instructions import asked_in
from service.answering.measured import unmeasured
from service.answering.rank import rank
from service.answering.refuse import declined, declined_text, refusal, refusal_text
from service.answering.terms import terms
from service.answering.view import READ, Request, View
from service.audience.angle import angled, shortened
from service.full.form import short_of
from service.full.full import in_full
from service.grounding.claim import Ground
from service.grounding.verifier import AlignmentVerifier, Verifier
from service.holdings import HeldCounts, Holdings
from service.persona.lint import lint
from service.persona.rules.comparing import asks_to_compare
from service.policy.flag import flags
from service.policy.policy import Ruling, ruled
from service.stages import note
from service.standing.dispute import disputes
from service.standing.lineage import Lineage
from service.standing.preference import preferred
from service.standing.staleness import aged, is_stale
from service.standing.telling import told

__all__ = ["Engine", "Request", "View"]

_version = cache(version)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class _Clock:
    """Milliseconds by stage."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began, at = time.perf_counter(), time.time_ns()
        yield
        spent = time.perf_counter() - began
        self.spent[name] = round(self.spent.get(name, 0.0) + 1000 * spent, 2)
        note(name, at, at + int(1e9 * spent))


class Engine:
    """Answers questions from one store. Raises what its ports raise; a bad question is a `UsageError`.

    units     embeds the sentences of the best passages: the embedder, or one that remembers them
    verifier  judges support, whoever wrote the sentence
    counts    what is known of what callers may read, shared between engines
    reranker  reads the best passages again; `selector` the best sentences
    """

    def __init__(
        self,
        *,
        store: Store,
        open_index: OpenIndex,
        embedder: Embedder,
        lexical: LexicalEncoder,
        settings_digest: str,
        threshold: float = -1.0,
        composer: Composer | None = None,
        verifier: Verifier | None = None,
        units: Embedder | None = None,
        counts: HeldCounts | None = None,
        reranker: Reranker | None = None,
        selector: Selector = UNSELECTED,
    ) -> None:
        self._store = store
        self._open_index = open_index
        self._embedder = embedder
        self._units = units or embedder
        self._lexical = lexical
        self._reranker = reranker or Unranked()
        self._selector = selector
        self._settings = settings_digest
        self._threshold = threshold if threshold >= 0 else fitted().threshold
        self._composer = composer or ExtractiveComposer()
        self.verifier: Verifier = verifier or AlignmentVerifier()
        self._holdings = Holdings(store, embedder.identity, counts)
        self._lineage = Lineage(store)

    def search(self, request: Request, *, limit: int = 20) -> Found:
        """The ranked evidence for a question, without an answer."""
        scope = _scope(request)
        self._units.embed(["ready"])  # loads the model before the index is locked; remembered, it costs nothing
        with self._open_index() as index:
            return search(
                asked_in(request.question) or request.question,
                index=index,
                embedder=self._embedder,
                lexical=self._lexical,
                scope=scope,
                limit=limit,
                reranker=self._reranker,
            )

    def look(self, request: Request, *, clock: _Clock | None = None) -> View:
        """What an answer would be made from: the evidence, its documents, and their units, ranked."""
        clock = clock or _Clock()
        with clock.stage("search"):
            found = self.search(request)
        with clock.stage("read"):
            documents = self._read(found, request.access)
        with clock.stage("rank"):
            ranked = rank(found, documents, self._units, self._selector, top=READ)
        with clock.stage("standing"):
            view = View(found, documents, tuple(ranked))
            disputed = disputes(ranked, view.variants())
            return replace(view, ranked=angled(preferred(ranked, disputed), request), disputes=disputed)

    def ask(self, request: Request) -> Answer:
        """The answer, or a typed refusal."""
        clock, request = _Clock(), shortened(request)
        _scope(request)
        with clock.stage("policy"):
            ruling = ruled(request.question)
        if ruling:
            return self._linted(self._declined(request, ruling, clock), clock)
        view = self.look(request, clock=clock)
        probability = decide(observe(view.found, view.ranked)) if view.ranked else 0.0
        reason = self._objection(request, view, probability)
        body = Assembled("", (), (), ())
        with clock.stage("compose"):
            if reason is None:
                body = self._body(view, request)
                reason = None if body.sentences else _emptied(body, view)
        with clock.stage("fingerprint"):
            fingerprint = self.fingerprint(request.access)
            if not any(view.found.vector):
                fingerprint = fingerprint.model_copy(update={"dense_share": 0.0})
        if refused := refusal(reason, view.found) if reason else None:
            body = replace(body, text=refusal_text(refused, request.question))
        return self._linted(self._answer(request, view.found, body, refused, probability, fingerprint, clock), clock)

    def _declined(self, request: Request, ruling: Ruling, clock: _Clock) -> Answer:
        """The refusal of a question that the policy refuses: nothing was looked for, so nothing is near."""
        nothing = Found(analyse(request.question), (), (), 0)
        body = Assembled(declined_text(ruling), (), (), ())
        with clock.stage("fingerprint"):
            fingerprint = self.fingerprint(request.access)
        return self._answer(request, nothing, body, declined(ruling), 0.0, fingerprint, clock)

    def _linted(self, made: Answer, clock: _Clock) -> Answer:
        """The answer with the rules of the persona that it breaks, and the time that everything took."""
        with clock.stage("lint"):
            violations = lint(made).violations
        return made.model_copy(update={"violations": violations, "timing_ms": clock.spent})

    def read(self, document: str, revision: str, access: frozenset[str]) -> Document:
        """A document with those that took its place, as far as the access set admits them. Raises `NotFound`."""
        return self._lineage.settled(self._store.read(document, revision), access)

    def cards(self) -> Iterable[Card]:
        """The cards of all documents, whoever may read them."""
        return self._store.documents.cards()

    def _read(self, found: Found, access: frozenset[str]) -> dict[str, Document]:
        """The documents of the best passages, at the passages' revisions."""
        documents: dict[str, Document] = {}
        for item in (*found.evidence[:READ], *found.variants[:READ]):
            passage = item.passage
            if passage.document not in documents and may_read(access, frozenset(passage.access)):
                documents[passage.document] = self.read(passage.document, passage.revision, access)
        return documents

    def _objection(self, request: Request, view: View, probability: float) -> Reason | None:
        """Why the question is refused; None when it is not."""
        if len(terms(request.question)) < 1:
            return "underspecified"
        if not view.evidence or probability < self._threshold or unmeasured(request.question, view.ranked):
            return "no_evidence"
        return None

    def ground(self, view: View, request: Request) -> Ground:
        """What a sentence about the view may stand on, and who judges it."""
        return replace(view.ground(request.access), asked=request.question, verifier=self.verifier)

    def _body(self, view: View, request: Request) -> Assembled:
        """What the composer made of the view, once it is found sound."""
        ground, length = self.ground(view, request), short_of(request)
        composed = self._composer.compose(view, replace(request, length=length), ground)
        body = told(composed, view.disputes, ground, length)
        if (request.length.sections or asks_to_compare(request.question)) and body.sentences:
            filled = in_full(body, view, request, self, self.verifier)
            body, ground = filled.body, filled.ground
        fault = unsound(body, ground)
        if fault:
            raise AssertionError(f"the composer {self._composer.name} broke the sentence contract: {fault}")
        return _flagged(aged(body, request.question), request.question)

    def fingerprint(self, access: frozenset[str]) -> Fingerprint:
        """What made the answer; of the library only what the caller may read."""
        held = self._holdings.of(access)
        return Fingerprint(
            version=_version("aether-assistant"),
            settings=self._settings,
            encoder=self._embedder.identity,
            lexical=self._lexical.identity,
            chunker=CHUNKER,
            index=held.index,
            dense_share=held.dense_share,
            composer=self._composer.name,
            persona=self._composer.persona,
        )

    def _answer(
        self,
        request: Request,
        found: Found,
        body: Assembled,
        refused: Refusal | None,
        probability: float,
        fingerprint: Fingerprint,
        clock: _Clock,
    ) -> Answer:
        return Answer(
            id=request.id,
            question=request.question,
            status="refused" if refused else "partial" if body.dropped else "grounded",
            refusal=refused,
            text=inert(body.text),
            sentences=body.sentences,
            citations=body.citations,
            evidence=tuple(
                EvidenceItem(
                    document=e.passage.document,
                    text=e.passage.text,
                    score=round(e.score, 4),
                    start=e.passage.start,
                    end=e.passage.end,
                    section=e.passage.section,
                )
                for e in found.evidence
            ),
            confidence=round(probability, 4),
            dropped=body.dropped,
            fingerprint=fingerprint,
            timing_ms=clock.spent,
            composer=body.composer,
            usage=body.usage,
            conflicts=body.conflicts,
        )


def _scope(request: Request) -> Scope:
    """What may be searched. Raises `UsageError` without a question or by an odd name, `AccessError` without access."""
    if not request.question.strip():
        raise UsageError("the question is empty", next_step='Ask one: aether ask "..."')
    if _SURROGATE.search("".join((*request.sources, *request.exclude))):
        raise UsageError("a name of a source or a document is not text", next_step="See aether status")
    return Scope(access_set(request.access), request.sources, request.kinds, request.exclude)


def _emptied(body: Assembled, view: View) -> Reason:
    """Why nothing is left of a body."""
    if is_stale(body):
        return "stale_only"
    return "conflicting" if view.disputes and body.dropped else "no_evidence"


def _flagged(body: Assembled, question: str) -> Assembled:
    """The body with the notices that the policy wants beside it."""
    return body.noticed(*flags(question, body.sentences, body.citations)) if body.sentences else body
