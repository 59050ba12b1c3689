"""Which components hand something on to which others, as the found sentences state it: the arrows of a drawing.

An arrow needs a sentence that says it outright: `The gateway sends each order to the ledger`, `The ledger reads orders
from the queue`. What is denied, wished, proposed or conditional draws none. There is a flow where one arrow ends at a
component at which another begins; of what hangs together with it the first `_MOST` arrows are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from service.answering.rank import Scored
from service.protocols.quotation import Quotation, quotation
from service.standing.force import in_force

_NAME = r"(?:`[\w./-]+`|[A-Z][\w-]+(?: [A-Z][\w-]+){0,2}|[a-z][\w-]*[a-z](?: [a-z][\w-]*[a-z](?=[.,;:)]|$))?)"
_THE = r"(?:(?:[Tt]he|[Aa]n?|[Ee]ach|[Ee]very|its|our) )?"
_PUSHES = re.compile(
    rf"^\W*{_THE}(?P<left>{_NAME}) (?:then )?(?:sends|writes|forwards|passes|publishes|pushes|posts|routes|streams"
    rf"|ships|replicates|delivers|hands|emits|copies|uploads)(?: [^.;:()]{{1,60}}?)? (?:to|into|on to) {_THE}"
    rf"(?P<right>{_NAME})"
    r"(?=[\s.,;:)]|$)"
)
_PULLS = re.compile(
    rf"^\W*{_THE}(?P<right>{_NAME}) (?:then )?(?:reads|consumes|fetches|pulls|receives|scrapes|collects|takes)"
    rf"(?: [^.;:()]{{1,60}}?)? from {_THE}(?P<left>{_NAME})(?=[\s.,;:)]|$)"
)
_UNSURE = re.compile(
    r"\b(?:not|never|no|cannot|if|when|unless|until|would|could|should|may|might|can|instead|rather|proposed|rejected"
    r"|deprecated|formerly|it|they|this|that|which)\b|n't\b",
    re.IGNORECASE,
)
_NO_NAME = frozenset("one another them it itself disk date user users you everyone all both".split())
_MOST = 8


@dataclass(frozen=True, slots=True)
class Arrow:
    """One component hands on to another, as a document says it."""

    left: str
    right: str
    quoted: Quotation


def flow(ranked: Sequence[Scored]) -> tuple[Arrow, ...]:
    """The arrows that hang together, in the order of what flows; () where nothing flows on."""
    arrows: dict[tuple[str, str], Arrow] = {}
    for arrow in _arrows(ranked):
        arrows.setdefault((arrow.left.lower(), arrow.right.lower()), arrow)
    starts, ends = {left for left, _ in arrows}, {right for _, right in arrows}
    reached = starts & ends
    while fresh := {name for pair in arrows if reached & {*pair} for name in pair} - reached:
        reached |= fresh
    kept = [arrow for pair, arrow in arrows.items() if reached & {*pair}]
    first = [arrow for arrow in kept if arrow.left.lower() not in ends]
    return tuple([*first, *(arrow for arrow in kept if arrow not in first)][:_MOST])


def drawn(arrows: Iterable[Arrow]) -> str:
    """The Mermaid source of the arrows."""
    names: dict[str, str] = {}
    lines = ["flowchart LR"]
    for arrow in arrows:
        for name in (arrow.left, arrow.right):
            names.setdefault(name.lower(), ascii_lowercase[len(names)])
        left, right = names[arrow.left.lower()], names[arrow.right.lower()]
        lines.append(f'  {left}["{arrow.left}"] --> {right}["{arrow.right}"]')
    return "\n".join(lines)


def _arrows(ranked: Sequence[Scored]) -> Iterator[Arrow]:
    """What each found unit that speaks of the subject and stands by itself says of two components."""
    least = 0.5 * max((scored.coverage for scored in ranked), default=0.0)
    for scored in ranked:
        if scored.unit.kind == "code" or scored.coverage < least or not in_force(scored.document):
            continue
        quoted = quotation(scored.document, scored.unit)
        if quoted is None or len(quoted.spans) > 1 or quoted.under or _UNSURE.search(quoted.text):
            continue
        match = _PUSHES.search(quoted.text) or _PULLS.search(quoted.text)
        left, right = (match["left"].strip("`"), match["right"].strip("`")) if match else ("", "")
        if match and left.lower() != right.lower() and not {left.lower(), right.lower()} & _NO_NAME:
            yield Arrow(left, right, quoted)
