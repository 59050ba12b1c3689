"""A case put to the engine: its own question, after those that its conversation began with.

The earlier turns are really asked, and each answer is a turn of a `Conversation`, as behind the doors of the service.
What the last question becomes after them is the product's doing and none of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from corpus.access import PUBLIC
from eval.suites.case import Case
from service.access.principal import Principal
from service.answer import Answer
from service.asker import LENGTHS
from service.desk.conversations import Conversation
from service.engine import Request


def case_request(case: Case, ask: Callable[[Request], Answer]) -> Request:
    """What is asked of the engine for a case; its earlier turns are asked on the way. Raises what `ask` raises."""
    request = Request(
        case.question,
        access=case.access if case.principals else frozenset({PUBLIC}),
        exclude=frozenset(case.exclude),
        length=LENGTHS[case.length],
        id=case.id,
    )
    talk = Conversation(Principal("aether-eval", request.access, "reader"), id=case.id)
    for question in case.turns:
        made = ask(replace(request, question=talk.follow(question)))
        talk.put(made.model_copy(update={"question": question, "conversation": talk.id}))
    return replace(request, question=talk.follow(case.question))
