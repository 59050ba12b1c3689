"""The ways to fail that the library knows of near a subject, each with what is done against it.

An incident on record has been seen; a risk that another document lists, what a decision costs, and what a runbook is
there for are warnings. Mitigation, signal and way back are taken from the document itself, else from a runbook on it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from corpus.documents import Document, Span
from corpus.outline import section_path, sections_of
from corpus.passages import Passage
from corpus.units import Unit, units
from service.answering.terms import terms
from service.protocols.quotation import Quotation, first_of, quotation
from service.protocols.reading import Reading
from service.protocols.record.anatomy import CONSEQUENCES
from service.protocols.record.sides import side
from service.protocols.sections import headed
from service.protocols.substance import is_placeholder
from service.standing.force import in_force

_CAUSE = re.compile(r"\bcauses?\b|\bwhat went wrong\b|\bwhy it happened\b|\bcontributing\b", re.IGNORECASE)
_HAPPENED = re.compile(r"\bwhat happened\b|\bimpact\b|\bsummary\b|\bsymptoms?\b|\btimeline\b", re.IGNORECASE)
_WARNS = re.compile(
    r"\brisks?\b|\bdrawbacks?\b|\bfailure modes?\b|\bcaveats?\b|\blimitations?\b|\bthreats?\b|\bpitfalls?\b", re.I
)
_MEANS = re.compile(r"\bimpact\b|\bmeaning\b|\bsymptoms?\b|\bwhen to do this\b|\boverview\b|\bsummary\b", re.IGNORECASE)
_MITIGATES = re.compile(
    r"\bmitigat|\bprevent|\bkeeps? (?:it|this) from\b|\baction items?\b|\bactions?\b|\bremed|\bresol|\bfix\b|\bsteps?\b"
    r"|\bwhat (?:we|was) changed?\b|\brecover|\brepair|\brestore|\brebuild",
    re.IGNORECASE,
)
_SIGNAL = re.compile(
    r"\balerts?\b|\bmetrics?\b|\bmonitor|\bdashboards?\b|\b\w+_(?:total|seconds|depth|bytes|ratio)\b", re.IGNORECASE
)
_BACK = re.compile(r"\broll(?:ed|ing|s)?[- ]?backs?\b|\brevert|\bback out\b|\bundo\b|\bdisabl(?:e|ing) the\b", re.I)
_REPLY = re.compile(r"\bmitigat|\bprevent|\bavoid|\bguard|\bfall ?back|\bdetect|\baddress(?:ed)? by\b", re.IGNORECASE)
_ASIDE = re.compile(r"\btests?\b|\btesting\b|\bhistory\b|\bgraduation\b|\bsign-?off\b|\bappendix\b", re.IGNORECASE)
_LEAST = 6
_KINDS = {"incidents": ("postmortem",), "runbooks": ("runbook",), "others": ("design", "adr", "guide", "paper")}
_DOCUMENTS = {"incidents": 4, "runbooks": 3, "others": 5}
_LOOKED = 20
_A_DOCUMENT = 2
_NAMED, _TOLD = 2, 4
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Way:
    """A way to fail. `place` says how, `seen` whether an incident went so; the rest may be None.

    whole  whether it is held against a proposal, and not against a mere name
    own    where the proposal says something on it
    """

    place: Quotation
    seen: bool
    whole: bool
    own: Quotation | None
    mitigation: Quotation | None
    signal: Quotation | None
    back: Quotation | None

    @property
    def title(self) -> str:
        """What it is called: the document that tells of it."""
        return self.place.document.title

    @property
    def because(self) -> str:
        """The row of the ranking that holds, in words."""
        return str(_rows()[self.rank]["because"])

    @property
    def rank(self) -> int:
        """The place of that row."""
        facts = {"seen": self.seen, "dealt": (self.own is not None) if self.whole else None}
        return next(i for i, row in enumerate(_rows()) if all(row.get(name) == facts[name] for name in facts))


def ways(reading: Reading, own: Document, subject: str, *, whole: bool) -> list[Way]:
    """The ways to fail near a subject, the gravest first by `rank.toml`, then by nearness.

    whole  whether `own` is a proposal, and not the mere name of the subject
    """
    found: dict[str, Way] = {}
    for name, kinds in _KINDS.items():
        for document in _near(reading, subject, kinds, _DOCUMENTS[name]):
            for place in _places(document, name, terms(subject)):
                key = place.text.lower()
                if key not in found:
                    dealt = _dealt(own, terms(place.text) - terms(subject)) if whole else None
                    found[key] = _way(reading, place, Way(place, name == "incidents", whole, dealt, None, None, None))
    return sorted(found.values(), key=lambda way: way.rank)


@cache
def _rows() -> list[dict[str, Any]]:
    return list(tomllib.loads(Path(__file__).with_name("rank.toml").read_text("utf-8"))["row"])


def _near(reading: Reading, subject: str, kinds: Sequence[str], most: int) -> list[Document]:
    """The documents in force nearest to the subject, read whole."""
    found: dict[str, Document] = {}
    for passage in reading.look(subject, kinds=kinds, limit=_LOOKED):
        if passage.document in found or len(found) == most or not _on(terms(subject), passage):
            continue
        document = reading.open(passage)
        if in_force(document):
            reading.admit_whole(document)
            found[document.id] = document
    return list(found.values())


def _on(subject: frozenset[str], passage: Passage) -> bool:
    """Whether the passage is on the subject: called so, or, where the subject has many words, told so."""
    named = terms(" ".join((passage.title, *passage.section)))
    if len(subject & named) >= min(_NAMED, len(subject)):
        return True
    told = subject & (named | terms(passage.text))
    return len(told) >= _TOLD or (passage.kind == "postmortem" and told == subject)


def _places(document: Document, name: str, subject: frozenset[str]) -> list[Quotation]:
    """Where the document says how it fails."""
    if name != "others":
        order = (_CAUSE, _HAPPENED) if name == "incidents" else (_MEANS,)
        first = (first_of(document, branch.span) for titles in order for branch in headed(document, titles))
        return [quoted for quoted in first if quoted][:1]
    warned = [q for branch in headed(document, _WARNS) for q in _quoted(document, branch.span)]
    costs = [
        quoted
        for branch in headed(document, CONSEQUENCES)
        for unit in units(document, branch.span)
        if side(document, unit) == "bad" and (quoted := quotation(document, unit))
    ]
    about = [quoted for quoted in (*warned, *costs) if subject & terms(quoted.text) and _stands(quoted)]
    return about[:_A_DOCUMENT]


def _stands(quoted: Quotation) -> bool:
    """Whether it is a whole statement by itself, and tells what goes wrong and not what is done about it."""
    flat = quoted.text.rstrip(" *_`")
    return len(quoted.spans) == 1 and len(flat.split()) >= _LEAST and not flat.endswith(":") and not _REPLY.search(flat)


def _quoted(document: Document, span: Span) -> Iterator[Quotation]:
    for unit in units(document, span):
        text = document.visible(unit.start, unit.end)
        quoted = None if unit.kind == "code" or is_placeholder(text) else quotation(document, unit)
        if quoted and len(quoted.text.split()) <= _LONGEST:
            yield quoted


def _way(reading: Reading, place: Quotation, bare: Way) -> Way:
    """The way with what is done against it, its signal and the way back."""
    document = place.document
    return replace(
        bare,
        mitigation=_mitigation(document, place),
        signal=_says(reading, place, _SIGNAL, "alert and metric that show it"),
        back=_says(reading, place, _BACK, "rollback and way back"),
    )


def _is_about_it(document: Document) -> bool:
    """Whether the whole document is about the failure."""
    return document.kind in ("postmortem", "runbook")


def _mitigation(document: Document, place: Quotation) -> Quotation | None:
    """What is done against it: of an incident or runbook its actions, else what follows it in its own section."""
    if _is_about_it(document):
        steps = (q for b in headed(document, _MITIGATES) for q in _quoted(document, b.span) if _acts(q, place))
        return next(steps, None)
    for section in sections_of(document):
        if section.start <= place.start < section.end:
            after = _quoted(document, Span(place.spans[-1].end, section.end))
            return next((q for q in after if _REPLY.search(q.text) and _acts(q, place)), None)
    return None


def _acts(quoted: Quotation, place: Quotation) -> bool:
    """Whether it is something to do, and neither the failure itself nor what only leads in to a list."""
    return quoted.text != place.text and not quoted.text.rstrip(" *_`").endswith(":")


def _dealt(own: Document, words: frozenset[str]) -> Quotation | None:
    """The place of the proposal that shares most with the way to fail, if that is enough to be on it."""
    best: tuple[int, Unit] | None = None
    for unit in units(own, Span(0, len(own.text))):
        if any(_ASIDE.search(title) for title in section_path(own, unit.start)[1:]):
            continue
        shared = len(words & terms(own.visible(unit.start, unit.end)))
        if shared >= max(_NAMED, len(words) // 4) and (best is None or shared > best[0]):
            best = (shared, unit)
    return quotation(own, best[1]) if best else None


def _says(reading: Reading, place: Quotation, cue: re.Pattern[str], look: str) -> Quotation | None:
    """A sentence with the cue: in the document itself, else in a runbook or standard that shares words with it.

    In a document that is about more than the failure, it has to share words with it too.
    """
    document, words = place.document, terms(place.text)
    for quoted in _quoted(document, Span(0, len(document.text))):
        near = _is_about_it(document) or len(words & terms(quoted.text)) > _NAMED
        if near and len(quoted.spans) == 1 and cue.search(quoted.text) and quoted.text != place.text:
            return quoted
    words |= terms(document.title)
    for said in reading.found(f"{look}: {document.title}", kinds=("runbook", "guide"), limit=6):
        if cue.search(said.text) and len(words & terms(f"{said.document.title} {said.text}")) > _NAMED:
            return quotation(said.document, said.unit)
    return None
