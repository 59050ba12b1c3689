"""The notices that an answer carries where it touches individuals, or what a law or a contract says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from service.answer import Sentence
from service.policy.policy import notice_of, touches

_NOTICES: tuple[Literal["regulation", "personal"], ...] = ("regulation", "personal")


def flags(question: str, said: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The notices for a question and what is said in the program's own words: judgements, assumptions, questions."""
    own = [question, *(s.text for s in said if s.kind in ("judgement", "assumption", "question"))]
    wanted = [name for name in _NOTICES if any(touches(name, text) for text in own)]
    return tuple(Sentence.notice(notice_of(name)) for name in wanted)
