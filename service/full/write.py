"""What was gathered for a full answer -> its text, section by section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.answering.assemble import Assembled, assemble
from service.answering.compose import NORMAL, Utterance, compose
from service.answering.render import MARKER
from service.answering.structure import structure_of
from service.answering.view import View
from service.full.facet import Facet, facet_of, facets
from service.full.flow import drawn, flow
from service.full.gather import Pick, Subject
from service.full.options import Compared
from service.persona.manuscript import SECTIONS
from service.persona.rules.architecture import patterns
from service.persona.rules.shape import INVITATION
from service.policy.flag import CAVEAT
from service.protocols.page import as_markdown
from service.protocols.reading import Reading
from service.protocols.scribe import Scribe

SUMMARY, CONTEXT, OPTIONS, ADVICE, WORK, RISKS, NEXT = SECTIONS
_LABEL = re.compile(r"\*[^*\n]+:\*\s+")
_PRAISES = re.compile(r"\W*(?:pros?|good|advantages?|benefits?)\b\W*:", re.IGNORECASE)
_TAKEN = "The documents cited here describe the system as it is today."
_TRIED = "Which measurement on your own workload would show that this holds?"
_GAMED = "A measure that is rewarded invites gaming; it is read beside a second one that would fall."
_ABOVE = "What the documents describe of this stands above."
_MISSING = "not documented"
_MOST_QUESTIONS = 7
_LONGEST_PROCEDURE = 400


@dataclass(frozen=True, slots=True)
class Material:
    """What a full answer is written from: the short one, the view of the evidence, and what each facet holds."""

    short: Assembled
    view: View
    subject: Subject
    picks: dict[str, tuple[Pick, ...]]
    options: Sequence[Compared]


def write(material: Material, reading: Reading) -> Assembled:
    """The seven sections."""
    draft = _Draft(material, reading)
    draft.summary()
    draft.context()
    draft.analysis()
    draft.advice()
    draft.work()
    draft.risks()
    draft.next()
    return draft.body()


def write_table(material: Material, reading: Reading) -> Assembled:
    """The short answer with a table of the options behind it; as it is where the documents name no two."""
    draft = _Draft(material, reading)
    draft.beside()
    return draft.body()


class _Draft:
    """The answer on its way to the page."""

    def __init__(self, material: Material, reading: Reading) -> None:
        self._of = material
        self._reading = reading
        self._scribe = Scribe(reading)
        self._text: list[str] = []
        self._silent: list[Facet] = []

    def body(self) -> Assembled:
        """What was written."""
        self._flush()
        dropped = (*self._of.short.dropped, *self._scribe.dropped)
        sentences, citations = tuple(self._scribe.sentences), tuple(self._scribe.citations)
        return Assembled("\n\n".join(self._text), sentences, citations, dropped)

    def summary(self) -> None:
        """The short answer, behind the decision where no sentence of it leads."""
        self._scribe.heading(SUMMARY)
        short = self._of.short
        decided = next((option.chosen for option in self._of.options if option.chosen), None)
        if short.text.startswith("**") or decided is None:
            self._adopt(replace(short, text=_led(short)))
            return
        self._adopt(short)
        if self._scribe.lead(decided):
            self._text[-1:] = [as_markdown([self._scribe.elements.pop()]), *self._text[-1:]]
            self._scribe.sentences.insert(0, self._scribe.sentences.pop())

    def beside(self) -> None:
        """The short answer, and the options."""
        self._adopt(self._of.short)
        if len(self._of.options) > 1:
            self._table()

    def context(self) -> None:
        """Why it is asked, and what is taken for granted."""
        self._scribe.heading(CONTEXT)
        self._tell("context")
        self._tell("assumption")
        self._scribe.say(_TAKEN, "assumption", depth=0)
        self._name_silent("context")

    def analysis(self) -> None:
        """The options in a table."""
        self._scribe.heading(OPTIONS)
        options = self._of.options
        if len(options) < 2:
            said = options and self._scribe.quote(options[0].place, "**The only option that is named**")
            self._scribe.notice(
                "The documents name one option, so nothing is compared."
                if said
                else "The documents name no options to compare."
            )
            return
        if not self._table():
            self._scribe.notice("The documents name no options to compare.")

    def _table(self) -> bool:
        """A row for each option; False, and no table, where fewer than two can be told."""
        self._scribe.header("Option", "Advantages", "Drawbacks", "Cost", "Recommendation")
        told = sum(self._row(option) for option in self._of.options) > 1
        if not told:
            self._scribe.elements[:] = [e for e in self._scribe.elements if not hasattr(e, "cells")]
        return told

    def _row(self, option: Compared) -> bool:
        """An option as a row, each filled cell a sentence of its own."""
        beside = (("", option.good), ("", option.bad), ("", option.cost), ("", option.chosen))
        return self._scribe.cells(option.name, option.place, beside, _MISSING) is not None

    def advice(self) -> None:
        """What is decided or recommended, with the rest of what answers, and what has to be weighed."""
        self._scribe.heading(ADVICE)
        self._tell("decision")
        self._rest()
        self._name_silent("decision")
        lacking = [name for name in self._lacking("weighed") if not name[0].isdigit()]
        if lacking:
            self._scribe.notice(f"**To be weighed over 18 to 36 months, and not documented**: {'; '.join(lacking)}.")

    def _rest(self) -> None:
        """What a normal answer says beyond what was said; an advantage alone has no place but the table."""
        view = self._of.view
        said = compose(view.ranked, view.passages(), NORMAL)
        told = {(u.document.id, u.unit.block) for u in said if self._has(u) or _PRAISES.match(_text(u))}
        self._whole([u for u in said if (u.document.id, u.unit.block) not in told])

    def _has(self, wanted: Utterance) -> bool:
        """Whether something cited so far has the unit."""
        unit, document = wanted.unit, wanted.document.id
        return any(c.document == document and c.start < unit.end and unit.start < c.end for c in self._scribe.citations)

    def work(self) -> None:
        """How it is carried out, and what it costs."""
        self._scribe.heading(WORK)
        for pick in self._of.picks["implementation"]:
            steps = _procedure(pick)
            if steps:
                self._whole([] if self._has(steps[0]) else steps)
                break
        else:
            self._tell("implementation")
        self._tell("cost")
        self._draw()
        self._name_silent("implementation", "cost")

    def _draw(self) -> None:
        """How components flow one into another: each arrow in words, with its source, and a drawing of those."""
        arrows = flow(self._of.view.ranked)
        told = [a for a in arrows if self._scribe.quote(a.quoted, f"**{a.left} to {a.right}**")]
        if len(told) > 1:
            source = f"```mermaid\n{drawn(told)}\n```\n"
            self._scribe.say(source, "derived", [a.quoted for a in told], formula="an arrow for each sentence above")

    def risks(self) -> None:
        """How it fails, what is done against it, how that is seen, and the way back."""
        self._scribe.heading(RISKS)
        told = [name for name in _names(RISKS) if self._tell(name)]
        if "success" in told:
            self._scribe.notice(_GAMED)
        self._name_silent(*_names(RISKS))
        lacking = self._lacking("aspects")
        if lacking:
            self._scribe.notice(f"**Not documented for the operation**: {', '.join(lacking)}.")

    def next(self) -> None:
        """What is open, the invitation to critique, and one check to keep."""
        self._scribe.heading(NEXT)
        for facet in [f for f in self._silent if f.question][:_MOST_QUESTIONS]:
            self._scribe.ask(facet.question)
        self._scribe.ask(_TRIED)
        if any(citation.external for citation in self._scribe.citations):
            self._scribe.notice(CAVEAT)
        self._scribe.notice(INVITATION)
        check = self._of.picks["check"]
        if not (check and self._scribe.quote(check[0].quoted, f"**Reusable check**, {check[0].document.title}")):
            self._scribe.notice("The documents hold no check to reuse here.")

    def _tell(self, name: str) -> bool:
        """A facet's quotations, under its label; whether there are any."""
        facet = facet_of(name)
        picks = self._of.picks[name]
        said = [self._scribe.quote(p.quoted, f"**{facet.label}**, {p.document.title}") for p in picks]
        if not any(said) and not self._spoken(facet):
            self._silent.append(facet)
        return any(said)

    def _name_silent(self, *names: str) -> None:
        """One line on what the documents do not describe."""
        silent = [facet.silent for facet in self._silent if facet.name in names and facet.silent]
        if not silent and all(sentence.section != facet_of(names[0]).section for sentence in self._scribe.sentences):
            self._scribe.notice(_ABOVE)
        if silent:
            listed = " or ".join((", ".join(silent[:-1]), silent[-1])) if len(silent) > 1 else silent[0]
            self._scribe.notice(f"The documents do not describe {listed}.")

    def _spoken(self, facet: Facet) -> bool:
        """Whether something cited so far stands under a heading of the facet, or has its words."""
        said = "\n".join(s.text for s in self._scribe.sentences if s.citations)
        titles = "\n".join(title for c in self._scribe.citations for title in c.section[1:])
        return bool(facet.headed.search(titles) or (facet.worded and facet.worded.search(said)))

    def _lacking(self, which: str) -> list[str]:
        """The aspects that no cited sentence speaks of."""
        said = "\n".join(s.text for s in self._scribe.sentences if s.citations or s.section == RISKS)
        return [name for name, pattern in patterns(which).items() if not pattern.search(said)]

    def _whole(self, said: Sequence[Utterance]) -> None:
        """Structures as they stand."""
        bare = [replace(utterance, lead=False) for utterance in said]
        if bare:
            more = assemble(bare, self._reading.ground, before=self._scribe.citations)
            self._adopt(replace(more, citations=more.citations[len(self._scribe.citations) :]))
            self._scribe.dropped.extend(more.dropped)

    def _adopt(self, body: Assembled) -> None:
        """What was composed elsewhere, as a part of this section."""
        self._flush()
        self._text += [body.text] if body.text else []
        self._scribe.adopt(body.sentences, body.citations)

    def _flush(self) -> None:
        if self._scribe.elements:
            self._text.append(as_markdown(self._scribe.elements))
            self._scribe.elements.clear()


