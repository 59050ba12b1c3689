"""A question to be decided -> a decision record in the form of MADR, as far as the library can fill it.

Whatever stands in it is quoted from a document and cited, or is the reader's own. What nobody has said is a place to
fill, `[NEEDS INPUT: ...]`, never prose; who chooses, and why, is always one. Records that decided the question before
come first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.answering.terms import terms
from service.asker import Asker
from service.protocols.quotation import Quotation, quotation
from service.protocols.reading import Reading, Said
from service.protocols.record.options import Weighed, weighed
from service.protocols.record.related import Beside, beside
from service.protocols.report import RecordReport, Related
from service.protocols.request import RecordRequest
from service.protocols.scribe import Scribe

_DRIVES = re.compile(
    r"\b(?:must|shall|should|needs? to|has to|have to|require[sd]?|requirements?|goals?|objectives?|constraint\w*"
    r"|at most|at least|slos?|budget|deadline)\b",
    re.IGNORECASE,
)
_CONTEXT, _DRIVERS, _CONSEQUENCES = 4, 5, 4
_SHARED = 2
_LONGEST = 80
_BEFORE = {
    "decided before": "**Warning**: This was decided before, and that decision is in force.",
    "under discussion": "**Note**: A record on this is open.",
}


def adr(who: Asker, request: RecordRequest, caller: frozenset[str]) -> RecordReport:
    """The record. Raises what searching raises."""
    reading = Reading(who, request, caller)
    question = " ".join(request.question.split())
    with reading.stage("records"):
        records = beside(reading, question)
    with reading.stage("context"):
        context = _quoted(reading.told(question), terms(question), _CONTEXT)
        drivers = _drivers(reading, question, records)
    with reading.stage("options"):
        options = weighed(reading, question, request.options, records)
    with reading.stage("write"):
        draft = _Draft(Scribe(reading))
        draft.write(question, context, drivers, options, records)
    return RecordReport(
        title=question,
        **draft.scribe.written(),
        needs=tuple(draft.scribe.questions),
        related=tuple(draft.related),
        decided_before=tuple(r.citation for r in draft.related if r.relation == "decided before"),
        fingerprint=who.engine.fingerprint(caller),
        timing_ms=reading.spent,
    )


def _drivers(reading: Reading, question: str, records: Sequence[Beside]) -> list[Quotation]:
    """What a choice has to meet: the drivers of records on the question, then demands of any document on it."""
    found = [quoted for record in records if record.on for quoted in record.parts.drivers]
    told = reading.found(f"requirements, goals and constraints: {question}")
    demands = [said for said in told if _DRIVES.search(said.text)]
    return [*found, *_quoted(demands, terms(question), _DRIVERS)][:_DRIVERS]


def _quoted(found: Sequence[Said], asked: frozenset[str], most: int) -> list[Quotation]:
    """The first units that share words with the question and can be quoted."""
    quotes: list[Quotation] = []
    for said in found:
        shared = asked & terms(said.text)
        if said.unit.kind not in ("sentence", "item") or len(shared) < min(_SHARED, len(asked)):
            continue
        quoted = quotation(said.document, said.unit)
        if quoted and len(quoted.text.split()) <= _LONGEST and not quoted.text.endswith(":"):
            quotes.append(quoted)
    return sorted(quotes[: 2 * most], key=lambda quoted: len(quoted.spans) > 1)[:most]


class _Draft:
    """The record on its way to the page."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe
        self.related: list[Related] = []

    def write(
        self,
        question: str,
        context: Sequence[Quotation],
        drivers: Sequence[Quotation],
        options: Sequence[Weighed],
        records: Sequence[Beside],
    ) -> None:
        """Every section of MADR, in its order."""
        self._before(records)
        self.scribe.heading("Status")
        self.scribe.notice("Proposed.")
        self.scribe.need("the date, and who decides")
        self.scribe.heading("Context and problem statement")
        self.scribe.say(question, "question")
        self._all(context, "what makes this question pressing now")
        self.scribe.heading("Decision drivers")
        self._all(drivers, "what the choice has to meet")
        self._options(options)
        self._outcome(records)
        self._weighed(options)
        self._more(records)

    def _before(self, records: Sequence[Beside]) -> None:
        """The warning that this was decided before, or that a record on it is open."""
        for relation, says in _BEFORE.items():
            those = [r for r in records if r.relation == relation and r.decides]
            quoted = tuple(q for r in those for q in (r.decides, r.status) if q)
            if those and self.scribe.say(says, "judgement", quoted):
                for record in those:
                    if record.decides:
                        self.scribe.quote(record.decides, record.document.title)

    def _options(self, options: Sequence[Weighed]) -> None:
        self.scribe.heading("Considered options")
        for option in options:
            held = option.recorded
            if held and held.whole:
                self.scribe.quote(held.place, held.place.document.title)
            elif held:
                self.scribe.say(held.name, "cited", (held.place,), depth=0)
            else:
                self.scribe.say(f"{option.name} *(named in the question)*", "judgement", depth=0)
        if len(options) < 2:
            self.scribe.need("the options, at least two, one of them to leave things as they are", depth=0)

    def _outcome(self, records: Sequence[Beside]) -> None:
        self.scribe.heading("Decision outcome")
        self.scribe.need("which option is chosen, and because of which drivers")
        self.scribe.heading("Consequences", 3)
        for word, side in (("Good", "good"), ("Bad", "bad")):
            told = 0
            for record in (r for r in records if r.on):
                for quoted in getattr(record.parts, side)[: _CONSEQUENCES - told]:
                    told += self.scribe.quote(quoted, record.document.title) is not None
            self.scribe.need(f"{word.lower()} consequences of the option that is chosen", depth=0)
        self.scribe.heading("Confirmation", 3)
        self.scribe.need("how it will be seen that the decision is followed, and by when it is looked at again")

    def _weighed(self, options: Sequence[Weighed]) -> None:
        """Each option with both sides: none stands with its advantages alone."""
        self.scribe.heading("Pros and cons of the options")
        for option in options:
            self.scribe.heading(option.name, 3)
            for word, quotes, lacking in (
                ("Good", option.good, "what speaks for it"),
                ("Bad", option.bad, "what speaks against it, and what it costs"),
            ):
                said = [self.scribe.quote(q, f"{word} ({q.document.title})") for q in quotes]
                if not any(said):
                    self.scribe.need(f"{option.name}: {lacking}", depth=0)
        if not options:
            self.scribe.need("what speaks for and against each option")

    def _more(self, records: Sequence[Beside]) -> None:
        """Related records, and those that replaced or were replaced by them."""
        self.scribe.heading("More information")
        for record in records:
            quoted = tuple(q for q in (record.status, record.decides) if q)
            title = record.document.title
            named = f"{record.of} {record.relation} {title}" if record.of else f"{record.relation}: {title}"
            numbers = self.scribe.say(f"{named[:1].upper()}{named[1:]}", "judgement", quoted, depth=0)
            if numbers:
                self._relate(record, numbers)
        if any(r.relation == "decided before" for r in self.related):
            self.scribe.need("whether this record supersedes the earlier decision; then both have to say so", depth=0)
        if not records:
            self.scribe.notice("No record on this question was found in the library.")

    def _relate(self, record: Beside, numbers: tuple[int, ...]) -> None:
        said = record.document.parsed.metadata
        self.related.append(
            Related(
                document=record.document.id,
                title=record.document.title,
                status=said.status,
                relation=record.relation,
                citation=numbers[0],
            )
        )

    def _all(self, quoted: Sequence[Quotation], lacking: str) -> None:
        """The quotations as a list, else the place to fill."""
        said = [self.scribe.quote(q, q.document.title) for q in quoted]
        if not any(said):
            self.scribe.need(lacking)
