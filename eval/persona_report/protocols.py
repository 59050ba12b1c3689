"""The protocols over real inputs: documents of the store as proposals, their titles and questions as subjects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.access import PUBLIC
from corpus.errors import AetherError
from service.answer import Answer
from service.asker import Asker
from service.protocols.registry import PROTOCOLS
from service.protocols.report import Report

CALLER = frozenset({PUBLIC})
_OF_TEXT = ("review", "intake", "premortem")
_OF_SUBJECT = (("adr", "question", "Which option do we choose for {}?"), ("assess", "system", "{}"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that is brought to a protocol, by the name of its file."""

    name: str
    title: str
    text: str


def from_store(who: Asker, limit: int) -> list[Proposal]:
    """At most `limit` documents of the store that everybody may read, at even steps of their names."""
    cards = sorted((c for c in who.cards() if c.present and PUBLIC in c.access), key=lambda card: card.id)
    chosen = cards[:: max(1, len(cards) // limit)][:limit] if limit else []
    texts = [(card, who.read(card.id, card.revision, CALLER).text) for card in chosen]
    return [Proposal(Path(card.path).with_suffix(".md").name, card.title, text) for card, text in texts if text.strip()]


def from_folder(folder: Path, limit: int) -> list[Proposal]:
    """At most `limit` Markdown files of a folder and of those in it."""
    paths = sorted(folder.rglob("*.md"))[:limit]
    return [Proposal(path.name, path.stem, path.read_text("utf-8", "replace")) for path in paths]


def reports(who: Asker, questions: Sequence[str], proposals: Sequence[Proposal]) -> Iterator[tuple[str, Report]]:
    """Every protocol by its name: over the proposals, and over their titles and the questions as subjects.

    What a protocol does not take, such as a text without a sentence, is left out.
    """
    asked = [(n, {"name": p.name, "text": p.text}) for p in proposals for n in _OF_TEXT]
    asked += [(n, {field: form.format(p.title)}) for p in proposals for n, field, form in _OF_SUBJECT]
    asked += [(n, {field: question}) for question in questions for n, field, _ in _OF_SUBJECT]
    for name, given in asked:
        protocol = PROTOCOLS[name]
        try:
            yield name, protocol.run(who, protocol.request.model_validate(given), CALLER)
        except AetherError as refused:
            print(f"{name} does not take {given.get('name', given)}: {refused}")


def as_answer(report: Report, made: Answer) -> Answer:
    """A report as the rules read one; `made` lends what a report has not.

    The text that was brought, whose id has no source before it, is judged and not relied on: its status binds nobody.
    """
    cited = [c if "/" in c.document else c.model_copy(update={"status": ""}) for c in report.citations]
    return made.model_copy(
        update={
            "question": report.title,
            "status": "grounded",
            "refusal": None,
            "text": report.text,
            "sentences": report.sentences,
            "citations": tuple(cited),
            "evidence": (),
            "violations": (),
        }
    )