def _led(short: Assembled) -> str:
    """The short body with its first sentence bold, where none leads it; a table's first cell instead."""
    text = short.text
    label = _LABEL.match(text)
    at = label.end() if label else 0
    if text.startswith("|", at):
        return re.sub(r"\| *([^|*]+?) *\|", r"| **\1** |", text, count=1)
    first = " ".join(short.sentences[0].text.split())
    marker = MARKER.match(first)
    bare = first[marker.end() :] if marker else first
    if short.sentences[0].kind == "notice" or first.startswith(("```", "~~~")) or not text.startswith(first, at):
        return text
    at += len(first) - len(bare)
    return f"{text[:at]}**{bare.replace('**', '').strip()}**{text[at + len(bare) :]}"


def _names(section: str) -> Iterator[str]:
    return (facet.name for facet in facets() if facet.section == section)


def _text(utterance: Utterance) -> str:
    return utterance.document.visible(utterance.unit.start, utterance.unit.end)


def _procedure(pick: Pick) -> list[Utterance]:
    """All steps of the numbered list that a pick is one of; none where it is of none, or of one that is too long."""
    document = pick.document
    structure = structure_of(document, pick.unit.block)
    steps = structure.units() if structure.is_procedure else []
    words = sum(len(document.visible(u.start, u.end).split()) for u in steps)
    return [Utterance(document, u, lead=False) for u in steps] if words <= _LONGEST_PROCEDURE else []
