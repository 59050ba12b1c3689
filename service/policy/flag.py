"""The notices that an answer carries where it touches individuals, what a law or a contract says, or others' work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from corpus.citations import Citation
from service.answer import Sentence
from service.policy.policy import notice_of, touches

CAVEAT = "What papers and vendors report is as described in their own documentation; results vary by workload."
"""How others' work is introduced."""

_NOTICES: tuple[Literal["regulation", "personal"], ...] = ("regulation", "personal")


def flags(question: str, said: Sequence[Sentence], citations: Sequence[Citation] = ()) -> tuple[Sentence, ...]:
    """The notices for a question, for what is said in the program's own words (judgements, assumptions, questions),
    and for others' work that is cited."""
    own = [question, *(s.text for s in said if s.kind in ("judgement", "assumption", "question"))]
    wanted = [name for name in _NOTICES if any(touches(name, text) for text in own)]
    texts = [notice_of(name) for name in wanted]
    external = {c.number for c in citations if c.external}
    if any(external & set(s.citations) for s in said) and all(s.text != CAVEAT for s in said):
        texts.append(CAVEAT)
    return tuple(Sentence.notice(text) for text in texts)
