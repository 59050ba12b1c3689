"""Sentences whose truth is known: gold quotes of a suite and sentences of the corpus as they stand, and with one thing
wrong. Those of the corpus are perturbed in every way that `eval.perturb` knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.errors import NotFound
from eval.perturb import sample, stored
from eval.running.probe import twins
from eval.running.record import Probe
from eval.running.trace import fold
from eval.suites.suite import Suite
from ingest.store.store import Store

RESTATED = "restated"
_SEED = 1
_VERB = re.compile(r"\b(is|are|was|were|has|have|may|can|must)\b(?! not)")


def known_sentences(suite: Suite, store: Store, *, perturbed: int = 20) -> list[tuple[Probe, str]]:
    """Each sentence with the passage that it is said of; `kind` is "" of one as it stands, RESTATED of a true one.

    perturbed  at most so many sentences of the corpus of each kind of perturbation
    """
    return [*_gold(suite, store), *_perturbed(store, perturbed)]


def _gold(suite: Suite, store: Store) -> list[tuple[Probe, str]]:
    found: list[tuple[Probe, str]] = []
    for gold in dict.fromkeys(gold for case in suite.cases for gold in case.gold if len(gold.quote.split()) >= 6):
        quote = fold(gold.quote)
        try:
            passages = store.passages.of(gold.document)
        except NotFound:
            continue
        own = next((passage for passage in passages if quote in fold(passage.text)), None)
        if own is None:
            continue
        for kind, text in (*twins(quote), *_negated(quote)):
            found.append((Probe(kind=kind, text=text, objected=False), own.text))
    return found


def _perturbed(store: Store, size: int) -> Iterator[tuple[Probe, str]]:
    if not size:
        return
    for claim in sample(stored(store.documents), seed=_SEED, size=size):
        document = store.read(claim.document, claim.revision)
        kind = "" if claim.kind == "untouched" else claim.kind
        yield Probe(kind=kind, text=claim.text, objected=False), document.visible(claim.cited.start, claim.cited.end)


def _negated(quote: str) -> Iterator[tuple[str, str]]:
    """The quote with its first verb negated, where it holds no negation yet."""
    verb = _VERB.search(quote)
    if verb and not re.search(r"\b(?:not|no|never)\b", quote, re.IGNORECASE):
        yield "negation", f"{quote[: verb.end()]} not{quote[verb.end() :]}"
