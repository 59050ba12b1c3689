"""The smallest things that can be said verbatim."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Span
from corpus.units import sentences, trim, units, whole_item
from ingest.parse.text.markdown import parse_text


def document(text: str) -> Document:
    return Document("docs/a.md", "docs", "a.md", parse_text(text, "a.md"), "A", "guide", frozenset({"public"}))


def texts(text: str) -> list[tuple[str, str]]:
    read = document(text)
    return [(u.kind, read.visible(u.start, u.end)) for u in units(read, Span(0, len(text)))]


def test_every_structure_has_its_units() -> None:
    text = "# A\n\nOne. Two.\n\n- three\n  more\n- four\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sh\nx\n\ny\n```\n"
    assert texts(text) == [
        ("sentence", "One."),
        ("sentence", "Two."),
        ("item", "- three\n  more"),
        ("item", "- four"),
        ("row", "| a | b |"),
        ("row", "| 1 | 2 |"),
        ("code", "```sh\nx\n\ny\n```"),
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two. Three four.", 2),
        ("One two? Three! Four.", 3),
        ("Use e.g. Redis or i.e. Valkey. Then wait.", 2),
        ("See Fig. 3 and No. 4 of Dr. Who. Done.", 2),
        ("Version 1.2 is out. It works.", 2),
        ("It takes 3.5 GB. 4 are better.", 2),
        ("Run `a. B` now. Then stop.", 2),
        ('He said "no." Then he left.', 2),
        ("It (really.) Works.", 2),
        ("Ask J. Smith about it.", 1),
        ("Wait ... then go on.", 1),
        ("The file is a.b and c.d here.", 1),
        ("It ends here.\n\nAnother begins.", 2),
    ],
)
def test_sentences_end_where_they_end(text: str, parts: int) -> None:
    found = list(sentences(text, Span(0, len(text))))
    assert len([s for s in found if text[s.start : s.end].strip()]) == parts
    assert "".join(text[s.start : s.end] for s in found) == text


@given(st.text("aB.!? `\n-1(", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_sentences_rejoin_to_their_span(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert "".join(text[s.start : s.end] for s in sentences(text, Span(start, end))) == text[start:end]


PARTS = ["# Heading", "One. Two it is!", "- a\n  - b\n\n    c", "1. x\n2. y", "| a |\n|---|\n| b |", "```\nq\n```"]
PARTS += ["<!-- hidden -->", "Seen <!-- hidden --> again. More.", "> quoted. Twice.", "<details>\nd\n</details>"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=8).map("\n\n".join), st.data())
def test_units_are_in_order_disjoint_and_visible_at_their_edges(text: str, data: st.DataObject) -> None:
    read = document(text)
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    found = units(read, span)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(u.start < span.end and u.end > span.start for u in found)
    for unit in found:
        shown = read.visible(unit.start, unit.end)
        assert shown == shown.strip() != ""
        assert shown[0] == text[unit.start]
        assert shown[-1] == text[unit.end - 1]
        block = read.parsed.blocks[unit.block]
        assert block.kind != "heading"
        assert block.start <= unit.start < unit.end <= block.end
    whole = units(read, Span(0, len(text)))
    assert found == [u for u in whole if u.start < span.end and u.end > span.start]


def test_nothing_of_only_hidden_text_is_left() -> None:
    text = "a <!-- b --> c"
    read = document(text)
    assert trim(read, 2, 12) is None
    assert trim(read, 1, 13) is None
    assert trim(read, 0, 13) == Span(0, 1)
    assert trim(read, 3, 14) == Span(13, 14)


def test_an_item_ends_with_what_is_nested_in_it() -> None:
    read = document("- one\n\n  more\n  - two\n    - three\n- four\n\nafter\n")
    kinds = [(b.kind, b.depth) for b in read.parsed.blocks]
    assert kinds == [("item", 1), ("paragraph", 1), ("item", 2), ("item", 3), ("item", 1), ("paragraph", 0)]
    assert [whole_item(read, at) for at in range(6)] == [3, 1, 3, 3, 4, 5]
