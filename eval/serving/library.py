"""A store of many generated passages, and questions that it answers.

Each document is a runbook or a decision of one component, written by rules: steps, a table, figures, and words of its
own. Text, cuts, lexical vectors and everything that a store holds are real. Dense vectors are not computed, because
fifty thousand would take an hour on a small machine: a document gets the vector of its subject, which is computed, and
each passage that vector turned a little at random.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from corpus.documents import Document, revision_of
from corpus.ports import Embedder
from ingest.chunk import chunk
from ingest.parse.registry import parse_file
from ingest.settle import rebuild
from ingest.store.coding import digest_of
from ingest.store.ledger import Entry
from ingest.store.store import Store
from service.settings import Settings
from service.wiring import Wiring, word_pieces

_SYSTEMS = (
    "ledger vault gateway scheduler billing mailer catalogue search cache proxy broker archive registry tracker router "
    "indexer exporter importer notifier renderer"
).split()
_VERBS = "restore rotate deploy drain migrate resize verify patch failover rebalance".split()
_WORDS = (
    "amber birch cobalt delta ember fjord garnet hazel indigo juniper kelp lotus maple nickel onyx pearl quartz raven "
    "saffron topaz umber violet willow xenon yarrow zephyr"
).split()
_LOAD = "queue replica snapshot segment certificate token partition volume node session record batch".split()
_TURN = 0.35
_A_TRANSACTION = 200


def page(number: int) -> tuple[str, str, str]:
    """The title, the Markdown and the subject of a document."""
    chance = random.Random(number)
    system, verb = chance.choice(_SYSTEMS), chance.choice(_VERBS)
    name = f"{system}-{chance.choice(_WORDS)}{number}"
    title = f"{verb.capitalize()} {name}"
    parts = [
        f"# {title}\n\nTo {verb} `{name}`, run `{system}ctl {verb} --target {name}` on the {chance.choice(_LOAD)} host."
    ]
    minutes, latency = chance.randrange(2, 90), chance.randrange(20, 900)
    parts.append(f"It takes at most {minutes} minutes, and p99 latency stays below {latency} ms.")
    for section in ("Preparation", "Steps", "Rollback", "Alerts"):
        parts.append(f"## {section}\n\n{_sentences(chance, name, 5)}")
        parts.append("\n".join(f"{at}. {_sentences(chance, name, 1)}" for at in range(1, 5)))
    parts.append(f"| setting | value |\n|---|---|\n| {chance.choice(_LOAD)}s | {chance.randrange(2, 40)} |\n")
    return title, "\n\n".join(parts), f"{verb} the {system}"


def _sentences(chance: random.Random, name: str, count: int) -> str:
    return " ".join(
        f"Check that the {chance.choice(_LOAD)} of {name} holds {chance.randrange(1, 400)} "
        f"{chance.choice(_WORDS)} {chance.choice(_LOAD)}s before {chance.choice(_WORDS)} "
        f"{chance.choice(_VERBS)}s the {chance.choice(_SYSTEMS)}."
        for _ in range(count)
    )


def questions(count: int, documents: int) -> list[str]:
    """Questions that some document answers."""
    chance = random.Random(5)
    titles = [page(chance.randrange(documents))[0] for _ in range(count)]
    return [f"How do I {title[0].lower()}{title[1:]}?" for title in titles]


def fill(folder: Path, passages: int) -> int:
    """Make the store with at least so many passages; its number of documents."""
    wiring = Wiring(Settings(store=folder))
    made, number = 0, 0
    with Store.open(folder, create=True) as store, store.changing():
        run = store.ledger.begin()
        vectors = _Vectors(wiring.embedder)
        while made < passages:
            with store.transaction():
                for _ in range(_A_TRANSACTION):
                    made += _put(store, run, number, wiring.embedder.identity, vectors)
                    number += 1
        with store.transaction():
            store.passages.settle_everything()
        rebuild(store, open_index=wiring.open_index, lexical=wiring.lexical, encoder=wiring.embedder.identity)
    return number


class _Vectors:
    """Vectors of passages: that of the subject, which is computed, turned a little at random."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._random = np.random.default_rng(1)
        self._known: dict[str, np.ndarray] = {}

    def near(self, subject: str, count: int) -> list[tuple[float, ...]]:
        """So many vectors of unit length."""
        if subject not in self._known:
            self._known[subject] = np.array(self._embedder.embed([f"How to {subject}"])[0])
        size = self._embedder.dimension
        turned = self._known[subject] + _TURN / size**0.5 * self._random.normal(size=(count, size))
        return [tuple(row.tolist()) for row in turned / np.linalg.norm(turned, axis=1, keepdims=True)]


def _put(store: Store, run: int, number: int, encoder: str, vectors: _Vectors) -> int:
    """One document with its passages and their vectors; how many passages."""
    title, text, subject = page(number)
    path = f"runbooks/{number // 100}/{number}.md"
    parsed = parse_file(text.encode(), path)
    document = Document(
        id=f"bench/{path}",
        source="bench",
        path=path,
        parsed=parsed,
        title=title,
        kind="runbook",
        access=frozenset({"public"}),
        revision=revision_of(parsed.text),
    )
    passages = chunk(document, _PIECES)
    store.documents.put(document)
    store.passages.put(document.id, passages)
    digests = [digest_of(passage.indexed_text) for passage in passages]
    store.vectors.put(encoder, dict(zip(digests, vectors.near(subject, len(passages)), strict=True)))
    store.ledger.record(run, [Entry("bench", path, len(text), 0, "", "", "indexed", "", document.id)])
    return len(passages)


_PIECES = word_pieces()
