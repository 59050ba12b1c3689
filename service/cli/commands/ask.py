"""`aether ask`: one question, answered on the terminal or as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from corpus.access import PUBLIC, access_set
from corpus.errors import UsageError
from ingest.store.store import Store
from service.access.shelf import ReadableShelf
from service.answer import Answer
from service.answering.view import Audience
from service.asker import LENGTHS, asker
from service.cli.answer_view import show_answer
from service.cli.ending import DONE, REFUSED, notice
from service.cli.terminal import roots_of
from service.cli.through import ask_through
from service.desk.beacon import beacon_of
from service.engine import Request
from service.talking.kept import Kept
from service.talking.reply import Turn, reply
from service.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line said."""

    question: str
    length: str
    principals: tuple[str, ...]
    sources: tuple[str, ...]
    kinds: tuple[str, ...]
    exclude: tuple[str, ...]
    audience: str = ""
    conversation: str = ""


def length_of(*, brief: bool, full: bool) -> str:
    """What the two options mean together. Raises `UsageError`."""
    if brief and full:
        raise UsageError("--brief and --full exclude each other", next_step="Give one of them")
    return "brief" if brief else "full" if full else "normal"


def audience_of(name: str) -> Audience:
    """The audience of that name. Raises `UsageError`."""
    for audience in get_args(Audience):
        if name == audience:
            return audience  # type: ignore[no-any-return]
    raise UsageError("no such audience", item=f"--audience {name}", next_step="Say executive or engineer")


def template(asked: Asked, *, batch: bool) -> Request:
    """The request, in a batch without its question. Raises `UsageError`, `AccessError`."""
    if batch and asked.conversation:
        raise UsageError("a batch is no conversation", next_step="Leave --conversation out")
    if batch == bool(asked.question.strip()):
        what = "a batch takes its questions from the file" if batch else "no question"
        raise UsageError(what, next_step='Type aether ask "..." or aether ask --batch FILE --out FILE')
    return Request(
        question=asked.question,
        access=access_set([PUBLIC, *asked.principals]),
        sources=frozenset(asked.sources),
        kinds=frozenset(asked.kinds),
        exclude=frozenset(asked.exclude),
        length=LENGTHS[asked.length],
        audience=audience_of(asked.audience),
    )


def ask_one(wiring: Wiring, request: Request, *, json: bool, composer: str | None = None, talk: str = "") -> int:
    """Answer and show it; the exit status. Raises `UsageError` where a service answers and a composer is asked for.

    talk  the conversation that the question goes on with, "" for none
    """
    beacon = beacon_of(wiring.settings.store)
    if beacon and composer:
        raise UsageError(
            "a service runs on this store, and answers by its own composer",
            item=f"--composer {composer}",
            next_step="Start it with AETHER_COMPOSER, or stop it",
        )
    if beacon:
        with wiring.store() as store:
            answer, roots = _said(lambda r: ask_through(beacon, r), store, request, talk), roots_of(store)
    else:
        with asker(wiring, notice) as who:
            answer, roots = _said(who.ask, who.store, request, talk), roots_of(who.store)
    if json:
        print(answer.model_dump_json(indent=2))
    else:
        show_answer(answer, roots)
    return REFUSED if answer.refusal else DONE


def _said(ask: Callable[[Request], Answer], store: Store, request: Request, talk: str) -> Answer:
    """The answer, in a conversation the next turn of it. Raises `UsageError`."""
    if not talk:
        return ask(request)
    kept = Kept(store.folder)
    turn = Turn(talk, kept.turns(talk))
    shelf = ReadableShelf(store, request.access)
    answer = reply(ask, shelf, turn, request)
    kept.put(talk, answer)
    if not shelf.admits(answer):  # a document was forgotten before the answer was kept
        kept.forget()
    return answer
