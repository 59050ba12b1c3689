"""What the readers give: texts with judged queries, and questions posed over given passages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text as its set cuts it; `id` is the set's own."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query; `group` is what belongs into one fold: a conversation, an article, a claim."""

    id: str
    text: str
    group: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A retrieval set.

    relevant  ids of the relevant texts, by id of the query; every query has some, and every one of them is a text
    """

    name: str
    texts: tuple[Text, ...]
    queries: tuple[Query, ...]
    relevant: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Posed:
    """A question over passages that answer it, or only seem to.

    group  what belongs into one fold: an article, a conversation
    """

    id: str
    question: str
    passages: tuple[Text, ...]
    answerable: bool
    group: str
