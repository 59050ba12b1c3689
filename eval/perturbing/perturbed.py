"""What a perturbation is: a claim with a known label, and the stretch of a document that it cites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.documents import Span

PerturbationKind = Literal[
    "untouched",
    "restated",
    "number",
    "unit",
    "percentile",
    "bound",
    "entity",
    "identifier",
    "negation",
    "condition",
    "scope",
    "citation",
    "merge",
]
CONTROLS: tuple[PerturbationKind, ...] = ("untouched", "restated")
FALSE: tuple[PerturbationKind, ...] = (
    "number",
    "unit",
    "percentile",
    "bound",
    "entity",
    "identifier",
    "negation",
    "condition",
    "scope",
    "citation",
    "merge",
)
KINDS: tuple[PerturbationKind, ...] = (*CONTROLS, *FALSE)


@dataclass(frozen=True, slots=True)
class Change:
    """One way to say a sentence differently: the new sentence, what was taken out of it, and what stands there now."""

    text: str
    replaced: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Perturbed:
    """A claim, its citation, and whether the one supports the other.

    kind              what was done; `untouched` and `restated` are true, all others are false
    original          the sentence as it is read in the document: visible characters, links as their words, one line
    text              the claim
    document          id of the document, at `revision`
    span              where the original stands
    cited             the stretch the claim cites: the section of the original, or of kind `citation` another one
    replaced          the words of the original that are gone
    replacement       the words that stand there instead; "" where words were only taken out
    occurs_elsewhere  whether every word of the replacement also stands in the cited stretch, outside the sentence, so
                      that its absence gives nothing away; of kind `citation`, whether the stretch shares half of the
                      sentence's words
    """

    kind: PerturbationKind
    original: str
    text: str
    document: str
    revision: str
    span: Span
    cited: Span
    replaced: str
    replacement: str
    occurs_elsewhere: bool

    @property
    def supported(self) -> bool:
        """Whether the cited stretch says what the claim says."""
        return self.kind in CONTROLS
