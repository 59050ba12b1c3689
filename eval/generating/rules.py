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


_TELLING, _ASKING = 4, 6
_SMALL = frozenset(
    "the and that with from into for are was has have not our own which what when where who how does its their this"
    " than".split()
)
_LEADS_IN = re.compile(r"(?:of|over|where|in|on|for|when|if|by|with|at|from|to|after|before)\b", re.IGNORECASE)
_LEANS = re.compile(r"\b(?:they|them|their|these|those|it|its|the two)\b", re.IGNORECASE)


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
    problem = _problem(document)
    told: dict[str, list[tuple[str, str]]] = {"Good": [], "Bad": []}
    for unit in units(document, Span(section.start, section.end)):
        text = document.visible(unit.start, unit.end)
        read = as_read(text)
        if read.startswith("Chosen option: "):
            chosen = re.split(r", because|\. ", read.removeprefix("Chosen option: "))[0].strip(" .")
            asked = problem or f'Which option was chosen in the decision "{subject}"?'
            if not gives_away(asked, chosen):
                yield Found("decision", "fact", asked, (text,), (chosen,))
        consequence = re.match(r"(Good|Bad): (.{20,})", read)
        if consequence and section.path[-1] == "Consequences":
            told[consequence[1]].append((text, _fact(consequence[2])))
    for mark, side in (("Good", "advantages"), ("Bad", "drawbacks")):
        if told[mark]:
            question = f'Which {side} has the decision "{subject}"?'
            yield Found(side, "fact", question, tuple(t for t, _ in told[mark]), tuple(f for _, f in told[mark]))


def _problem(document: Document) -> str:
    """The question that a decision record puts in its context; "" where it puts none that stands by itself."""
    for section in sections_of(document):
        if section.path and section.path[-1].lower().startswith("context"):
            said = [
                as_read(document.visible(u.start, u.end)) for u in units(document, Span(section.start, section.end))
            ]
            asked = [one for one in said if one.endswith("?") and len(one.split()) >= _ASKING]
            return asked[-1] if asked and not _LEANS.search(asked[-1]) else ""
    return ""


def gives_away(question: str, fact: str) -> bool:
    """Whether most of what a fact says stands in the question already."""
    said = telling(fact)
    return 2 * len(said & telling(question)) > len(said)


def telling(text: str) -> frozenset[str]:
    """The words of a text that say something, without their endings."""
    return frozenset(re.sub(r"(?:ed|es|s)$", "", word) for word in re.findall(r"\w{3,}", text.lower())) - _SMALL


def _fact(text: str) -> str:
    """The first clause of a statement; of a long one what stands before its first comma, if that says something."""
    for cut in (r"[;:.](?=\s|$)", r"[;.](?=\s|$)"):
        clause = re.split(cut, text)[0].strip()
        if not _LEADS_IN.match(clause):
            break
    first = clause.split(",")[0].strip()
    short = len(clause.split()) > 12 and len(first.split()) >= _TELLING and not _LEADS_IN.match(first)
    return first if short else clause


def _procedures(document: Document, section: Section, about: str) -> Iterator[Found]:
    """Numbered steps under a heading that says what they do."""
    title = section.path[-1] if section.path else ""
    if not _VERB.match(title):
        return
    steps = [
        b for b in document.parsed.blocks if b.numbered and b.depth == 1 and section.start <= b.start < section.end
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
