"""Questions with candidate sentences, some of which answer: what the selector is trained on.

Of SQuAD 2.0 (`squad2_dev`) whole articles train and three others report. A candidate is a sentence of the paragraph
that was asked about, under the article's title; one that holds an answer is right. Beside them stand sentences of other
paragraphs that share rare words with the question. Questions that the paragraph leaves open have no right candidate.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from corpus.documents import Span
from corpus.units import sentences

HELD = ("Imperialism", "Immune_system", "Scottish_Parliament")
"""Articles that train nothing and report."""
_WORD = re.compile(r"\w+")
STOP = frozenset(
    "the a an of to in is are was were and or for on with as by that this it its at from be has have had not which"
    " who what when where how why do does did can could should will would may if than then their there these those"
    " into also such".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence under its headings, and whether it answers."""

    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A question with its candidates; `near` are those of the place that was asked about, `far` others like them.

    source  what it comes from: an article, a document
    """

    question: str
    near: tuple[Candidate, ...]
    far: tuple[Candidate, ...]
    source: str

    @property
    def answered(self) -> bool:
        """Whether a candidate is right."""
        return any(candidate.right for candidate in self.near)


def content(text: str) -> list[str]:
    """The words of a text that are not mere grammar, in small letters."""
    return [word for word in map(str.lower, _WORD.findall(text)) if word not in STOP]


def cut(text: str) -> list[Span]:
    """The sentences of a text."""
    return [Span(s.start, s.end) for s in sentences(text, Span(0, len(text)))]


def articles(path: Path, *, held: bool, random: Random) -> list[Group]:
    """The groups of the articles that train, or of those that are `held`."""
    found: list[Group] = []
    for article in json.loads(path.read_text("utf-8"))["data"]:
        if (article["title"] in HELD) == held:
            found.extend(_article(article, random))
    return found


def _article(article: dict[str, Any], random: Random) -> Iterator[Group]:
    texts = [paragraph["context"] for paragraph in article["paragraphs"]]
    said = [(place, text[s.start : s.end].strip()) for place, text in enumerate(texts) for s in cut(text)]
    rare = Counter(word for _, text in said for word in set(content(text)))
    for place, paragraph in enumerate(article["paragraphs"]):
        others = [text for at, text in said if at != place]
        for asked in paragraph["qas"]:
            near = list(_near(paragraph["context"], asked))
            if asked["is_impossible"] or any(right for _, right in near):
                alike = _alike(asked["question"], others, rare, len(said))
                kept = alike[:1] if asked["is_impossible"] else random.sample(alike, 2)
                yield _group(article["title"], asked["question"], near, kept)


def _near(text: str, asked: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    answers = [] if asked["is_impossible"] else asked["answers"]
    spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers]
    for s in cut(text):
        yield text[s.start : s.end].strip(), any(s.start <= first and last <= s.end + 1 for first, last in spans)


def _alike(question: str, texts: Iterable[str], rare: Counter[str], size: int) -> list[str]:
    """The six texts that share most rare words with the question."""
    asked = set(content(question))
    weighed = [(sum(math.log(size / rare[w]) for w in asked & set(content(text))), text) for text in texts]
    return [text for _, text in sorted(weighed, reverse=True)[:6]]


def _group(title: str, question: str, near: Sequence[tuple[str, bool]], far: Sequence[str]) -> Group:
    name = title.replace("_", " ")
    return Group(
        question,
        tuple(Candidate(f"{name}\n{text}", right) for text, right in near),
        tuple(Candidate(f"{name}\n{text}", False) for text in far),
        title,
    )
