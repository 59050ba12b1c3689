"""Text and blocks that are built together agree, whatever is put in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Metadata, Parsed
from corpus.errors import SourceError
from ingest.parse.extracted.extraction import Extraction, clean

_TEXTS = st.text(max_size=40) | st.sampled_from(["a|b", "x\ny", "```", "\u200b", "  ", "\r\n", "e\u0301", "\ud800"])
_UNITS = st.tuples(st.sampled_from(["heading", "paragraph", "item", "row", "code"]), _TEXTS, st.integers(0, 8))


def _write(units: list[tuple[str, str, int]]) -> Extraction:
    out = Extraction()
    group = out.new_group()
    for kind, text, depth in units:
        if kind == "heading":
            out.heading(text, depth)
        elif kind == "paragraph":
            out.paragraph(text)
        elif kind == "item":
            out.item(text, "-", depth=depth + 1, group=group)
        elif kind == "row":
            out.row([text, "b"], group=group, header=depth == 0)
        else:
            out.code(text, language="sh")
    return out


def _check(parsed: Parsed) -> None:
    at = 0
    for block in parsed.blocks:
        assert at <= block.start < block.end <= len(parsed.text)
        assert parsed.text[at : block.start].strip() == ""
        assert parsed.text[block.start].strip()
        assert parsed.text[block.end - 1].strip()
        at = block.end
    assert parsed.text[at:].strip() == ""


@given(st.lists(_UNITS, max_size=12))
def test_blocks_cover_all_the_text_and_never_overlap(units: list[tuple[str, str, int]]) -> None:
    out = _write([*units, ("paragraph", "word", 0)])
    parsed = out.parsed(Metadata(), item="x")
    _check(parsed)
    assert not parsed.native


@given(st.lists(_UNITS, min_size=1, max_size=6))
def test_the_same_input_gives_the_same_text(units: list[tuple[str, str, int]]) -> None:
    units = [*units, ("paragraph", "word", 0)]
    assert _write(units).parsed(Metadata(), item="x") == _write(units).parsed(Metadata(), item="x")


@given(st.text())
def test_cleaning_twice_changes_nothing_and_leaves_nothing_invisible(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not set(once) & set("\u200b\u202e\ufeff\u00ad\x00\x1b\U000e0041")


def test_units_are_set_as_a_reader_expects() -> None:
    out = Extraction()
    group = out.new_group()
    out.heading("Title\n here", 9)
    out.paragraph("one\n\n two")
    out.item("first", "1.", depth=1, group=group)
    out.item("inner\nsecond line", "-", depth=2, group=group)
    table = out.new_group()
    out.row(["a|b", "c"], group=table, header=True)
    out.row(["1", ""], group=table)
    out.code("x = ```\n", language="py")
    parsed = out.parsed(Metadata(), item="x")
    assert parsed.text == (
        "Title here\n\none\ntwo\n\n1. first\n  - inner\n    second line\n\n"
        "| a\\|b | c |\n| 1 |  |\n\n````py\nx = ```\n````"
    )
    assert [(b.kind, b.depth, b.group, b.label) for b in parsed.blocks] == [
        ("heading", 6, -1, ""),
        ("paragraph", 0, -1, ""),
        ("item", 1, 0, "1."),
        ("item", 2, 0, "-"),
        ("row", 0, 1, "header"),
        ("row", 0, 1, ""),
        ("code", 0, -1, "py"),
    ]
    assert parsed.metadata.title == "Title here"


def test_a_document_without_words_is_an_error() -> None:
    out = Extraction()
    out.paragraph("\u200b ... \x00")
    with pytest.raises(SourceError) as caught:
        out.parsed(Metadata(), item="x.pdf", empty_because="only dots")
    assert (caught.value.outcome, str(caught.value)[:17]) == ("empty", "x.pdf: only dots.")


def test_the_last_block_can_be_taken_back() -> None:
    out = Extraction()
    out.paragraph("kept")
    out.heading("gone", 1)
    out.retract()
    out.paragraph("after")
    assert out.parsed(Metadata(), item="x").text == "kept\n\nafter"
