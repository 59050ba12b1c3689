"""A finding on its way to the page."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.outline import line_starts, place_of
from service.protocols.quotation import Quotation
from service.protocols.report import Finding, FindingKind
from service.protocols.review.severity import Graded
from service.protocols.scribe import Scribe

_LABELS: dict[FindingKind, str] = {"precedent": "Precedent"}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a finding wants to say, and the places on both sides."""

    kind: FindingKind
    graded: Graded
    rule: str
    title: str
    says: str
    own: tuple[Quotation, ...]
    library: tuple[Quotation, ...]
    fix: str = ""

    def write(self, scribe: Scribe) -> Finding | None:
        """Put it on the page; None where the contract drops it."""
        quoted = (*self.own, *self.library)
        label = _LABELS[self.kind] if self.graded.severity == "none" else self.graded.severity.capitalize()
        if scribe.say(f"**{label}**: {self.says}", "judgement", quoted, depth=0) is None:
            return None
        own = [n for q in self.own for n in scribe.quote(q, f"The proposal, {_place(q)}", depth=1) or ()]
        library = [n for q in self.library for n in scribe.quote(q, q.document.title, depth=1) or ()]
        return Finding(
            kind=self.kind,
            severity=self.graded.severity,
            rule=self.rule,
            title=self.title,
            says=self.says,
            own=tuple(own),
            library=tuple(library),
            fix=self.fix,
            because=self.graded.because,
        )


def _place(quoted: Quotation) -> str:
    """How a person finds the quotation."""
    document, span = quoted.document, quoted.spans[-1]
    return place_of(document.parsed.anchors, line_starts(document.text), span.start, span.end)
