"""Seeded answers: real and hand-written ones into which a violation of one rule of the persona was planted by hand.

`seeds/answers.toml` holds answers, `seeds/P0.toml` to `seeds/P22.toml` hold 20 pairs a rule. A pair is two scripts over
one answer: `bad` plants a violation, `good` plants nothing or a near miss that the rule allows. A script is read line
by line, and an answer is a script on nothing:

    @summary          go to the end of that section; sections by the short names of SECTIONS, or by their heading
    ^summary          go to its start
    > WORDS           go behind the sentence that has the words
    ~ OLD => NEW      replace in the one sentence that has OLD
    - WORDS           drop the sentence that has the words
    !drop A, !swap A B, !rename A => HEADING, !clear   for sections; the last one drops everything
    [2] document | kind | status | tier | section :: quote     a citation
    c1,2 TEXT         a sentence: c cited, d derived (formula behind " || "), a assumption, j judgement, q question,
                      n notice, with its citations; `c1!` is shown in bold; lines that begin with two spaces go on
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import pytest

from corpus.citations import Citation
from service.answer import Answer, EvidenceItem, Fingerprint, Refusal, Sentence, SentenceKind, Verdict

SEEDS = Path(__file__).with_name("seeds")
RULES = tuple(f"P{n}" for n in range(23))
SECTIONS = {
    "summary": "Executive Summary",
    "context": "Context and Assumptions",
    "options": "Analysis and Options",
    "recommendation": "Detailed Recommendation",
    "implementation": "Implementation Considerations",
    "risks": "Risks, Mitigations and Monitoring",
    "questions": "Questions and Next Steps",
}
_KINDS: dict[str, SentenceKind] = {kind[0]: kind for kind in get_args(SentenceKind)}
_SENTENCE = re.compile(r"([cdajqn])(\d+(?:,\d+)*)?(!?) (.*)", re.DOTALL)
_CITATION = re.compile(r"\[(\d+)\] (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) :: (.*)", re.DOTALL)
_MARKED = re.compile(r"^[-\d.\s*]*(Recommendation|Decision|Judgement|Assumption|Assumed)\b")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a draft; `bold` where it is shown in bold without being so in its own text."""

    sentence: Sentence
    bold: bool = False

    @property
    def section(self) -> str:
        return self.sentence.section

    def changed(self, **change: str) -> Line:
        return replace(self, sentence=self.sentence.model_copy(update=change))


