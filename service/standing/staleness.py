"""The body of an answer -> the same, with a notice on sources whose time is over; none where only they could say what
holds today.

A superseded or deprecated document still answers what was once decided, so it is cited, and the answer says how it
stands. A question for the present state is another matter: where every source has ended, nothing that is said would
answer it, and it is refused as `stale_only`, unless it shows that it knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.citations import Citation
from service.answer import Sentence, Verdict
from service.answering.assemble import Assembled
from service.standing.force import KNOWS_ENDED, has_ended
from service.standing.notice import marks, notice

_TODAY = re.compile(
    r"\b(?:currently|today|nowadays|these days|still|up[- ]to[- ]date|in force|any ?more|at present|at the moment)\b"
    r"|\b(?:the|our|is|are) (?:current|latest|present|valid)\b",
    re.IGNORECASE,
)
_STALE = Verdict(
    supported=False,
    failure="contradiction:temporal",
    check="staleness",
    detail="its sources are superseded or deprecated, and the question is what holds today",
)


def aged(body: Assembled, question: str) -> Assembled:
    """The body with its notice; one without sentences where it would pass the old for today's.

    Of a side that lost a disagreement by a rule of precedence, the notice of the disagreement says enough.
    """
    used = {number for sentence in body.sentences for number in sentence.citations}
    cited = [citation for citation in body.citations if citation.number in used]
    ended = [citation for citation in cited if has_ended(citation.status, citation.superseded_by)]
    if not ended:
        return body
    lesser = {s.citation for c in body.conflicts if c.prevails is not None for s in c.sides} - {
        c.prevails for c in body.conflicts
    }
    only = len(ended) == len(cited)
    if only and _TODAY.search(question) and not KNOWS_ENDED.search(question):
        lost = tuple(sentence.model_copy(update={"verdict": _STALE}) for sentence in body.sentences)
        return replace(body, text="", sentences=(), citations=(), dropped=(*body.dropped, *lost))
    ended = [citation for citation in ended if citation.number not in lesser]
    if not ended:
        return body
    return body.noticed(ended_notice(ended, only=only))


def ended_notice(ended: Sequence[Citation], *, only: bool) -> Sentence:
    """The notice on sources whose time is over; `only`: nothing else is cited."""
    name = "ended_all" if only else "ended_one" if len(ended) == 1 else "ended_some"
    return notice(name, sources=marks([citation.number for citation in ended]), how=_how(ended))


def is_stale(body: Assembled) -> bool:
    """Whether the body lost what it said because only ended sources say it."""
    return not body.sentences and any(sentence.verdict.check == "staleness" for sentence in body.dropped)


def _how(ended: Sequence[Citation]) -> str:
    """How their time ended: by what, where that is known."""
    names = dict.fromkeys(name for citation in ended for name in citation.superseded_by)
    return f"superseded by {', '.join(f'`{name}`' for name in names)}" if names else "superseded or deprecated"
