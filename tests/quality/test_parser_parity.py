"""Floors on the parsers: five formats of one document, and docling's expected conversions (`eval.parser_report`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.parser_report import docling_recall, markdown_words, token_recall, tokens, twins

pytestmark = [pytest.mark.quality, pytest.mark.shared]

RECALL = 0.985
KEPT = {"html": (1.0, 0.9, 1.0), "docx": (1.0, 0.9, 1.0), "pptx": (0.99, 0.9, 1.0), "pdf": (0.88, 0.89, 0.85)}
DOCLING = {"docx": 0.955, "html": 0.92, "pdf": 0.975, "pptx": 0.98}


def test_tokens_are_counted_without_markdown() -> None:
    text = "# A *b_c* [link](http://x.y/z_(1)) `d\\_e` ![alt](p.png)\n```sh\nf\n```\n<b>g</b> &amp; <!-- i -->"
    text += " $\\frac{h}{2}$"
    assert sorted(tokens(markdown_words(text)).elements()) == ["2", "a", "b_c", "d", "e", "f", "g", "h", "link"]
    assert token_recall(tokens("a a b c"), tokens("A b x")) == 0.5


@pytest.mark.parametrize("kind", KEPT)
def test_every_format_says_what_its_markdown_twin_says(shared: Path, kind: str) -> None:
    (recall,), (kept,) = twins(shared / "data/rag_multi_corpus/datasets", [kind], 15)
    headings, items, rows = KEPT[kind]
    assert recall.files >= 15
    assert recall.recall >= RECALL, recall.worst
    assert kept.right >= 0.75
    assert (kept.headings >= headings, kept.items >= items, kept.rows >= rows) == (True, True, True), kept


@pytest.mark.parametrize("kind", DOCLING)
def test_docling_fixtures_are_read_as_their_makers_expect(shared: Path, kind: str) -> None:
    (recall,) = docling_recall(shared / "data/parser_fixtures/docling-tests-data", f"/{kind}/")
    assert recall.recall >= DOCLING[kind], recall.worst
