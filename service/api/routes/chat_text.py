"""An answer as the message of an assistant: its text, the list of its sources, and annotations over the marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from service.answer import Answer
from service.protocols.report import Report
from service.standing.label import label

_MARK = re.compile(r"\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True)
class Message:
    """`annotations` as OpenAI's `url_citation`s: each spans a mark of the text."""

    text: str
    annotations: list[dict[str, Any]]

    def pieces(self) -> Iterator[str]:
        """The text by whole lines: a sentence is never cut."""
        yield from self.text.splitlines(keepends=True)


def permalink(base: str, document: str, revision: str, start: int, end: int) -> str:
    """Where characters of a document can be read as they were."""
    return f"{base.rstrip('/')}/v1/documents/{quote(document)}/revisions/{revision}#char={start},{end}"


def annotated(made: Answer | Report, base: str) -> Message:
    """The message. `base` is the service's address."""
    cited = {citation.number: citation for citation in made.citations}
    text = made.text
    annotations = []
    for mark in _MARK.finditer(text):
        citation = cited.get(int(mark[1]))
        if citation is not None:
            where = {"start_index": mark.start(), "end_index": mark.end()}
            url = permalink(base, citation.document, citation.revision, citation.start, citation.end)
            about = {"title": citation.title, "url": url}
            annotations.append({"type": "url_citation", "url_citation": where | about})
    if cited:
        sources = [f"[{one.number}] {one.title}, {one.document} ({label(one)}, {one.place})" for one in made.citations]
        text = f"{text}\n\nSources:\n\n" + "\n".join(f"- {source}" for source in sources)
    return Message(text, annotations)
