"""Questions that follow each other.

The answers of before are never evidence: what a conversation knows is what the documents say, and what its reader said.
It is kept in this process for its caller only, for a day after its last
turn; an answer that shows a document which the caller may no longer read is not shown again.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from corpus.errors import NotFound, Overloaded
from service.access.principal import Principal
from service.answer import Answer
from service.talking.kept import KEPT_SECONDS, TURNS

_MOST = 1_000


@dataclass(eq=False)
class Conversation:
    """The turns of one caller: what they asked, and the answers."""

    who: Principal
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    turns: list[Answer] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def put(self, made: Answer) -> None:
        """One more turn; of very many the first go."""
        self.turns = [*self.turns, made][-TURNS:]
        self.since = time.monotonic()


class Conversations:
    """The conversations that are kept. Used in the event loop only, but for `forget`."""

    def __init__(self) -> None:
        self._kept: dict[str, Conversation] = {}

    def new(self, who: Principal) -> Conversation:
        """A conversation for a caller. Raises `Overloaded` where too many are kept."""
        now = time.monotonic()
        self._kept = {name: one for name, one in self._kept.items() if now - one.since < KEPT_SECONDS}
        if len(self._kept) >= _MOST:
            raise Overloaded("more conversations are kept than can be", retry=60)
        made = Conversation(who)
        self._kept[made.id] = made
        return made

    def find(self, who: Principal, name: str) -> Conversation:
        """The caller's conversation of that id. Raises `NotFound`."""
        found = self._kept.get(name)
        if found is None or found.who != who:
            raise NotFound("no such conversation", item=name, next_step="Begin one with POST /v1/conversations")
        return found

    def drop(self, who: Principal, name: str) -> None:
        """End it. Raises `NotFound`."""
        del self._kept[self.find(who, name).id]

    def forget(self) -> None:
        """Keep no answer of any, as after a document was forgotten."""
        for one in list(self._kept.values()):
            one.turns = []
