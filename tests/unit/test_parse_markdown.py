"""Markdown becomes blocks whose spans are exact in the file."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Block, Parsed, visible_spans
from ingest.parse.text.markdown import parse_text


def shape(text: str) -> list[tuple[str, int, str, str]]:
    """(kind, depth, label, text) of every block."""
    parsed = parse_text(text, "x.md")
    return [(b.kind, b.depth, b.label, text[b.start : b.end]) for b in parsed.blocks]


def test_headings_of_both_styles() -> None:
    assert shape("# One\n\nTwo\n---\ntext\n") == [
        ("heading", 1, "", "# One"),
        ("heading", 2, "", "Two\n---"),
        ("paragraph", 0, "", "text"),
    ]


def test_an_item_ends_with_its_first_paragraph_and_what_follows_belongs_to_its_list() -> None:
    text = "Before:\n\n3. Stop it\n   now.\n\n   Then wait.\n\n   ```sh\n   ls\n   ```\n4. Start\n   - [x] twice\n"
    assert shape(text) == [
        ("paragraph", 0, "", "Before:"),
        ("item", 1, "3.", "3. Stop it\n   now."),
        ("paragraph", 1, "", "Then wait."),
        ("code", 1, "sh", "   ```sh\n   ls\n   ```"),
        ("item", 1, "4.", "4. Start"),
        ("item", 2, "-", "- [x] twice"),
    ]
    assert {b.group for b in parse_text(text, "x.md").blocks} == {-1, 0}


def test_nested_markers_on_one_line_give_the_innermost_item() -> None:
    assert shape("- * a\n  * b\n") == [("item", 2, "*", "* a"), ("item", 2, "*", "* b")]


def test_a_table_is_rows_without_its_delimiter() -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n| c |\n|---|\n| 3 |\n"
    parsed = parse_text(text, "x.md")
    assert [(b.label, b.group, text[b.start : b.end]) for b in parsed.blocks] == [
        ("header", 0, "| a | b |"),
        ("", 0, "| 1 | 2 |"),
        ("header", 1, "| c |"),
        ("", 1, "| 3 |"),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- a remark -->",
        "<!-- a\n\n# remark\n\n```\ncode\n``` -->",
        "{% include nav.html %}",
        "<%# remark %>",
        "<% if a\n\n  b %>",
        "{{ content }}",
        "{{< hint info >}}",
        "[TOC]",
        "[[_TOC_]]",
        "[ref]: https://example.org 'Title'",
        "<br>",
        "<!-- toc -->\n- [One](#one)\n<!-- /toc -->",
        "- [One](#one)\n  - [Two](#two)\n- [Three](#three)",
    ],
)
def test_plumbing_is_hidden_outside_fences_only(hidden: str) -> None:
    parsed = parse_text(f"Above\n\n{hidden}\n\nBelow\n", "x.md")
    assert [parsed.text[b.start : b.end] for b in parsed.blocks] == ["Above", "Below"]
    fenced = parse_text(f"~~~~\n{hidden}\n~~~~\n", "x.md")
    assert not fenced.hidden
    assert len(fenced.blocks) == 1


@pytest.mark.parametrize(
    "kept",
    [
        "The value {{ name }} is set.",
        'Run <%= task("a") %> now.',
        "`<!-- no remark -->` in code",
        "a < b and c > d",
        "use <namespace> here",
        "an unclosed <!-- remark",
        "see <https://example.org>",
        "one<br>two",
        "one<ul><li>two",
        "<link to the issue>",
        "say <!-- in one paragraph\n\nand --> in another",
    ],
)
def test_what_belongs_to_a_sentence_stays(kept: str) -> None:
    parsed = parse_text(kept + "\n", "x.md")
    assert not parsed.hidden
    assert parsed.text[parsed.blocks[0].start : parsed.blocks[-1].end] == kept


def test_details_keep_their_text_and_lose_their_tags() -> None:
    text = "<details>\n<summary>More</summary>\n\nThe *rest*.\n\n</details>\n"
    parsed = parse_text(text, "x.md")
    assert [text[b.start : b.end] for b in parsed.blocks] == ["More", "The *rest*."]
    assert "<" not in "".join(text[s.start : s.end] for s in visible_spans(parsed.hidden, 0, len(text)))


def test_front_matter_is_read_and_hidden() -> None:
    text = "---\ntitle: Node down\nweight: 3\n---\n\nText.\n"
    parsed = parse_text(text, "x.md")
    assert parsed.metadata.title == "Node down"
    assert [text[b.start : b.end] for b in parsed.blocks] == ["Text."]


def test_line_ends_stay_as_they_are() -> None:
    text = "# A\r\n\r\n- b\r\n  c\r\n\rd\r\n"
    assert [t for *_, t in shape(text)] == ["# A", "- b\r\n  c", "d"]


def test_a_footnote_is_content() -> None:
    assert shape("See[^1].\n\n[^1]: https://example.org\n")[1][3] == "[^1]: https://example.org"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        ">" * 5_000 + " deep",
        "".join("  " * n + f"- {n}\n" for n in range(300)),
        "<!--" * 10_000,
        "{{" * 10_000 + "<%" * 10_000,
        "`" * 9_999 + " " + "``` " * 5_000,
        "<a " * 20_000,
        "<details>" * 5_000,
        "| a " * 5_000 + "\n" + "|-" * 5_000 + "\n",
        "{{x}}" * 20_000,
        "{{ " * 20_000 + "\n\n}}",
        "x <!-- " * 20_000 + "\n\n-->",
        "{% comment %}" * 10_000,
        "<script>" * 10_000,
        "<nav>\n" * 10_000,
        "`<br>" * 10_000,
        "<!-- toc -->" * 5_000,
        "- [a](#a)\n" * 20_000,
        "*" * 20_000,
        "\n" * 100_000 + "x",
        "---\n" + "[" * 50_000 + "\n---\n",
    ],
)
def test_hostile_text_neither_hangs_nor_vanishes(text: str) -> None:
    parsed = parse_text(text, "x.md")
    check(parsed)


def check(parsed: Parsed) -> None:
    """The promises of `Parsed`, and that no visible word is outside all blocks."""
    text, at = parsed.text, 0
    inside = set[int]()
    for span in parsed.hidden:
        assert 0 <= span.start < span.end <= len(text)
    assert all(a.end < b.start for a, b in zip(parsed.hidden, parsed.hidden[1:], strict=False))
    for block in parsed.blocks:
        assert at <= block.start < block.end <= len(text)
        at = block.end
        edges = [s for s in visible_spans(parsed.hidden, block.start, block.end)]
        assert edges[0].start == block.start
        assert edges[-1].end == block.end
        assert not text[block.end - 1].isspace()
        assert block.kind == "code" or not text[block.start].isspace()
        assert _well_formed(block)
        inside.update(range(block.start, block.end))
    for span in visible_spans(parsed.hidden, 0, len(text)):
        lost = {c for i, c in enumerate(text[span.start : span.end], span.start) if i not in inside}
        assert not lost & set(string.ascii_letters), text


def _well_formed(block: Block) -> bool:
    if block.kind == "heading":
        return 1 <= block.depth <= 6
    if block.kind == "item":
        return block.depth >= 1 and block.group >= 0 and block.label != ""
    return (block.kind != "row" or block.group >= 0) and block.depth >= 0


_PIECES = st.sampled_from(
    "# ,## ,- ,* ,1. ,10) ,> ,\n,\n\n,  ,    ,\t,```,~~~,`,``,|,|-|,---,===,+++,<!--,-->,<%,<%=,%>,{{,}},{%,%},{{<,>}},"
    "<details>,</details>,<br>,<p>,</p>,<table><tr><td>,</td></tr></table>,<pre>,<script>,</script>,<ul><li>,[TOC],[a]: b,"
    "[^1]: ,\u200b,\u202e,\ufeff,\r\n,\r,\f,\u2028,\x00,word,two words.,é,title: x,[x](#y),<!-- toc -->,<!-- /toc -->".split(
        ","
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_text_keeps_the_promises(text: str) -> None:
    parsed = parse_text(text, "x.md")
    assert parsed.text == text
    check(parsed)
    assert parse_text(text, "x.md") == parsed
