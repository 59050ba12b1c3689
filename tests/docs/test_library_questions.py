"""Asking Aether about Aether: the bundled library, ingested as a reader's would be, answers what it should."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.library import LIBRARY, manifest
from ingest.store.store import Store
from service.answer import Answer
from service.answering.decide import fitted
from service.cli.program import run
from service.engine import Engine, Request
from service.settings import Settings
from service.wiring import Wiring

pytestmark = pytest.mark.quality
QUESTIONS = tomllib.loads(Path(__file__).with_name("library_questions.toml").read_text("utf-8"))["question"]
HIDDEN = {f"library/{entry.path}" for entry in manifest() if "public" not in entry.access}
ANSWERED = 0.8
REFUSED = 0.6


@dataclass(frozen=True, slots=True)
class Told:
    """A question with its answer."""

    asked: dict[str, str]
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the answer holds the phrase and cites the document, or is the refusal that it should be."""
        if self.asked.get("refuse"):
            return self.answer.status == "refused"
        cited = {citation.document for citation in self.answer.citations}
        return f"library/{self.asked['document']}" in cited and _flat(self.asked["phrase"]) in _flat(self.answer.text)


def _flat(text: str) -> str:
    return " ".join(text.replace("`", "").replace("*", "").split()).lower()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("library") / "store"
    assert run(["ingest", str(LIBRARY), "--store", str(folder)]) == 0
    wiring = Wiring(Settings(store=folder))
    with Store.open(folder) as store:
        yield wiring.engine(store)


@pytest.fixture(scope="module")
def told(engine: Engine) -> list[Told]:
    found = []
    for asked in QUESTIONS:
        access = frozenset({"public", *([asked["principal"]] if "principal" in asked else [])})
        found.append(Told(asked, engine.ask(Request(asked["question"], access))))
    return found


def test_every_document_is_asked_for() -> None:
    asked = {question.get("document") for question in QUESTIONS}
    passed_over = {"reports/foundation-overview.pptx", "runbooks/index-corrupt.md", "runbooks/upgrade.md"}
    assert {entry.path for entry in manifest()} - asked == passed_over


def test_most_questions_are_answered_from_the_right_document(told: list[Told]) -> None:
    answerable = [one for one in told if not one.asked.get("refuse")]
    wrong = [f"{one.asked['question']} -> {one.answer.text[:200]!r}" for one in answerable if not one.right]
    assert 1 - len(wrong) / len(answerable) >= ANSWERED, "\n".join(wrong)


def test_most_foreign_questions_are_refused(told: list[Told]) -> None:
    if not any(fitted().weights):
        pytest.skip("no fit of the decision is committed")
    foreign = [one for one in told if one.asked.get("refuse")]
    answered = [one.asked["question"] for one in foreign if not one.right]
    assert 1 - len(answered) / len(foreign) >= REFUSED, "\n".join(answered)


def test_every_quote_is_verbatim(engine: Engine, told: list[Told]) -> None:
    for one in told:
        for citation in one.answer.citations:
            text = engine._store.read(citation.document, citation.revision).text
            assert text[citation.start : citation.end] == citation.quote


def test_what_is_for_operators_is_hidden_from_the_public(engine: Engine, told: list[Told]) -> None:
    assert HIDDEN
    for one in told:
        if "principal" not in one.asked:
            shown = one.answer.model_dump_json()
            assert not [name for name in HIDDEN if name in shown], one.asked["question"]
    for name in HIDDEN:
        title = engine._store.documents.card(name).title
        public = engine.ask(Request(f"What does {title} say?")).model_dump_json()
        assert name not in public
        assert "Accepted risks of an Aether installation" not in public.replace(f"What does {title} say?", "")
        found = engine.search(Request(title, frozenset({"public", "group:operators"})))
        assert found.evidence[0].passage.document == name