@dataclass
class Draft:
    """An answer while scripts run over it; the next sentence goes to `at`, under `section`."""

    lines: list[Line] = field(default_factory=list)
    citations: dict[int, Citation] = field(default_factory=dict)
    section: str = ""
    at: int = 0

    def run(self, script: str) -> Draft:
        """The draft after the script. Raises ValueError on a line that fits nothing."""
        self.section, self.at = self.lines[-1].section if self.lines else "", len(self.lines)
        for line in re.split(r"\n(?!  |\n|$)", script.strip("\n")):
            if line.strip():
                self._step(line.rstrip().replace("\n  ", "\n"))
        return self

    def _step(self, line: str) -> None:
        if sentence := _SENTENCE.fullmatch(line):
            self._say(*sentence.groups())
        elif citation := _CITATION.fullmatch(line):
            self._cite(*citation.groups())
        elif line.startswith("~ "):
            self._replace(*re.split(r" =>(?: |$)", line[2:]))
        elif line.startswith("- "):
            del self.lines[self._find(line[2:])]
            self.at = len(self.lines)
        elif line.startswith("> "):
            self.at = self._find(line[2:]) + 1
            self.section = self.lines[self.at - 1].section
        elif line[0] in "@^":
            self._go(_heading(line[1:]), end=line[0] == "@")
        elif line.startswith("!drop "):
            self.lines = [x for x in self.lines if x.section != _heading(line[6:])]
            self.at = len(self.lines)
        elif line.startswith("!swap "):
            self._swap(*(_heading(name) for name in line[6:].split(" ")))
        elif line.startswith("!rename "):
            self._rename(*line[8:].split(" => "))
        elif line == "!clear":
            self.lines, self.section, self.at = [], "", 0
        else:
            raise ValueError(f"no step of a script: {line!r}")

    def _replace(self, old: str, new: str) -> None:
        i = self._find(old)
        self.lines[i] = self.lines[i].changed(text=self.lines[i].sentence.text.replace(old, new))

    def _find(self, words: str) -> int:
        found = [i for i, line in enumerate(self.lines) if words in line.sentence.text]
        if len(found) != 1:
            raise ValueError(f"{len(found)} sentences have {words!r}")
        return found[0]

    def _go(self, section: str, *, end: bool) -> None:
        under = [i for i, line in enumerate(self.lines) if line.section == section]
        self.section = section
        if under:
            self.at = under[-1] + 1 if end else under[0]
        elif not section:
            self.at = len(self.lines) if end else 0
        else:
            later = (i for i, line in enumerate(self.lines) if _rank(line.section) > _rank(section))
            self.at = next(later, len(self.lines))

    def _swap(self, first: str, second: str) -> None:
        order = list(dict.fromkeys(line.section for line in self.lines))
        a, b = order.index(first), order.index(second)
        order[a], order[b] = order[b], order[a]
        self.lines.sort(key=lambda line: order.index(line.section))

    def _rename(self, name: str, heading: str) -> None:
        old, new = _heading(name), _heading(heading)
        self.lines = [x.changed(section=new) if x.section == old else x for x in self.lines]

    def _say(self, kind: str, numbers: str | None, bold: str, said: str) -> None:
        text, _, formula = said.partition(" || ")
        sentence = Sentence(
            text=text,
            kind=_KINDS[kind],
            citations=tuple(int(n) for n in numbers.split(",")) if numbers else (),
            verdict=Verdict(supported=True),
            section=self.section,
            formula=formula,
        )
        self.lines.insert(self.at, Line(sentence, bold == "!"))
        self.at += 1

    def _cite(self, number: str, document: str, kind: str, status: str, tier: str, section: str, quote: str) -> None:
        self.citations[int(number)] = Citation(
            number=int(number),
            document=document,
            title=section.split(" > ")[0],
            kind=kind,  # type: ignore[arg-type]
            status=status,
            revision="0" * 64,
            section=tuple(section.split(" > ")),
            start=0,
            end=len(quote),
            place="line 1",
            quote=quote,
            tier=tier,
        )

    def text(self) -> str:
        """The Markdown of the answer: headings, paragraphs, lists and tables, with citation marks."""
        blocks: list[str] = []
        before: Line | None = None
        for line in self.lines:
            if line.section and (before is None or before.section != line.section):
                blocks.append(f"## {line.section}")
            row = line.sentence.text.startswith("|")
            follows = before is not None and before.section == line.section
            shape = _shape(line.sentence.text)
            shown = _shown(line, lead=before is None)
            if row and not (follows and before and before.sentence.text.startswith("|")):
                shown += "\n" + "| --- " * (line.sentence.text.count("|") - 1) + "|"
            if follows and before and shape == _shape(before.sentence.text) and shape != "code":
                blocks[-1] += (" " if shape == "prose" else "\n") + shown
            else:
                blocks.append(shown)
            before = line
        return "\n\n".join(blocks)


def _heading(name: str) -> str:
    return SECTIONS.get(name, name)


def _rank(heading: str) -> int:
    """Where a heading stands among the seven; one of its own comes last."""
    known = list(SECTIONS.values())
    return known.index(heading) if heading in known else len(known) if heading else -1


def _shape(text: str) -> str:
    listed = re.match(r"(?:[-*+]|\d+[.)])\s", text)
    return "row" if text[0] == "|" else "code" if text.startswith("```") else "item" if listed else "prose"


