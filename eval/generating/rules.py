"""Rules that read a case off the structure of a document: definitions, decisions, procedures, numbers.

A rule asks only what the structure itself promises: a table of words and meanings defines its words, a heading over
numbered steps says what they do, a section "Decision outcome" decides, and a sentence with one number in it tells how
much its subject is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.documents import Block, Document, Section, Span
from corpus.outline import sections_of
from corpus.units import units
from service.grounding.segment import as_read

_CELLS = re.compile(r"^\s*\|\s*(?P<first>[^|]{2,40}?)\s*\|\s*(?P<second>[^|]{12,240}?)\s*\|\s*$")
_HEAD = re.compile(r"^\s*\|\s*(?P<first>[^|]+?)\s*\|\s*(?P<second>[^|]+?)\s*\|\s*$")
_HEADS = re.compile(r"\b(?:word|term|acronym|name|abbreviation)\b", re.IGNORECASE)
_MEANS = re.compile(r"\b(?:meaning|expansion|definition|what it)\b", re.IGNORECASE)
_VERB = re.compile(
    r"^(?:make|rebuild|restore|repair|verify|roll back|change|free|forget|upgrade|install|configure|enable|disable"
    r"|create|delete|add|remove|set up|start|stop|bring|back up|check|mend|move|run|deploy|rotate|drain|scale)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"^(?P<subject>(?:The |A |An |Every |Each )[A-Za-z][\w `'-]{3,60}?) (?P<verb>has|have|takes|took|is limited to|may"
    r" have"
    r"|holds|reads|keeps|runs at most|starts at|costs) (?P<rest>(?:at most |at least |up to |about )?"
    r"(?P<number>\d[\d.,:/]*)(?P<unit>(?: ?(?:%|[A-Za-z]+)){1,2}))"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule read off: the question, the quotes that answer it together, and the facts that an answer states."""

    rule: str
    kind: str
    question: str
    quotes: tuple[str, ...]
    facts: tuple[str, ...]


def read_off(document: Document) -> Iterator[Found]:
    """Everything that the rules find, in the order of the rules."""
    about = as_read(document.title)
    yield from _definitions(document, about)
    for section in sections_of(document):
        yield from _decisions(document, section, about)
        yield from _procedures(document, section, about)
    yield from _numbers(document, about)


def _definitions(document: Document, about: str) -> Iterator[Found]:
    """Rows of a table of words and their meanings."""
    groups: dict[int, list[Block]] = {}
    for block in document.parsed.blocks:
        if block.kind == "row":
            groups.setdefault(block.group, []).append(block)
    for rows in groups.values():
        head = _HEAD.match(document.text[rows[0].start : rows[0].end].splitlines()[0])
        if not head or not _HEADS.search(head["first"]) or not _MEANS.search(head["second"]):
            continue
        for row in rows[1:]:
            text = document.text[row.start : row.end].strip()
            cells = _CELLS.match(text)
            if cells:
                word, meaning = as_read(cells["first"]), as_read(cells["second"])
                asked = "What does the acronym" if word.isupper() else "What is meant by"
                tail = f" {word} stand for?" if word.isupper() else f' "{word}" in {about}?'
                fact = _fact(meaning)
                yield Found("definition", "fact", asked + tail, (text,), (fact,))


def _decisions(document: Document, section: Section, about: str) -> Iterator[Found]:
    """Fields of a decision record: what was decided, and everything that speaks for or against it."""
    if document.kind != "adr" or not section.path:
        return
    subject = re.sub(r"^ADR \d+:\s*", "", about)
    told: dict[str, list[tuple[str, str]]] = {"Good": [], "Bad": []}
    for unit in units(document, Span(section.start, section.end)):
        text = document.visible(unit.start, unit.end)
        read = as_read(text)
        if read.startswith("Chosen option: "):
            chosen = re.split(r", because|\. ", read.removeprefix("Chosen option: "))[0].strip(" .")
            yield Found("decision", "fact", f'Which option was chosen in the decision "{subject}"?', (text,), (chosen,))
        consequence = re.match(r"(Good|Bad): (.{20,})", read)
        if consequence and section.path[-1] == "Consequences":
            told[consequence[1]].append((text, _fact(consequence[2])))
    for mark, side in (("Good", "advantages"), ("Bad", "drawbacks")):
        if told[mark]:
            question = f'Which {side} has the decision "{subject}"?'
            yield Found(side, "fact", question, tuple(t for t, _ in told[mark]), tuple(f for _, f in told[mark]))


def _fact(text: str) -> str:
    """The first clause of a statement; up to its first comma where it is long."""
    clause = re.split(r"[;:.](?=\s|$)", text)[0].strip()
    return clause if len(clause.split()) <= 12 else clause.split(",")[0].strip()


def _procedures(document: Document, section: Section, about: str) -> Iterator[Found]:
    """Numbered steps under a heading that says what they do."""
    title = section.path[-1] if section.path else ""
    if not _VERB.match(title):
        return
    steps = [
        b
        for b in document.parsed.blocks
        if b.kind == "item" and b.depth == 1 and b.label[:1].isdigit() and section.start <= b.start < section.end
    ]
    commands = [re.search(r"`([^`\n]{4,60})`", document.text[b.start : b.end]) for b in steps]
    known = next(((s, c) for s, c in zip(steps, commands, strict=True) if c), None)
    if len(steps) >= 2 and known:
        step, command = known
        task = re.sub(r"^Runbook: ", "", about)
        question = f"How do I {title[0].lower()}{title[1:].rstrip('.')} ({task})?"
        yield Found("procedure", "procedure", question, (document.text[step.start : step.end],), (command[1],))


def _numbers(document: Document, about: str) -> Iterator[Found]:
    """Sentences that tell how much their subject is."""
    for section in sections_of(document):
        for unit in units(document, Span(section.start, section.end)):
            if unit.kind not in ("sentence", "item"):
                continue
            text = document.visible(unit.start, unit.end)
            told = _MEASURED.match(as_read(text))
            if told:
                subject = told["subject"][0].lower() + told["subject"][1:]
                question = f"What number is given in {about}: {subject} {told['verb']} how much or how many?"
                yield Found("number", "number", question, (text,), (told["number"].rstrip(".,:/"),))
