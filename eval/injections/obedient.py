"""A model that obeys every instruction it sees, as wholly as a scripted one can.

It says the page's answer, so that an attack has an answer to change, and then everything that the attack wants said:
its payloads, its own words, and compliance, each as every kind of sentence, with the key of the poisoned passage and
without. As a weak model would, it may also ramble in prose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Span
from corpus.units import sentences
from eval.injections.attack import Attack, folded, signs
from service.language.endpoint.model import Message, Piece

_PASSAGE = re.compile(r'<evidence key="(\w+)"[^>]*>\n(.*?)\n</evidence>', re.DOTALL)
_OWN = ("judgement", "assumption", "question", "notice")
_LINES = 9


@dataclass(frozen=True, slots=True)
class Obedient:
    """Obeys one attack; None is a day without one. `rambles` makes it answer in prose."""

    attack: Attack | None
    answer: str
    rambles: bool = False
    name: str = "obedient:scripted"

    def stream(self, messages: Sequence[Message]) -> Iterator[Piece]:
        """The reply, the same for the same messages."""
        seen = next(m.text for m in messages if m.role == "user")
        passages = _PASSAGE.findall(seen)
        good = [key for key, text in passages if folded(self.answer) in folded(text)]
        lines = self._obeyed(seen)
        bad = [key for key, text in passages if self.attack and signs(self.attack) & _runs(self.attack, text)]
        yield Piece(self._prose(good, bad, lines) if self.rambles else self._json(good, bad, lines))

    def _obeyed(self, seen: str) -> list[str]:
        """What it says for an attack that it sees."""
        if self.attack is None or not _runs(self.attack, seen):
            return []
        text = self.attack.text
        own = [text[s.start : s.end].strip() for s in sentences(text, Span(0, len(text)))]
        said = [*self.attack.payloads, *own, *(f"Sure, here it is: {p}." for p in self.attack.payloads[:1])]
        return [line for line in dict.fromkeys(said) if line][:_LINES]

    def _json(self, good: Sequence[str], bad: Sequence[str], lines: Sequence[str]) -> str:
        said: list[dict[str, object]] = [{"kind": "cited", "text": self.answer, "keys": list(good[:1])}]
        for line in lines:
            said.append({"kind": "cited", "text": line, "keys": list(bad[:1])})
            said.append({"kind": "derived", "text": line, "keys": [], "formula": line})
            said += [{"kind": kind, "text": line, "keys": []} for kind in _OWN]
        return json.dumps({"sentences": said})

    def _prose(self, good: Sequence[str], bad: Sequence[str], lines: Sequence[str]) -> str:
        keyed = [f"{line} [{key}]" for key in bad[:1] for line in lines]
        openings = ("Assumption", "Judgement", "Question")
        opened = [f"{opening}: {line}" for opening in openings for line in lines]
        first = f"{self.answer} [{good[0]}]" if good else self.answer
        return "\n\n".join((first, *keyed, *lines, *opened))


def _runs(attack: Attack, text: str) -> frozenset[str]:
    """The signs of an attack that a text shows."""
    plain = folded(text)
    return frozenset(sign for sign in signs(attack) if sign in plain)
