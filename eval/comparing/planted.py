"""Six regressions, planted on purpose: does the gate catch each, and name the right cause?

Each is made by replacing a part of the world in the harness, never by a switch in the product.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.documents import Document
from corpus.passages import Sparse
from corpus.ports import LexicalEncoder
from eval.comparing.gate import Gate, gate
from eval.running.caching import CachingWiring
from eval.running.run import run_suite
from eval.running.summary import Summary, summarise
from eval.running.world import World, ingest_suite, opened, quietly
from eval.suites.suite import Suite
from ingest.report import Progress
from service.answer import Answer, Verdict
from service.engine import Request

KINDS = {
    "retriever broken": "retriever",
    "verifier disabled": "sentence contract",
    "persona section dropped": "persona",
    "citation shifted by one passage": "citations",
    "corpus document deleted": "corpus",
    "refusal threshold moved": "refusal threshold",
}
"""What is planted, and how the cause must begin that the gate names."""


@dataclass(frozen=True, slots=True)
class Caught:
    """What the gate said of one planted regression."""

    kind: str
    wanted: str
    verdict: Gate

    @property
    def right(self) -> bool:
        """Whether the gate failed, and for the right cause."""
        return not self.verdict.passed and self.verdict.cause.startswith(self.wanted)


def plant_all(suite: Suite, folder: Path, progress: Progress) -> Iterator[Caught]:
    """Run the suite as it is, then with each regression, and put each before the gate."""
    store = folder / "store"
    ingest_suite(suite, store)
    with opened(store) as world:
        sound = _run(suite, world, folder / "sound.jsonl", progress)
    for number, (kind, wanted) in enumerate(KINDS.items()):
        with _broken(kind, store, sound, suite) as world:
            summary = _run(suite, world, folder / f"planted-{number}.jsonl", progress)
        yield Caught(kind, wanted, gate(summary, {}, sound))


def _run(suite: Suite, world: World, log: Path, progress: Progress) -> Summary:
    return summarise(run_suite(suite, world, log, progress=progress))


@contextmanager
def _broken(kind: str, store: Path, sound: Summary, suite: Suite) -> Iterator[World]:
    """The world with one regression."""
    if kind == "retriever broken":
        with opened(store, wiring=_Deaf) as world:
            yield world
    elif kind == "refusal threshold moved":
        with opened(store, {"threshold": 0.95}) as world:
            yield world
    elif kind == "corpus document deleted":
        with _without(_most_asked(suite), store) as world:
            yield world
    else:
        with opened(store) as world:
            yield _WRAPPED[kind](world)


def _most_asked(suite: Suite) -> str:
    """The document that most cases rest on alone."""
    asked = [case.gold[0].document for case in suite.cases if len({g.document for g in case.gold}) == 1]
    return max(sorted(set(asked)), key=asked.count)


@contextmanager
def _without(document: str, store: Path) -> Iterator[World]:
    """A copy of the store that forgot a document."""
    copy = store.with_name(f"{store.name}-without")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(store, copy)
    shutil.copy(store.with_name(f"{store.name}.vectors.db"), copy.with_name(f"{copy.name}.vectors.db"))
    quietly(["forget", document, "--store", str(copy), "--yes"])
    with opened(copy) as world:
        yield world


class _Deaf(CachingWiring):
    """A wiring whose lexical and dense look-ups do not hear the question."""

    @property
    def lexical(self) -> LexicalEncoder:
        """Looks up the same words whatever is asked."""
        return _DeafLexical(super().lexical)


@dataclass(frozen=True, slots=True)
class _DeafLexical:
    """A lexical encoder that asks for the same words always."""

    encoder: LexicalEncoder

    @property
    def identity(self) -> str:
        """That of the sound one, so that no check of identities catches it first."""
        return self.encoder.identity

    def documents(self, texts: Sequence[str]) -> list[Sparse]:
        """As it should be."""
        return self.encoder.documents(texts)

    def query(self, text: str) -> Sparse:
        """The same whatever is asked."""
        return self.encoder.query("changelog")


def _unverified(world: World) -> World:
    """The sentence contract lets everything by."""
    return replace(world, contract=lambda claim, ground: Verdict(supported=True))


def _shifted(world: World) -> World:
    """Every citation points to the passage after the one that it should."""

    def ask(request: Request) -> Answer:
        answer = world.ask(request)
        moved = [
            citation.model_copy(update=_next(world.store.read(citation.document, citation.revision), citation.end))
            for citation in answer.citations
        ]
        return answer.model_copy(update={"citations": tuple(moved)})

    return replace(world, ask=ask)


def _next(document: Document, end: int) -> dict[str, object]:
    """The stretch that follows, as a citation's span and quote."""
    blocks = [block for block in document.parsed.blocks if block.start >= end and block.kind != "heading"]
    block = blocks[0] if blocks else document.parsed.blocks[0]
    return {"start": block.start, "end": block.end, "quote": document.text[block.start : block.end]}


def _unspoken(world: World) -> World:
    """The form of the persona is gone: the lead is no longer set out, as rule P1 wants it."""

    def ask(request: Request) -> Answer:
        answer = world.ask(request)
        if answer.status == "refused" or "**" not in answer.text:
            return answer
        return answer.model_copy(update={"text": answer.text.replace("**", "")})

    return replace(world, ask=ask)


_WRAPPED: dict[str, Callable[[World], World]] = {
    "verifier disabled": _unverified,
    "citation shifted by one passage": _shifted,
    "persona section dropped": _unspoken,
}
