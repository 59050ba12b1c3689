"""Technical documents -> questions with their sentences, made by rules: no people wrote them, and some read oddly.

1. A sentence of a known form gives a question that it answers: `To restart the node, run ...` answers `How do I restart
   the node?`. Long questions lose some of their words, so that not every word of a question stands in its answer.
2. A heading is a question that the sentences under it answer; the headings themselves are then not shown.

The wrong candidates are sentences of the same document that share most rare words with the question.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from eval.training.selector.groups import STOP, Candidate, Group, content, cut

_NAME = r"(?:the |an? |this |each |every )?[A-Za-z`][\w`.\-/]*(?: [\w`.\-/]+){0,5}"
_DOES = (
    "runs?|uses?|contains?|requires?|provides?|allows?|creates?|sends?|stores?|returns?|reads?|writes?|supports?"
    "|handles?|checks?|triggers?|monitors?|causes?|happens|depends"
)
_FORMS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(
            rf"^({_NAME}) (?:is|are) (?:a|an|the|used|responsible|called|set|located|stored|deployed|available|\d|in|on"
            r"|not)\b(.*)$",
            re.IGNORECASE,
        ),
        ("What is {0}?", "What are {0}?", "{0}?", "Tell me about {0}", "Where is {0}?"),
    ),
    (
        re.compile(rf"^({_NAME}) defaults? to (.+)$", re.IGNORECASE),
        ("What is the default of {0}?", "What does {0} default to?"),
    ),
    (re.compile(rf"^(?:The )?default ({_NAME}) (?:is|of) (.+)$", re.IGNORECASE), ("What is the default {0}?",)),
    (
        re.compile(r"^(.{12,90}?),? (?:because|since|so that|in order to|due to) (.+)$", re.IGNORECASE),
        ("Why {0}?", "What is the reason that {0}?", "Why does it happen that {0}?"),
    ),
    (
        re.compile(r"^(?:In order to|To) ([a-z][^,]{8,80}), (.+)$", re.IGNORECASE),
        ("How do I {0}?", "How can we {0}?", "What do I do to {0}?", "I need to {0}. What are the steps?"),
    ),
    (
        re.compile(r"^(?:If|When|Once|In case) ([^,]{8,90}), (?:then )?(.+)$", re.IGNORECASE),
        ("What happens if {0}?", "What should I do when {0}?", "What if {0}?", "{0} - what now?"),
    ),
    (
        re.compile(rf"^({_NAME}) (?:must|should|can|may|will|cannot|can't|won't) (.+)$", re.IGNORECASE),
        ("What must {0} do?", "Can {0} {1}?", "Should {0} {1}?", "What can {0} do?"),
    ),
    (
        re.compile(rf"^({_NAME}) (?:{_DOES}) (.+)$"),
        ("What does {0} do?", "What does {0} use?", "What does {0} need?", "How does {0} work?"),
    ),
)
_POINTS = re.compile(r"(?:this|it|there|we|you|they|these|that|which)\b", re.IGNORECASE)
_ASKS_OF_HEADING = ("What about {0}?", "{0}?", "Tell me about {0}", "What do I need to know of {0}?")
_HEADING = re.compile(r"(#{1,5})\s+(.*)")
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)")
_FEWEST, _WRONG = 8, 7


@dataclass(frozen=True, slots=True)
class _Page:
    """A document's sentences with the headings above each, and in how many sentences each word stands."""

    title: str
    told: list[tuple[tuple[str, ...], str]]
    rare: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rare", Counter(w for _, text in self.told for w in set(content(text))))

    def shown(self, at: int) -> str:
        path, text = self.told[at]
        return f"{' > '.join(dict.fromkeys((self.title, *path)))}\n{text}"


def generated(paths: Iterable[Path], *, random: Random) -> list[Group]:
    """The groups of Markdown documents, in order."""
    found: list[Group] = []
    for path in paths:
        page = _page(path)
        if len(page.told) >= _FEWEST:
            found.extend(_of_sentences(page, str(path), random))
            found.extend(_of_headings(page, str(path), random))
    return found


