"""A proposal -> a review: what of the standard lens it deals with, and what the library says to it.

1. The proposal becomes a document by the same parsers as the library's.
2. For each rule of the lens the library is searched for its standard and for peers (`standards`).
3. The proposal is read under each rule (`coverage`); a form that it was made from counts as unsaid.
4. It is compared with what the library states, decided and suffered (`comparison`).
5. Each finding is graded by the written rule (`severity`), and cites both sides.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.documents import Document
from service.asker import Asker
from service.protocols.brought import document_of
from service.protocols.quotation import Quotation, title_of
from service.protocols.reading import Reading
from service.protocols.report import SEVERITIES, Covered, Finding, ReviewReport
from service.protocols.request import ReviewRequest
from service.protocols.review.comparison import compared
from service.protocols.review.coverage import Coverage, coverage
from service.protocols.review.draft import Draft
from service.protocols.review.lens import GROUPS, lens
from service.protocols.review.severity import grade
from service.protocols.review.standards import Backing, backing, entries, forms
from service.protocols.scribe import Scribe


def review(who: Asker, request: ReviewRequest, caller: frozenset[str]) -> ReviewReport:
    """The review. Raises `UsageError` where the proposal cannot be read, and what searching raises."""
    own = document_of(request, caller)
    reading = Reading(who, request, caller, own)
    with reading.stage("standards"):
        made_from = forms(reading)
        backed = {rule.name: backing(reading, rule, own.title, made_from) for rule in lens()}
    with reading.stage("coverage"):
        unfilled = entries(made_from)
        covered = [coverage(own, rule, unfilled) for rule in lens()]
    drafts = [draft for state in covered for draft in _lens_drafts(own, state, backed[state.rule.name], covered)]
    drafts += compared(reading, own)
    with reading.stage("write"):
        scribe = Scribe(reading)
        findings, matrix = _write(scribe, own, drafts, covered, backed)
    return ReviewReport(
        title=f"Review of {own.title}",
        name=request.name,
        native=own.parsed.native,
        **scribe.written(),
        findings=findings,
        coverage=matrix,
        fingerprint=who.engine.fingerprint(caller),
        timing_ms=reading.spent,
    )


def _lens_drafts(own: Document, state: Coverage, backed: Backing, covered: Sequence[Coverage]) -> list[Draft]:
    """The finding on a rule that is not dealt with."""
    if state.state == "addressed":
        return []
    near = [c.place for c in covered if c.place and c.state == "addressed" and c.rule.group == state.rule.group]
    place = state.place or max(near, key=lambda q: q.start, default=None) or title_of(own)
    passing = " beyond a mention in passing" if state.state == "mentioned" else ""
    return [
        Draft(
            kind="not_addressed",
            graded=grade("not_addressed", rule=state.rule.severity, state=state.state, backing=backed.kind),
            rule=state.rule.name,
            title=f"{state.rule.label}: not addressed",
            says=f"{state.rule.label} is not addressed{passing}.",
            own=(place,) if place else (),
            library=backed.quotes,
            fix=state.rule.question,
        )
    ]


def _write(
    scribe: Scribe,
    own: Document,
    drafts: Sequence[Draft],
    covered: Sequence[Coverage],
    backed: dict[str, Backing],
) -> tuple[tuple[Finding, ...], tuple[Covered, ...]]:
    """Everything onto the page, most severe first."""
    ordered = sorted(drafts, key=lambda draft: SEVERITIES.index(draft.graded.severity))
    addressed = sum(state.state == "addressed" for state in covered)
    scribe.notice(_verdict(ordered, addressed, len(covered)))
    scribe.heading("Findings")
    findings = [finding for draft in ordered if (finding := draft.write(scribe))]
    if not findings:
        scribe.notice("Nothing was found that a standard or another document of the library holds against it.")
    scribe.heading("Coverage")
    matrix = _matrix(scribe, covered, backed)
    scribe.heading("Questions to the author")
    for draft in ordered:
        if draft.kind == "not_addressed":
            scribe.ask(draft.fix, task=False)
    if not scribe.questions:
        scribe.notice("None.")
    return tuple(findings), matrix


def _verdict(ordered: Sequence[Draft], addressed: int, rules: int) -> str:
    counts = {s: sum(draft.graded.severity == s for draft in ordered) for s in SEVERITIES}
    told = ", ".join(f"{counts[s]} {s}" for s in SEVERITIES[:3])
    first = "Not ready" if counts["high"] else "Ready with changes" if counts["medium"] else "Ready"
    return f"**{first}: {told}; {addressed} of {rules} points of the lens are addressed.**"


def _matrix(scribe: Scribe, covered: Sequence[Coverage], backed: dict[str, Backing]) -> tuple[Covered, ...]:
    """A row a rule: how the proposal deals with it, and what stands in the library on it."""
    rows = []
    scribe.header("Group", "Point", "In the proposal", "In the library")
    for state in covered:
        rule, held = state.rule, backed[state.rule.name]
        places: tuple[Quotation, ...] = (state.place,) if state.place else ()
        cells = (GROUPS[rule.group], rule.label, state.state, held.kind)
        numbers = scribe.row(cells, "judgement", (*places, *held.quotes))
        if numbers is not None:
            split = len(places and places[0].spans)
            rows.append(
                Covered(
                    rule=rule.name,
                    group=rule.group,
                    label=rule.label,
                    state=state.state,
                    own=numbers[:split],
                    library=numbers[split:],
                )
            )
    return tuple(rows)
