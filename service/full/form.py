"""Whether a question is given the seven sections when the full form is asked for.

A short question of fact gets a short answer, and somebody in an incident gets the steps first.
"""

from __future__ import annotations

from service.answering.compose import BRIEF, NORMAL, Length
from service.answering.view import Request
from service.audience.incident import in_incident
from service.persona.rules.shape import asks_a_fact

SHORT = (
    "A question of fact gets a short answer; ask for the options, the risks or a plan to be answered in seven sections."
)
"""The fixed text under a short answer where the full form was asked for."""
STEPS_FIRST = "In an incident the steps come first; ask again without the incident to be answered in seven sections."
"""The same, where something is failing now."""


def instead_of_sections(question: str) -> str:
    """Why the question gets a short answer, as fixed text; "" where it gets the seven sections."""
    if in_incident(question):
        return STEPS_FIRST
    return SHORT if asks_a_fact(question) else ""


def short_of(request: Request) -> Length:
    """How long the answer is before sections are added: a summary where they are, else as it was asked."""
    if not request.length.sections:
        return request.length
    return NORMAL if instead_of_sections(request.question) else BRIEF
