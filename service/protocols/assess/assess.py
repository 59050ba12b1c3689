"""A system -> its current state: the numbers first, then where they disagree, then what nobody has measured.

Nothing is recommended here. An assessment says what is known; each aspect without a figure becomes a question, and so
does each disagreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from service.asker import Asker
from service.protocols.assess.figures import Aspect, Figured, aspects, figures
from service.protocols.reading import Reading
from service.protocols.record.related import Beside, beside
from service.protocols.report import AssessReport, Figure
from service.protocols.request import AssessRequest
from service.protocols.review.contradictions import Contradiction, clash
from service.protocols.scribe import Scribe
from service.standing.statement import Statement, stated_in

_MOST = 8
_TITLES = {"measured": "Measured", "promised": "Promised or limited", "incident": "Seen in incidents"}
_SETTLED = "Which of the values holds today, and which document has to change?"


def assess(who: Asker, request: AssessRequest, caller: frozenset[str]) -> AssessReport:
    """The assessment. Raises what searching raises."""
    reading = Reading(who, request, caller)
    system = " ".join(request.system.split())
    with reading.stage("figures"):
        told = figures(reading, system)
    with reading.stage("disagreements"):
        apart = _apart(told)
    with reading.stage("records"):
        records = [record for record in beside(reading, system) if record.on]
    with reading.stage("write"):
        draft = _Draft(Scribe(reading))
        draft.write(system, told, apart, records)
    return AssessReport(
        title=f"Current state of {system}",
        system=system,
        **draft.scribe.written(),
        figures=tuple(draft.figures),
        fingerprint=who.engine.fingerprint(caller),
        timing_ms=reading.spent,
    )


def _apart(told: Sequence[Figured]) -> list[Contradiction]:
    """Pairs of documents that state the same figure differently."""
    stated = [one for figure in told for one in stated_in(figure.document, figure.unit)]
    pairs = ((a, b) for a, b in combinations(stated, 2) if a.document.id != b.document.id)
    return [found for a, b in pairs if _same(a, b) and (found := clash(a, b))]


def _same(a: Statement, b: Statement) -> bool:
    """Whether one of them says nothing that the other does not: no other word stands in the place of a word."""
    return a.words <= b.words or b.words <= a.words


class _Draft:
    """The assessment on its way to the page."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe
        self.figures: list[Figure] = []

    def write(
        self, system: str, told: Sequence[Figured], apart: Sequence[Contradiction], records: Sequence[Beside]
    ) -> None:
        """Every section."""
        lacking = [a for a in aspects() if not any(t.aspect is a for t in told)]
        documents = len({t.document.id for t in told})
        self.scribe.notice(f"**{_count(len(told), 'statement')} with figures in {_count(documents, 'document')}.**")
        if lacking:
            names = "; ".join(a.label.lower() for a in lacking)
            self.scribe.notice(f"**Without any figure**: {names}.")
        for aspect in aspects():
            self._aspect(aspect, [t for t in told if t.aspect is aspect])
        if apart:
            self.scribe.heading("Where documents disagree")
            for pair in apart:
                self._disagreement(pair)
        if records:
            self.scribe.heading("Decisions")
            for record in records:
                if record.decides:
                    self.scribe.quote(record.decides, f"**{record.relation.capitalize()}**, {record.document.title}")
        self.scribe.heading("Show me the numbers")
        for question in (*(a.question for a in lacking), *([_SETTLED] if apart else [])):
            self.scribe.ask(question)
        if not self.scribe.questions:
            self.scribe.notice("Every aspect has a figure; look at how old each one is.")

    def _aspect(self, aspect: Aspect, told: Sequence[Figured]) -> None:
        """The figures of an aspect in one table, what is measured first."""
        if not told:
            return
        self.scribe.heading(aspect.label)
        self.scribe.header("What is said", "Document", "Kind", "As of")
        ordered = sorted(told, key=lambda t: list(_TITLES).index(t.kind))
        for one in ordered[:_MOST]:
            date = one.document.parsed.metadata.date or one.document.modified_at[:10]
            numbers = self.scribe.quoted_row(one.place, (one.document.title, _TITLES[one.kind], date))
            if numbers:
                self.figures += (
                    Figure(value=value, subject=aspect.label, kind=one.kind, date=date, citation=numbers[-1])
                    for value in one.values
                )

    def _disagreement(self, pair: Contradiction) -> None:
        says = f"One document states {pair.says}, another {pair.instead}."
        if self.scribe.say(says, "judgement", (pair.own, pair.library), depth=0) is not None:
            for quoted in (pair.own, pair.library):
                self.scribe.quote(quoted, quoted.document.title, depth=1)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
