"""Sections from headings, and where a span stands."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.access import access_set, may_read
from corpus.documents import Anchor, Document, Parsed, Span, revision_of, visible_spans
from corpus.errors import AccessError
from corpus.outline import heading_title, line_starts, lines_of, outline, place_of, section_path, sections_of
from ingest.parse.text.markdown import parse_text

NESTED = "intro\n\n# A\n\none\n\n## B\n\ntwo\n\n#### C\n\nthree\n\n## D\n\nfour\n\n# E\n"


def document(text: str, name: str = "docs/a.md") -> Document:
    parsed = parse_text(text, name)
    return Document(
        name, "docs", name.partition("/")[2], parsed, "A", "guide", frozenset({"public"}), "", "", revision_of(text)
    )


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("## Restore the ledger ##", "Restore the ledger"),
        ("# `kubectl drain` in *short*", "kubectl drain in short"),
        ("Title\n=====", "Title"),
        ("Title\n~~~~~", "Title"),
        ("# [The guide](https://example.org) for __you__ {#anchor}", "The guide for you"),
        ("# snake_case_name stays", "snake_case_name stays"),
        ("#hashtag", "#hashtag"),
        ("# 2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_a_heading_is_read_without_its_decoration(raw: str, title: str) -> None:
    assert heading_title(raw) == title


def test_sections_nest_by_level() -> None:
    read = document(NESTED)
    assert [(s.path, read.text[s.start : s.end].split()[-1]) for s in sections_of(read)] == [
        ((), "intro"),
        (("A",), "one"),
        (("A", "B"), "two"),
        (("A", "B", "C"), "three"),
        (("A", "D"), "four"),
        (("E",), "E"),
    ]


@given(st.lists(st.sampled_from(["# A", "## B", "### C", "text", "- item"]), max_size=12).map("\n\n".join))
def test_sections_follow_each_other_without_a_gap_to_the_end(text: str) -> None:
    sections = outline(text, parse_text(text, "a.md").blocks)
    assert all(a.end == b.start for a, b in pairwise(sections))
    assert not sections or sections[-1].end == len(text)


def test_a_section_is_found_by_any_offset_in_it() -> None:
    read = document(NESTED)
    for word, path in (("intro", ()), ("# A", ("A",)), ("three", ("A", "B", "C")), ("four", ("A", "D"))):
        assert section_path(read, read.text.index(word)) == path
    assert section_path(read, len(read.text)) == ("E",)


def test_remembered_sections_are_those_of_this_reading() -> None:
    """Two readings of one revision (a better parser) must not be mixed up; many documents push old ones out."""
    first = document("# A\n\none\n")
    second = Document(**{k: getattr(first, k) for k in first.__slots__} | {"parsed": Parsed(first.text, ())})
    assert sections_of(first) is sections_of(first)
    assert [s.path for s in sections_of(second)] == [()]
    assert [s.path for s in sections_of(first)] == [("A",)]
    for number in range(100):
        sections_of(document("# A\n\none\n", f"docs/{number}.md"))
    assert [s.path for s in sections_of(first)] == [("A",)]


def test_lines_are_counted_for_every_line_end() -> None:
    text = "a\nb\r\nc\rd"
    starts = line_starts(text)
    assert [lines_of(starts, text.index(c), text.index(c) + 1) for c in "abcd"] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert lines_of(starts, 0, len(text)) == (1, 4)
    assert lines_of(starts, 0, 2) == (1, 1)
    assert lines_of(starts, 2, 2) == (2, 2)


@pytest.mark.parametrize(
    ("anchors", "place"),
    [
        ((), "lines 1-2"),
        ((Anchor("page", "3", 0, 4), Anchor("page", "4", 4, 99)), "pages 3-4"),
        ((Anchor("page", "3", 0, 99),), "page 3"),
        ((Anchor("slide", "2", 0, 99),), "slide 2"),
        ((Anchor("cell", "Costs!A1:C4", 0, 99),), "Costs!A1:C4"),
        ((Anchor("element", "intro", 0, 99),), "#intro"),
        ((Anchor("page", "9", 50, 99),), "lines 1-2"),
    ],
)
def test_a_place_is_an_anchor_or_lines(anchors: tuple[Anchor, ...], place: str) -> None:
    assert place_of(anchors, line_starts("abc\ndef\n"), 0, 7) == place


def test_one_line_is_a_line() -> None:
    assert place_of((), line_starts("abc\ndef\n"), 4, 7) == "line 2"


# --- documents and access


@given(st.text("ab\n", max_size=30), st.lists(st.integers(0, 30), max_size=8), st.integers(0, 30), st.integers(0, 30))
def test_visible_text_is_the_text_outside_hidden_stretches(text: str, marks: list[int], one: int, other: int) -> None:
    edges = sorted({min(m, len(text)) for m in marks})
    hidden = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    gone = {i for h in hidden for i in range(h.start, h.end)}
    read = Document("a", "a", "a", Parsed(text, (), hidden), "", "other", frozenset({"public"}))
    assert read.visible(start, end) == "".join(text[i] for i in range(start, end) if i not in gone)
    assert all(s.start < s.end for s in visible_spans(hidden, start, end))


def test_a_revision_is_of_the_text_alone_and_takes_half_characters() -> None:
    assert revision_of("a") == document("a").revision != revision_of("a ")
    assert len(revision_of("half \ud800")) == 64


@pytest.mark.parametrize("names", [(), ("everyone",), ("user:",), ("group:a b",), ("public", "user:a,b"), ("Public",)])
def test_a_malformed_access_set_is_an_error(names: tuple[str, ...]) -> None:
    with pytest.raises(AccessError):
        access_set(names)


def test_access_is_a_name_in_common() -> None:
    caller = access_set(["public", "user:ada", "group:sre"])
    assert may_read(caller, frozenset({"group:sre", "group:finance"}))
    assert not may_read(caller, frozenset({"user:adam", "group:finance"}))
    assert not may_read(caller, frozenset())
