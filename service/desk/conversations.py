"""Questions that follow each other.

A follow-up that leans on the question before it, because it says "it" or little at all, is asked together with the last
question that stood by itself; every other question is asked as it is. The answers of before are never evidence: what a
conversation knows is what the documents say. It is kept in this process for its caller only, for a day after its last
turn; an answer that shows a document which the caller may no longer read is not shown again.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.errors import NotFound, Overloaded
from service.access.principal import Principal
from service.answer import Answer
from service.answering.terms import terms

_KEPT_SECONDS = 86_400.0
_MOST = 1_000
_TURNS = 100
_FEW = 4
_LONGEST = 4_000
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|those|these|there|the (?:same|former|latter|other|first|second)|that one)\b"
    r"|\b(?:that|this)\b(?=\s*(?:[?.!]|$|is\b|was\b|does\b|did\b|has\b))"
    r"|^\s*(?:and|but|or|so|then|also|(?:what|how) about|why(?: not)?\s*\??$|when\s*\??$|where\s*\??$|how long)\b",
    re.IGNORECASE,
)


@dataclass(eq=False)
class Conversation:
    """The turns of one caller: what they asked, and the answers."""

    who: Principal
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    turns: list[Answer] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def follow(self, question: str) -> str:
        """The question as it is asked after those before it."""
        return follow([turn.question for turn in self.turns], question)

    def put(self, made: Answer) -> None:
        """One more turn; of very many the first go."""
        self.turns = [*self.turns, made][-_TURNS:]
        self.since = time.monotonic()


class Conversations:
    """The conversations that are kept. Used in the event loop only, but for `forget`."""

    def __init__(self) -> None:
        self._kept: dict[str, Conversation] = {}

    def new(self, who: Principal) -> Conversation:
        """A conversation for a caller. Raises `Overloaded` where too many are kept."""
        now = time.monotonic()
        self._kept = {name: one for name, one in self._kept.items() if now - one.since < _KEPT_SECONDS}
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


def follow(earlier: Sequence[str], question: str) -> str:
    """The question, behind the last earlier one that stands by itself where it leans on what was said."""
    if not leans(question):
        return question
    topic = next((one for one in reversed(earlier) if not leans(one)), "")
    joined = f"{topic.strip().rstrip('.?!')}? {question}"
    return joined if topic and len(joined) <= _LONGEST else question


def leans(question: str) -> bool:
    """Whether it says too little to be asked by itself."""
    said = terms(question)
    return len(said) < 2 or (len(said) <= _FEW and bool(_LEANS.search(question)))
