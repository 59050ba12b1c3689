"""The composer that lets a language model write, and lets out only what holds.

draft -> settle -> repair once -> settle -> render. When the endpoint fails before a draft is whole, or nothing of the
draft holds, the extractive composer answers instead and the answer says so; when it fails later, what holds is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.errors import ModelFailure
from corpus.ports import Embedder
from service.answer import Sentence, Usage
from service.answering.assemble import Assembled
from service.answering.composer import Composer
from service.answering.view import Request, View
from service.grounding.claim import Ground
from service.language.draft import Drafted, drafted
from service.language.endpoint.ask import Line
from service.language.endpoint.budget import Budget, Meter, Price
from service.language.endpoint.model import Message
from service.language.evidence import show
from service.language.locate import Locator
from service.language.persona import persona_hash
from service.language.prompt import draft_messages, repair_messages
from service.language.render import markdown
from service.language.settle import Settled, Settling, renumbered

NOTICE = "The language model could not be used for this answer; it is quoted from the documents."
_MOST_REPAIRED = 10


@dataclass(frozen=True, slots=True)
class Purse:
    """What an answer may cost: its budget, the room for evidence in a prompt, and what tokens cost by model."""

    budget: Budget
    evidence: int = 6_000
    prices: Mapping[str, Price] = field(default_factory=dict)


class LanguageModelComposer:
    """Writes with a model. `otherwise` finishes what the model cannot."""

    def __init__(self, line: Line, embedder: Embedder, otherwise: Composer, purse: Purse) -> None:
        self._line = line
        self._embedder = embedder
        self._otherwise = otherwise
        self._purse = purse
        self.name = line.model.name
        self.persona = persona_hash()

    def compose(self, view: View, request: Request, ground: Ground) -> Assembled:
        """The checked body. No failure of the model reaches the caller."""
        shown = show(view, self._embedder, tokens=self._purse.evidence)
        settling = Settling(shown, ground, request.question, Locator(self._embedder))
        meter = Meter(self._purse.budget)
        messages = draft_messages(request.question, shown, request.length)
        try:
            reply = self._line.ask(messages, meter)
        except ModelFailure as failure:
            return self._degraded(view, request, ground, self._usage(meter, failure.what), ())
        settled = settling.settle(drafted(reply))
        settled, failed = self._repaired(settling, settled, messages, reply, meter)
        lost = tuple(s.sentence for s in settled if not s.holds)
        if not any(s.holds and s.citations for s in settled):
            why = "no sentence of the model held" if settled else "the model wrote no sentence"
            return self._degraded(view, request, ground, self._usage(meter, failed or why), lost)
        once = {" ".join(s.drafted.text.split()): s for s in reversed(settled) if s.holds}
        kept, citations = renumbered([*reversed(once.values())])
        said = tuple(s.sentence for s in kept)
        usage = self._usage(meter, f"repair: {failed}" if failed else "")
        return Assembled(markdown(kept), said, citations, lost, composer=self.name, usage=usage)

    def _repaired(
        self, settling: Settling, settled: list[Settled], messages: Sequence[Message], reply: str, meter: Meter
    ) -> tuple[list[Settled], str]:
        """The sentences after one round of repair, and why there was none where one was wanted."""
        if all(s.holds for s in settled):
            return settled, ""
        try:
            again = drafted(self._line.ask(repair_messages(messages, reply, settled), meter))
        except ModelFailure as failure:
            return settled, failure.what
        return settling.settle(_mended([s.drafted for s in settled], settled, again)), ""

    def _degraded(
        self, view: View, request: Request, ground: Ground, usage: Usage, lost: Sequence[Sentence]
    ) -> Assembled:
        """The extractive answer, marked."""
        body = self._otherwise.compose(view, request, ground)
        if not body.sentences:
            return replace(body, dropped=(*lost, *body.dropped), usage=usage)
        return replace(body.noticed(Sentence.notice(NOTICE)), dropped=(*lost, *body.dropped), usage=usage)

    def _usage(self, meter: Meter, degraded: str) -> Usage:
        return meter.usage(self.name, self._purse.prices, degraded)


def _mended(first: Sequence[Drafted], settled: Sequence[Settled], again: Sequence[Drafted]) -> list[Drafted]:
    """The draft with second versions in the places of the sentences that failed; other versions are left out."""
    standing = {item.drafted.text for item in settled if item.holds}
    fresh = [s for s in again if s.text not in standing][:_MOST_REPAIRED]
    places = {s.place: s for s in fresh if s.place >= 0}
    waiting = iter([s for s in fresh if s.place < 0])
    return [
        was if item.holds else places.get(i) or next(waiting, was)
        for i, (was, item) in enumerate(zip(first, settled, strict=True))
    ]
