"""Markdown becomes blocks whose spans are exact in the file."""

from __future__ import annotations

import pytest

from corpus.documents import visible_spans
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


def test_html_blocks_are_what_they_look_like() -> None:
    text = (
        "<h1 align=center>Top</h1>\n<ol>\n<li>one</li>\n<li><p>two</p>\n</li>\n</ol>\n<pre lang='sh'>\nls\n</pre>\n"
        "<table>\n<tr><th>a</th></tr>\n<tr><td>1</td></tr>\n</table>\n"
    )
    assert shape(text) == [
        ("heading", 1, "", "Top"),
        ("item", 1, "1.", "one"),
        ("item", 1, "2.", "two"),
        ("code", 0, "sh", "ls"),
        ("row", 0, "header", "a"),
        ("row", 0, "", "1"),
    ]


def test_an_unclosed_fence_goes_on_to_the_end() -> None:
    assert shape("a\n\n```sh\nls\n\n# b\n") == [("paragraph", 0, "", "a"), ("code", 0, "sh", "```sh\nls\n\n# b")]


def test_a_heading_inside_a_quote_is_one() -> None:
    assert shape("> ## A\n> b\n") == [("heading", 2, "", "## A"), ("paragraph", 0, "", "b")]


def test_nesting_beyond_the_limit_loses_no_text() -> None:
    text = "".join("  " * n + f"- item {n}\n" for n in range(60))
    assert {word for *_, t in shape(text) for word in t.split() if word.isdigit()} == {str(n) for n in range(60)}


def test_admonitions_of_other_dialects_are_text() -> None:
    text = '!!! note "Mind"\n    Words.\n\n    - item\n\nAfter\n\n:::tip\nMore.\n:::\n'
    assert shape(text) == [
        ("paragraph", 0, "", '"Mind"'),
        ("paragraph", 0, "", "Words."),
        ("item", 1, "-", "- item"),
        ("paragraph", 0, "", "After"),
        ("paragraph", 0, "", "More."),
    ]


def test_indented_html_of_a_template_is_no_code() -> None:
    text = (
        "<ul>\n  <% each do %>\n    <li>one</li>\n  <% end %>\n</ul>\n\n<% if a %>\n\n      <p>two</p>\n\n<% end %>\n"
    )
    assert [(k, t) for k, _, _, t in shape(text)] == [("item", "one"), ("paragraph", "two")]


def test_a_heading_as_long_as_a_paragraph_is_one() -> None:
    assert [k for k, *_ in shape("words " * 100 + "\n---\n")] == ["paragraph"]
