"""A case put to the engine: its own question, after those that its conversation began with.

The earlier turns are really asked, each as the next message of one conversation, by the same `reply` as behind
`aether ask --conversation` and the service. What a message becomes after them is the product's doing and none of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from corpus.access import PUBLIC
from eval.suites.case import Case
from ingest.store.store import Store
from service.access.shelf import ReadableShelf
from service.answer import Answer
from service.asker import LENGTHS
from service.engine import Request
from service.talking.reply import Turn, reply


def asked(case: Case, ask: Callable[[Request], Answer], store: Store) -> Callable[[], Answer]:
    """What answers the case's own question when it is called; its earlier turns are asked here.

    Both raise what `ask` raises.
    """
    request = case_request(case)
    if not case.turns:
        return lambda: ask(request)
    shelf = ReadableShelf(store, request.access)
    said: list[Answer] = []

    def turn(question: str) -> Answer:
        said.append(reply(ask, shelf, Turn(case.id, tuple(said)), replace(request, question=question)))
        return said[-1]

    for question in case.turns:
        turn(question)
    return lambda: turn(case.question)


def case_request(case: Case) -> Request:
    """The case's own question, as its caller puts it."""
    return Request(
        case.question,
        access=case.access if case.principals else frozenset({PUBLIC}),
        exclude=frozenset(case.exclude),
        length=LENGTHS[case.length],
        id=case.id,
    )
