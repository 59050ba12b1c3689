"""The port that writes answers, and its adapter without a model.

A composer turns a view of the evidence into the body of an answer. Whatever wrote it, a body leaves the process only
whole: every sentence was judged and holds, and every citation in it can be resolved.
"""

from __future__ import annotations

from typing import Protocol

from service.answering.assemble import Assembled, assemble
from service.answering.compose import compose
from service.answering.instructions import asks_of_orders
from service.answering.view import Request, View
from service.audience.angle import spared_code
from service.grounding.claim import Claim, Ground
from service.grounding.quote import quote
from service.grounding.resolution import resolution


class Composer(Protocol):
    """Writes the body of an answer.

    name     what the fingerprint calls it
    persona  hash of the instructions that it gives a model, "" without one
    """

    @property
    def name(self) -> str: ...

    @property
    def persona(self) -> str: ...

    def compose(self, view: View, request: Request, ground: Ground) -> Assembled:
        """The checked body; one without sentences where nothing holds. Never fails for want of a model."""
        ...


class ExtractiveComposer:
    """Quotes the best units of the evidence in whole structures."""

    name = "extractive"
    persona = ""

    def compose(self, view: View, request: Request, ground: Ground) -> Assembled:
        """What the documents say, in their own words; to an executive without code where anything else is left."""
        orders = asks_of_orders(request.question)
        said = compose(view.ranked, view.passages(), request.length, orders=orders)
        if spared_code(request):
            said = [utterance for utterance in said if utterance.unit.kind != "code"] or said
        return assemble(said, ground)


def unsound(body: Assembled, ground: Ground) -> str:
    """What of a body may not leave the process, "" when nothing: the guard behind every composer."""
    numbered = {c.number: c for c in body.citations}
    for citation in body.citations:
        claim = Claim(citation.quote, "cited", (citation,))
        objection = resolution(claim, ground) or quote(claim, ground)
        if objection:
            return f"citation {citation.number}: {objection.check}"
    for sentence in body.sentences:
        if not sentence.verdict.supported or not set(sentence.citations) <= set(numbered):
            return f"sentence without a verdict or citation: {sentence.text[:80]}"
        if sentence.kind in ("cited", "derived") and not sentence.citations:
            return f"uncited sentence: {sentence.text[:80]}"
    return ""