def _page(path: Path) -> _Page:
    text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text("utf-8", "replace"), flags=re.DOTALL)
    sections: list[tuple[tuple[str, ...], str]] = []
    title, code = "", False
    above: tuple[str, ...] = ()
    body: list[str] = []
    for line in text.split("\n"):
        code ^= line.startswith("```")
        head = None if code else _HEADING.match(line)
        if head:
            sections.append((above, "\n".join(body)))
            body = []
            name = re.sub(r"[#*`\[\]]|\(.*?\)", "", head[2]).strip()
            title = title or name
            above = (*above[: len(head[1]) - 1], name)
        else:
            body.append(line)
    sections.append((above, "\n".join(body)))
    return _Page(title or path.stem, [(heads, said) for heads, part in sections for said in _told(part)])


def _told(body: str) -> Iterator[str]:
    for block in _BLOCK.split(body):
        said = re.sub(r"^(?:[-*+]|\d+[.)])\s+", "", " ".join(block.split()))
        if said.startswith(("```", "|")):
            yield said[:300]
            continue
        for span in cut(said):
            if len(sentence := said[span.start : span.end].strip()) > 15:
                yield sentence[:400]


def _of_sentences(page: _Page, source: str, random: Random) -> Iterator[Group]:
    for at, (_, text) in enumerate(page.told):
        question = "" if text.startswith(("```", "|")) else _asked(page.title, text, random)
        if question:
            wrong = _alike(page, question, {at}, random)[:_WRONG]
            near = (Candidate(page.shown(at), True), *(Candidate(page.shown(i), False) for i in wrong))
            yield Group(question, near, (), source)


def _asked(title: str, text: str, random: Random) -> str:
    """A question that the sentence answers, or "" where its form gives none."""
    for form, templates in _FORMS:
        match = form.match(text.rstrip(".:;"))
        subject = match[1].strip() if match else ""
        if not match or not content(subject) or (_POINTS.match(subject) and len(content(subject)) < 3):
            continue
        subject = subject if subject[:2].isupper() else subject[0].lower() + subject[1:]
        words = random.choice(templates).format(subject, " ".join(match[2].split()[:8])).split()
        if len(words) > 6 and random.random() < 0.6:
            words = [w for w in words if w.lower() in STOP or random.random() > 0.3]
        question = " ".join(words)
        if random.random() >= 0.35:
            return question
        return f"{question.rstrip('?')} in {title}?" if random.random() < 0.5 else f"{title}: {question}"
    return ""


def _of_headings(page: _Page, source: str, random: Random) -> Iterator[Group]:
    for path in sorted({heads for heads, _ in page.told if len(heads) > 1}):
        inside = [i for i, (heads, _) in enumerate(page.told) if heads[: len(path)] == path]
        wrong = _alike(page, path[-1], set(inside), random)[: _WRONG - 1]
        if len(content(path[-1])) < 2 or len(inside) > 12 or len(wrong) < 4:
            continue
        plain = path[-1].endswith("?") or random.random() < 0.4
        question = path[-1] if plain else random.choice(_ASKS_OF_HEADING).format(path[-1])
        for at in random.sample(inside, min(2, len(inside))):
            shown = [Candidate(f"{page.title}\n{page.told[i][1]}", i == at) for i in (at, *wrong)]
            yield Group(question, tuple(shown), (), source)


def _alike(page: _Page, question: str, aside: set[int], random: Random) -> list[int]:
    """Sentences that share rare words with the question: of the best twice as many as are wanted, in chance order."""
    asked, size = set(content(question)), len(page.told)
    weighed = [
        (sum(math.log(1 + size / page.rare[w]) for w in asked & set(content(text))) + random.random() / 2, at)
        for at, (_, text) in enumerate(page.told)
        if at not in aside
    ]
    best = [at for _, at in sorted(weighed, reverse=True)[: 2 * _WRONG]]
    return random.sample(best, len(best))
