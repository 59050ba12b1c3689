"""What somebody wants to begin -> an intake: what is stated, what has to be asked, how mature the ground is.

1. The text is read on each point (`points.toml`): outcome, success, constraints, data, risk. A point that needs a
   number and has none is half stated.
2. The maturity is read from what the text and the library say of today (`maturity.toml`).
3. The library is asked for decisions, earlier work and incidents on the subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.units import units
from service.asker import Asker
from service.protocols.brought import document_of
from service.protocols.intake.maturity import UNKNOWN, Maturity, maturity
from service.protocols.intake.points import Found, points, stated
from service.protocols.quotation import quotation
from service.protocols.reading import Reading
from service.protocols.record.related import Beside, beside
from service.protocols.report import IntakeReport, Stated
from service.protocols.request import IntakeRequest
from service.protocols.review.precedents import Earlier, incidents, precedents
from service.protocols.review.standards import entries, forms
from service.protocols.scribe import Scribe
from service.protocols.subject import about

_PEOPLE = re.compile(
    r"\bpersonal data\b|\bpersonal information\b|\bpii\b|\bhealth (?:data|records)\b|\bbiometric|\bfaces?\b"
    r"|\b(?:employees?|applicants?|candidates?|patients?|borrowers?|tenants?|students?|customers?|users?)\b.{0,60}"
    r"\b(?:scor\w+|rank\w*|rat(?:e|ed|ing)|monitor\w*|track\w*|profil\w+|screen\w*|reject\w*|approv\w*|predict\w*)\b"
    r"|\b(?:scor\w+|rank\w*|monitor\w*|track\w*|profil\w+|screen\w*|predict\w*)\b.{0,40}"
    r"\b(?:employees?|applicants?|candidates?|patients?|borrowers?|tenants?|students?|customers?|users?)\b",
    re.IGNORECASE,
)
_GAMED = "Which second metric would show that the first one is met at the cost of what is wanted?"
_TODAY = "How is this done today: by whom, with which tools, and what does that take each week?"
_PRIVACY = "Who could misuse this, whom could it treat unfairly, and which personal data could leak from it?"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the library holds on the subject."""

    decisions: Sequence[Beside]
    earlier: Sequence[Earlier]
    incidents: Sequence[Earlier]


def intake(who: Asker, request: IntakeRequest, caller: frozenset[str]) -> IntakeReport:
    """The intake. Raises `UsageError` where the text cannot be read, and what searching raises."""
    own = document_of(request, caller)
    reading = Reading(who, request, caller, own)
    place = about(own)
    subject = f"{own.title} {place.text if place else ''}"
    with reading.stage("points"):
        unfilled = entries(forms(reading))
        found = [stated(own, point, unfilled) for point in points()]
    with reading.stage("maturity"):
        level = maturity(reading, own, subject)
    with reading.stage("library"):
        known = _Known(beside(reading, subject), precedents(reading, own), incidents(reading, own))
    with reading.stage("write"):
        draft = _Draft(Scribe(reading))
        draft.write(own, found, level, known)
    return IntakeReport(
        title=f"Intake: {own.title}",
        **draft.scribe.written(),
        stated=tuple(draft.stated),
        maturity=level.level.name if level.level else UNKNOWN,
        evidence=tuple(draft.evidence),
        fingerprint=who.engine.fingerprint(caller),
        timing_ms=reading.spent,
    )


class _Draft:
    """The intake on its way to the page."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe
        self.stated: list[Stated] = []
        self.evidence: list[int] = []

    def write(self, own: Document, found: Sequence[Found], level: Maturity, known: _Known) -> None:
        """Every section."""
        whole = sum(one.state == "stated" for one in found)
        name = level.level.name if level.level else UNKNOWN
        ready = "Ready to be designed" if whole == len(found) else "Not ready to be designed"
        self.scribe.notice(f"**{ready}: {whole} of {len(found)} points are stated. Maturity: {name}.**")
        self._stated(found)
        self._maturity(level)
        self._known(known)
        self.scribe.heading("Questions")
        for one in found:
            self.scribe.ask(one.ask)
        if any(one.point.name == "success" and one.state == "stated" for one in found):
            self.scribe.ask(_GAMED)
        self._people(own)
        self.scribe.ask(level.level.next if level.level else _TODAY)
        if not self.scribe.questions:
            self.scribe.notice("None.")

    def _stated(self, found: Sequence[Found]) -> None:
        self.scribe.heading("What is stated")
        for one in found:
            label = one.point.label if one.state != "without a number" else f"{one.point.label}, without a number"
            numbers = [n for q in one.places for n in self.scribe.quote(q, f"**{label}**") or ()]
            self.stated.append(Stated(rule=one.point.name, label=one.point.label, own=tuple(numbers), question=one.ask))
            if not numbers:
                self.scribe.notice(f"**{one.point.label}**: not stated.", item=True)

    def _maturity(self, level: Maturity) -> None:
        self.scribe.heading("Maturity")
        if level.level is None:
            self.scribe.notice("**Unknown**: neither the text nor the library says how this is done today.")
            return
        numbers = self.scribe.say(
            f"**{level.level.name.capitalize()}**: {level.level.says}", "judgement", level.evidence
        )
        self.evidence += numbers or ()
        for quoted in level.evidence:
            self.scribe.quote(quoted, quoted.document.title)

    def _known(self, known: _Known) -> None:
        self.scribe.heading("What the library holds on it")
        said = False
        for record in known.decisions:
            if record.on and record.decides:
                lead = f"**{record.relation.capitalize()}**, {record.document.title}"
                said |= self.scribe.quote(record.decides, lead) is not None
        decided = {record.document.id for record in known.decisions}
        for label, items in (("Incident", known.incidents), ("Earlier work", known.earlier)):
            for item in items:
                if item.document.id not in decided:
                    said |= self.scribe.quote(item.library, f"**{label}**, {item.document.title}") is not None
        if not said:
            self.scribe.notice("No decision, earlier work or incident on this subject was found.")

    def _people(self, own: Document) -> None:
        """The flag on what concerns people; it is raised by the text's own words."""
        for unit in units(own, Span(0, len(own.text))):
            if _PEOPLE.search(own.visible(unit.start, unit.end)) and (quoted := quotation(own, unit)):
                self.scribe.ask(_PRIVACY, (quoted,))
                return
