"""How much weight a source carries, by the written rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from corpus.documents import Document, Kind, Metadata, Parsed
from corpus.library import LIBRARY, manifest
from service.persona.lint import lint
from service.policy.flag import CAVEAT
from service.standing.tier import TIERS, tier_of


def document(path: str, kind: Kind = "other", *, title: str = "", text: str = "", **said: str) -> Document:
    parsed = Parsed(text, (), metadata=Metadata(**said))  # type: ignore[arg-type]
    return Document(f"s/{path}", "s", path, parsed, title, kind, frozenset({"public"}))


@pytest.mark.parametrize(
    ("source", "tier"),
    [
        (document("a.md", "postmortem"), "own measurement"),
        (document("a.md", title="Load test of the gateway: results"), "own measurement"),
        (document("a.md", "guide", title="How to read a benchmark"), ""),
        (document("a.md", "design", title="Benchmark report service"), "own proposal"),
        (document("a.md", "adr", status="Accepted"), "own decision"),
        (document("a.md", "adr", status="superseded by ADR-9"), "own decision"),
        (document("a.md", "adr", status="proposed"), "own proposal"),
        (document("a.md", "adr", status="rejected"), "own proposal"),
        (document("a.md", "adr"), ""),
        (document("a.md", "design", status="implemented"), "own decision"),
        (document("a.md", "design"), "own proposal"),
        (document("a.md", "runbook", status="active"), "own decision"),
        (document("a.md", "runbook"), ""),
        (document("a.md", "paper", text="Proceedings of the 20th Symposium on Systems"), "peer-reviewed paper"),
        (document("a.md", "paper", title="A technical report"), ""),
        (document("vendor/a.md", "guide", title="Benchmark results"), "vendor documentation"),
        (document("x/white-papers/a.md", "postmortem"), "marketing"),
        (document("a.md", "guide", title="Acme DB: a white paper"), "marketing"),
        (document("a.md", "guide", tier="vendor documentation"), "vendor documentation"),
        (document("vendor/a.md", tier="own measurement"), "own measurement"),
        (document("vendor/a.md", tier="the best"), "vendor documentation"),
        (document("a.md"), ""),
    ],
)
def test_the_rule_decides(source: Document, tier: str) -> None:
    assert tier_of(source) == tier


def test_the_rule_agrees_with_what_the_bundled_manifest_says_of_records() -> None:
    records = [entry for entry in manifest(LIBRARY) if entry.kind in ("adr", "postmortem")]
    assert records
    for entry in records:
        assert tier_of(document(entry.path, entry.kind, status=entry.status)) == entry.tier
    assert {entry.tier for entry in manifest(LIBRARY)} <= set(TIERS)


def test_an_answer_from_others_work_says_that_it_is_theirs(holding: Callable[[dict[str, str]], Any]) -> None:
    text = "---\ntitle: Lanes\nkind: {}\n{}---\n# Lanes\n\nThe lane index of the store keeps 97 % of the recall.\n"
    question = "How much of the recall does the lane index of the store keep?"
    answer = holding({"s/lanes.md": text.format("paper", "")}).ask(question)
    assert [s.text for s in answer.sentences if s.kind == "notice"] == [CAVEAT]
    assert "P17" in lint(answer).clean
    ours = holding({"s/lanes.md": text.format("paper", "tier: own measurement\n")}).ask(question)
    assert CAVEAT not in ours.text
    assert "P17" in lint(ours).absent