def _shown(line: Line, *, lead: bool) -> str:
    """The sentence as it is displayed: what is no fact is named, and citation marks close it."""
    said = line.sentence
    shape = _shape(said.text)
    marks = "".join(f"[{n}]" for n in said.citations)
    text = f"{said.text} ({said.formula})" if said.formula else said.text
    head, body = re.fullmatch(r"((?:(?:[-*+]|\d+[.)])\s)?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    if line.bold:
        body = f"**{body}**"
    if not lead and said.kind in ("assumption", "judgement") and shape in ("prose", "item") and not _MARKED.match(text):
        body = f"*{said.kind.capitalize()}:* {body}" if shape == "prose" else f"{body} *({said.kind})*"
    if shape == "row":
        return f"{text[:-1].rstrip()}{marks} |" if marks else text
    return f"{head}{body}\n\n{marks}" if shape == "code" and marks else head + body + marks


@dataclass(frozen=True, slots=True)
class Seeded:
    """One seeded answer and what a checker may know of how it came to be.

    planted   whether the rule is violated
    form      `brief` or `full`
    history   earlier answers of the conversation, oldest first
    audience  `executive`, `engineer` or ""
    script    what was done to the answer `base`
    """

    rule: str
    name: str
    planted: bool
    answer: Answer
    form: str
    history: tuple[Answer, ...]
    audience: str
    base: str
    script: str


def _answer(draft: Draft, question: str, given: dict[str, Any]) -> Answer:
    status = given.get("status", "grounded")
    refusal = None
    if status == "refused":
        refusal = Refusal(reason=given["reason"], searched=question, nearest=(), would_settle_it="a document")
    return Answer(
        question=question,
        status=status,
        refusal=refusal,
        text=draft.text(),
        sentences=tuple(line.sentence for line in draft.lines),
        citations=tuple(draft.citations[n] for n in sorted(draft.citations)),
        evidence=tuple(
            EvidenceItem(document=c.document, text=c.quote, score=1.0, start=c.start, end=c.end, section=c.section)
            for c in draft.citations.values()
        ),
        confidence=0.9,
        fingerprint=Fingerprint(
            version="0", settings="", encoder="", lexical="", chunker="", index="", dense_share=1.0
        ),
        timing_ms={},
        composer=given.get("composer", "extractive"),
    )


def _seeded(rule: str, pair: dict[str, Any], bases: dict[str, Any], *, planted: bool) -> Seeded:
    side = "bad" if planted else "good"
    given = bases[pair["base"]] | pair
    script = pair.get(side, "")
    question = pair.get(f"{side}_question", given["question"])
    try:
        draft = Draft().run(given["body"]).run(script)
    except (ValueError, IndexError) as error:
        raise ValueError(f"{rule}, {pair['name']}, {side}: {error}") from error
    history = tuple(_answer(Draft().run(turn["body"]), turn["question"], turn) for turn in given.get("history", ()))
    return Seeded(
        rule=rule,
        name=pair["name"],
        planted=planted,
        answer=_answer(draft, question, given | pair.get(f"{side}_given", {})),
        form=given["form"],
        history=history,
        audience=given.get("audience", ""),
        base=pair["base"],
        script=script,
    )


def _both(rule: str, pairs: list[dict[str, Any]], answers: dict[str, Any]) -> tuple[Seeded, ...]:
    return tuple(_seeded(rule, pair, answers, planted=planted) for pair in pairs for planted in (True, False))


def _folder(name: str) -> dict[str, tuple[Seeded, ...]]:
    """The seeds of a folder that holds a file a rule, each with answers of its own."""
    found = {path.stem: _read(f"{name}/{path.name}") for path in (SEEDS / name).glob("P*.toml")}
    answers = _read("answers.toml")
    rules = [rule for rule in RULES if rule in found]
    return {rule: _both(rule, found[rule]["pair"], answers | found[rule].get("answers", {})) for rule in rules}


@pytest.fixture(scope="session")
def second() -> dict[str, tuple[Seeded, ...]]:
    """The seeds of 29 November 2026 by which the rules were mended for the last time, by rule."""
    return _folder("second")


@pytest.fixture(scope="session")
def third() -> dict[str, tuple[Seeded, ...]]:
    """The seeds that were written while the rules were mended, and that no mender saw, by rule."""
    return _folder("third")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SEEDS / name).read_text("utf-8"))


@pytest.fixture(scope="session")
def seeded() -> dict[str, tuple[Seeded, ...]]:
    """Every seeded answer, by rule."""
    return {rule: _both(rule, _read(f"{rule}.toml")["pair"], _read("answers.toml")) for rule in RULES}


@pytest.fixture(scope="session")
def held_out() -> dict[str, tuple[Seeded, ...]]:
    """The seeds that the checkers' author saw only after mending, by rule."""
    held = _read("held-out.toml")
    return {rule: _both(rule, held[rule], _read("answers.toml") | held["answers"]) for rule in RULES}


@pytest.fixture(scope="session")
def fresh() -> dict[str, tuple[Seeded, ...]]:
    """The seeds that were written before the rules P5, P8, P12 and P18 were mended again, by rule."""
    new = _read("fresh.toml")
    rules = [rule for rule in RULES if rule in new]
    return {rule: _both(rule, new[rule], _read("answers.toml") | new["answers"]) for rule in rules}
