"""Sentences whose truth is known: gold quotes of a suite as they stand, and twins with one thing wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.errors import NotFound
from eval.running.probe import twins
from eval.running.record import Probe
from eval.running.trace import fold
from eval.suites.suite import Suite
from ingest.store.store import Store

_VERB = re.compile(r"\b(is|are|was|were|has|have|may|can|must)\b(?! not)")


def known_sentences(suite: Suite, store: Store) -> list[tuple[Probe, str]]:
    """Each sentence with the passage that its original stands in; `kind` is "" of a true one."""
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


def _negated(quote: str) -> Iterator[tuple[str, str]]:
    """The quote with its first verb negated, where it holds no negation yet."""
    verb = _VERB.search(quote)
    if verb and not re.search(r"\b(?:not|no|never)\b", quote, re.IGNORECASE):
        yield "negation", f"{quote[: verb.end()]} not{quote[verb.end() :]}"
