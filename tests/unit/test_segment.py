"""Text -> claims: what is cut, what is left out, and that offsets lead back."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.grounding.segment import as_read, is_rule, segments


def rows(text: str) -> list[tuple[str, str]]:
    return [(s.kind, s.text) for s in segments(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One is so. Two is not.", [("sentence", "One is so."), ("sentence", "Two is not.")]),
        ("Wrapped\nover lines.\n\nNew one.", [("sentence", "Wrapped over lines."), ("sentence", "New one.")]),
        ("# Head\nBody text.", [("heading", "Head"), ("sentence", "Body text.")]),
        ("- a first\n  goes on\n- second one", [("item", "a first goes on"), ("item", "second one")]),
        ("1. Drain it.\n2) Restart it.", [("item", "Drain it."), ("item", "Restart it.")]),
        ("- [x] done\n* [ ] open", [("item", "done"), ("item", "open")]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", [("row", "| a | b |"), ("row", "| 1 | 2 |")]),
        ("So:\n```sh\nls -l\n```\nDone.", [("sentence", "So:"), ("code", "```sh\nls -l\n```"), ("sentence", "Done.")]),
        ("```\n```yaml\n> ```\n```\nDone.", [("code", "```\n```yaml\n> ```\n```"), ("sentence", "Done.")]),
        ("> ```\n> ls\n> ```\n> Done.", [("code", "> ```\n> ls\n> ```"), ("sentence", "Done.")]),
        ("```\nnever closed", [("code", "```\nnever closed")]),
        ("> quoted text here", [("sentence", "quoted text here")]),
        ("It is **bold** and _so_ on [1].", [("sentence", "It is bold and so on.")]),
        ("A [link](http://x.y/z) and ![alt](p.png).", [("sentence", "A link and alt.")]),
        ("Cited [1, 2] and [^3] here[4].", [("sentence", "Cited and here.")]),
        ("Use e.g. this one. V2.1 is out.", [("sentence", "Use e.g. this one."), ("sentence", "V2.1 is out.")]),
        ("Title\n=====\nText.", [("heading", "Title"), ("sentence", "Text.")]),
        ("---\n\n***", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_cut(text: str, found: list[tuple[str, str]]) -> None:
    assert rows(text) == found


def test_sections_and_marks_are_kept() -> None:
    first, second = [
        s for s in segments("# Costs\nIt costs $5 [2].\n## Risks\nIt fails [1, 3].") if s.kind != "heading"
    ]
    assert (first.section, first.marks) == ("Costs", (2,))
    assert (second.section, second.marks) == ("Risks", (1, 3))


@given(st.text("ab .!?\n#-*|`>1[]()_", max_size=60))
def test_offsets_lead_back_and_segments_are_disjoint(text: str) -> None:
    found = segments(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for segment in found:
        assert 0 <= segment.start < segment.end <= len(text)
        stretch = text[segment.start : segment.end]
        assert segment.text == (stretch if segment.kind == "code" else as_read(stretch))


@given(st.lists(st.sampled_from(["Alpha is so", "Beta was not", "Gamma costs 5 MB"]), max_size=5))
def test_every_plain_sentence_is_found(sentences: list[str]) -> None:
    text = "".join(f"{s}.\n\n" for s in sentences)
    assert [s.text for s in segments(text)] == [f"{s}." for s in sentences]


def test_a_line_of_spaces_and_bars_costs_no_more_than_its_length() -> None:
    began = time.monotonic()
    segments("| first column | second column |\n" + " " * 50_000 + "|" * 50_000 + "x\n")
    assert time.monotonic() - began < 5  # seconds; with a pattern that backtracks it takes hours


@pytest.mark.parametrize(
    ("line", "expected"),
    [("| --- | :-: |", True), ("---|---", True), ("---", False), ("| a |", False), ("|", False)],
)
def test_the_line_below_a_header_is_known(line: str, expected: bool) -> None:
    assert is_rule(line) is expected
