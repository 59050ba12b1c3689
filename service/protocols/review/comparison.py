"""A proposal beside the library: contradictions, bases that no longer hold, precedents, incidents."""

from __future__ import annotations

from corpus.documents import Document
from service.protocols.reading import Reading
from service.protocols.review.bases import Basis, against_decisions, superseded
from service.protocols.review.contradictions import contradictions
from service.protocols.review.draft import Draft
from service.protocols.review.precedents import incidents, precedents
from service.protocols.review.severity import grade
from service.protocols.review.standards import is_standard
from service.standing.force import is_decided


def compared(reading: Reading, own: Document) -> list[Draft]:
    """The findings of every comparison."""
    with reading.stage("contradictions"):
        found = _quantities(reading, own)
    with reading.stage("bases"):
        found += [_basis(basis) for basis in (*against_decisions(reading, own), *superseded(reading, own))]
    with reading.stage("precedents"):
        found += _earlier(reading, own)
    return found


def _quantities(reading: Reading, own: Document) -> list[Draft]:
    return [
        Draft(
            kind="contradicts",
            graded=grade("contradicts", decided=is_decided(c.library.document) or is_standard(c.library.document)),
            rule="quantity",
            title=f"Another value: {c.says} and {c.instead}",
            says=f"The proposal states {c.says}, the library {c.instead}.",
            own=(c.own,),
            library=(c.library,),
            fix="Which of the two values holds, and which document has to change?",
        )
        for c in contradictions(reading, own)
    ]


def _basis(basis: Basis) -> Draft:
    kind = "superseded_basis" if basis.rule == "superseded-basis" else "contradicts"
    return Draft(
        kind="superseded_basis" if kind == "superseded_basis" else "contradicts",
        graded=grade(kind, decided=basis.decided),  # type: ignore[arg-type]
        rule=basis.rule,
        title=basis.says.removeprefix("The proposal ").rstrip(".").capitalize(),
        says=basis.says,
        own=(basis.own,),
        library=(basis.library,),
        fix="Does the proposal mean to change that decision? Then it has to say so and supersede the record."
        if basis.rule == "decision"
        else "Which document is the basis today?",
    )


def _earlier(reading: Reading, own: Document) -> list[Draft]:
    found = []
    for kind, says, fix, items in (
        ("seen_before", "An incident on this subject is on record.", "What keeps it from happening again?", incidents),
        ("precedent", "Earlier work on this subject is on record.", "", precedents),
    ):
        found += [
            Draft(
                kind=kind,  # type: ignore[arg-type]
                graded=grade(kind),  # type: ignore[arg-type]
                rule=kind.replace("_", "-"),
                title=says.rstrip("."),
                says=says,
                own=(item.own,),
                library=(item.library,),
                fix=fix,
            )
            for item in items(reading, own)
        ]
    return found
