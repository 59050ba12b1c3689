"""The messages of the two rounds: draft, and repair of what failed."""

from __future__ import annotations

from collections.abc import Sequence

from service.answering.compose import Length
from service.language.endpoint.model import Message
from service.language.evidence import Shown, fenced, plain
from service.language.persona import persona
from service.language.settle import Settled

_REASONS = {
    "resolution": "it names a key that was not given",
    "support": "the passages do not say these words",
    "quantities": "the passages do not have this quantity",
    "identifiers": "the passages do not have this name",
    "entities": "the passages do not have this name, or not in this place",
    "polarity": "the passages deny it, soften it or set a condition",
    "mention": "the passages only mention these words, in quotation marks",
    "context": "it leaves out what it depends on",
    "markup": "it has a link, image or tag that the passages do not have",
    "ban": "a sentence without a source must not say this",
}


def draft_messages(question: str, shown: Sequence[Shown], length: Length) -> tuple[Message, ...]:
    """The first round."""
    asked = (
        f"<question>\n{plain(question)}\n</question>\n\n{fenced(shown)}\n\n"
        f"Answer the question from the evidence in at most {length.words} words, as the JSON object that was described."
    )
    return (Message("system", persona()), Message("user", asked))


def repair_messages(first: Sequence[Message], reply: str, settled: Sequence[Settled]) -> tuple[Message, ...]:
    """The second round: the sentences that failed go back once, each with its number and the reason."""
    failed = [
        f'{i}. "{plain(item.sentence.text)}" - {_reason(item)}' for i, item in enumerate(settled) if not item.holds
    ]
    asked = (
        "These sentences failed their check:\n\n" + "\n".join(failed) + "\n\nWrite each again so that the evidence "
        'supports it, or leave it out. Return the JSON object with these sentences only, each with its number as "n".'
    )
    return (*first, Message("assistant", reply), Message("user", asked))


def _reason(item: Settled) -> str:
    verdict = item.sentence.verdict
    return f"{_REASONS.get(verdict.check, verdict.check)}: {plain(verdict.detail)}"
