"""A proposal, or the name of a subject -> a premortem: imagine that it has failed, and say how.

The ways come from incidents and warnings of the library, each with what is done against it, the signal that it begins
and the way back; what is lacking becomes a question. A probability is not given: no document states one.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.documents import Document
from service.asker import Asker
from service.protocols.brought import document_of
from service.protocols.premortem.modes import Way, ways
from service.protocols.quotation import Quotation
from service.protocols.reading import Reading
from service.protocols.report import Mode, PremortemReport
from service.protocols.request import PremortemRequest
from service.protocols.review.coverage import coverage
from service.protocols.review.lens import Rule, lens
from service.protocols.review.standards import entries, forms
from service.protocols.scribe import Scribe
from service.protocols.subject import about, is_proposal, whole

_LENS = ("service-levels", "rollback", "monitoring", "incident-response", "risks")
_LACKING = {
    "mitigation": "What is done so that it does not come to this?",
    "signal": "Which alert or metric shows that it begins, and who sees it?",
    "back": "How is it taken back then, and how long does that take?",
}


def premortem(who: Asker, request: PremortemRequest, caller: frozenset[str]) -> PremortemReport:
    """The premortem. Raises `UsageError` where the text cannot be read, and what searching raises."""
    own = document_of(request, caller)
    reading = Reading(who, request, caller, own)
    with reading.stage("ways"):
        found = ways(reading, own, subject_of(own), whole=is_proposal(own))
    with reading.stage("coverage"):
        lacking = _lacking(reading, own)
    with reading.stage("write"):
        draft = _Draft(Scribe(reading))
        draft.write(found, lacking)
    return PremortemReport(
        title=f"Premortem of {own.title if is_proposal(own) else subject_of(own)}",
        **draft.scribe.written(),
        modes=tuple(draft.modes),
        fingerprint=who.engine.fingerprint(caller),
        timing_ms=reading.spent,
    )


def subject_of(own: Document) -> str:
    """What the text is about, in its own words: all of a short one, else its title and gist."""
    if not is_proposal(own):
        return whole(own)
    place = about(own)
    return f"{own.title}: {place.text}" if place else own.title


def _lacking(reading: Reading, own: Document) -> list[Rule]:
    """The points on failing that a proposal does not deal with; none of a mere name."""
    if not is_proposal(own):
        return []
    unfilled = entries(forms(reading))
    return [rule for rule in lens() if rule.name in _LENS and coverage(own, rule, unfilled).state != "addressed"]


class _Draft:
    """The premortem on its way to the page."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe
        self.modes: list[Mode] = []

    def write(self, found: Sequence[Way], lacking: Sequence[Rule]) -> None:
        """Every section."""
        seen = sum(way.seen for way in found)
        silent = sum(way.whole and way.own is None for way in found)
        ways_to_fail = "way to fail" if len(found) == 1 else "ways to fail"
        told = f"{len(found)} {ways_to_fail}: {seen} seen before, {len(found) - seen} foreseen"
        rest = f"; on {silent} of them the proposal says nothing" if any(way.whole for way in found) else ""
        self.scribe.notice(f"**{told}{rest}.**")
        self.scribe.heading("Imagine that it has failed")
        for way in found:
            self._way(way)
        if not found:
            self.scribe.notice("The library knows of no incident and no warning on this subject.")
        self.scribe.heading("Questions")
        asked = dict.fromkeys(q for way in found for name, q in _LACKING.items() if getattr(way, name) is None)
        for question in (*(rule.question for rule in lacking), *asked):
            self.scribe.ask(question)
        if not self.scribe.questions:
            self.scribe.notice("None.")

    def _way(self, way: Way) -> None:
        rank = len(self.modes) + 1
        self.scribe.heading(f"{rank}. {way.title}", 3)
        lead = "**Seen before**" if way.seen else "**Foreseen**"
        place = self.scribe.quote(way.place, f"{lead}, {way.title}")
        if place is None:
            self.scribe.elements.pop()
            return
        told = {
            name: self._told(label, quoted)
            for name, label, quoted in (
                *([("own", "The proposal", way.own)] if way.whole else []),
                ("mitigation", "Against it", way.mitigation),
                ("signal", "Signal", way.signal),
                ("back", "Way back", way.back),
            )
        }
        self.scribe.say(way.because, "judgement", (way.place,), depth=0)
        self.modes.append(
            Mode(
                rank=rank,
                title=way.title,
                seen=way.seen,
                citation=place[-1],
                own=told.get("own", ()),
                mitigation=told["mitigation"],
                monitoring=told["signal"],
                rollback=told["back"],
                because=way.because,
            )
        )

    def _told(self, label: str, quoted: Quotation | None) -> tuple[int, ...]:
        """What is quoted, or that the documents are silent."""
        numbers = self.scribe.quote(quoted, f"{label}, {quoted.document.title}") if quoted else None
        if numbers is None:
            self.scribe.notice(f"{label}: not documented.", item=True)
        return numbers or ()
