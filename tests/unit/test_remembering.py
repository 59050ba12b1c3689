"""An encoder that remembers gives what the encoder gives, asks it once, and keeps no more than it may."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.remembering import RememberingEncoder


class Counting:
    """The embedded encoder, and what it was asked."""

    def __init__(self) -> None:
        self.encoder = EmbeddedEncoder()
        self.asked: list[str] = []
        self.identity, self.dimension = self.encoder.identity, self.encoder.dimension

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        self.asked += texts
        return self.encoder.embed(texts)


def test_the_same_vectors_asked_for_once() -> None:
    counting = Counting()
    remembering = RememberingEncoder(counting)
    texts = ["Restore the ledger.", "Drain the node.", "Restore the ledger.", ""]
    assert remembering.embed(texts) == counting.encoder.embed(texts) == remembering.embed(texts)
    assert counting.asked == ["Restore the ledger.", "Drain the node.", ""]
    assert (remembering.identity, remembering.dimension) == (counting.identity, 384)
    remembering.forget()
    remembering.embed(texts[:1])
    assert counting.asked[3:] == ["Restore the ledger."]


def test_who_was_asked_longest_ago_goes_first() -> None:
    counting = Counting()
    remembering = RememberingEncoder(counting, most=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        remembering.embed([text])
    assert counting.asked == ["a", "b", "c", "b"]
    assert len(remembering.embed(["d", "e", "f"])) == 3


def test_many_threads_get_what_one_gets() -> None:
    counting = Counting()
    remembering = RememberingEncoder(counting, most=3)
    texts = [f"Step {n}." for n in range(6)]
    expected, wrong = counting.encoder.embed(texts), []

    def ask(at: int) -> None:
        for n in range(20):
            one = (at + n) % 6
            if remembering.embed([texts[one]]) != [expected[one]]:
                wrong.append(one)

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
