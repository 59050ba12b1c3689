"""HTML: what a reader sees, with its structure; nothing that only a machine would read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Parsed
from corpus.errors import SourceError
from corpus.outline import outline
from ingest.parse.html import parse


def _page(body: str, head: str = "") -> Parsed:
    return parse(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "page.html")


def _blocks(parsed: Parsed) -> list[tuple[str, int, str, str]]:
    return [(b.kind, b.depth, b.label, parsed.text[b.start : b.end]) for b in parsed.blocks]


def test_headings_paragraphs_and_nested_numbered_lists() -> None:
    parsed = _page(
        "<h1>Backup</h1><p>Do <b>this</b>\n first.</p>"
        "<ol start=3><li>Stop it<ul><li>gently</li></ul></li><li><p>Copy</p><p>Check it.</p></li></ol>"
        "<h2>After<a class=headerlink href=#x>¶</a></h2><ol type=a><li>x<li value=5>y</ol>"
    )
    assert _blocks(parsed) == [
        ("heading", 1, "", "Backup"),
        ("paragraph", 0, "", "Do this first."),
        ("item", 1, "3.", "3. Stop it"),
        ("item", 2, "-", "- gently"),
        ("item", 1, "4.", "4. Copy"),
        ("paragraph", 1, "", "Check it."),
        ("heading", 2, "", "After"),
        ("item", 1, "a.", "a. x"),
        ("item", 1, "e.", "e. y"),
    ]
    groups = [b.group for b in parsed.blocks]
    assert groups == [-1, -1, 0, 0, 0, 0, -1, 1, 1]
    assert [s.path for s in outline(parsed.text, parsed.blocks)] == [("Backup",), ("Backup", "After")]


def test_tables_have_header_rows_and_spanning_cells_are_repeated() -> None:
    parsed = _page(
        "<table><caption>Ports</caption><thead><tr><th>Service<th colspan=2>Port</tr></thead>"
        "<tr><td rowspan=2>api<td>80<td>http<tr><td>443<td>a|b</tr></table>"
    )
    assert _blocks(parsed) == [
        ("paragraph", 0, "", "Ports"),
        ("row", 0, "header", "| Service | Port | Port |"),
        ("row", 0, "", "| api | 80 | http |"),
        ("row", 0, "", "| api | 443 | a\\|b |"),
    ]
    assert len({b.group for b in parsed.blocks[1:]}) == 1


def test_a_table_that_only_lays_out_the_page_is_no_table() -> None:
    parsed = _page("<table role=presentation><tr><td><h2>Left</h2><p>words</p></td><td>right</td></tr></table>")
    assert [b[0] for b in _blocks(parsed)] == ["heading", "paragraph", "paragraph"]


def test_code_keeps_its_lines_and_language() -> None:
    parsed = _page("<div class='highlight-python'><pre><span>def</span> f():\n    return <b>1</b>\n</pre></div>")
    assert _blocks(parsed) == [("code", 0, "python", "```python\ndef f():\n    return 1\n```")]
    parsed = _page("<ul><li>Run<pre><code class='language-sh'>a<br>b</code></pre></li></ul>")
    assert _blocks(parsed)[1] == ("code", 1, "sh", "```sh\na\nb\n```")


@pytest.mark.parametrize(
    "hidden",
    [
        "<nav>secret</nav>",
        "<div role=navigation>secret</div>",
        "<header>secret</header>",
        "<footer>secret</footer>",
        "<aside>secret</aside>",
        "<script>secret</script><style>.secret{}</style><noscript>secret</noscript><template>secret</template>",
        "<!-- secret -->",
        "<a class=skipToContent_x href=#m>secret</a>",
        "<div class=tableOfContents_y>secret</div>",
        "<p hidden>secret</p>",
        "<p aria-hidden=true>secret</p>",
        "<p style='display: none'>secret</p>",
        "<p style='visibility:hidden'>secret</p>",
        "<p style='font-size:0'>secret</p>",
        "<p style='font-size:1px'>secret</p>",
        "<p style='opacity:0'>secret</p>",
        "<p style='position:absolute;left:-9999px'>secret</p>",
        "<p style='color:#fff'>secret</p>",
        "<p style='color: white'>secret</p>",
        "<font color=white>secret</font>",
        "<style>.zz,#q{display:none}</style><p class=zz>secret</p><p id=q>secret</p>",
        "<div style='display:none'><p>secret<b>secret</b></p></div>",
        "<textarea>secret</textarea><button>secret</button><input value=secret>",
        "<img alt=secret src=x><p title=secret></p>",
        "<?php secret ?>",
        "<svg><text>secret</text></svg>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(hidden: str) -> None:
    parsed = _page(f"<main><p>before</p></main>{hidden}<p>after</p>")
    assert "secret" not in parsed.text
    assert "before" in parsed.text
    assert "after" in parsed.text


@pytest.mark.parametrize(
    "shown",
    [
        "<article><header><h1>kept</h1></header></article>",
        "<main><aside class='note'>kept</aside></main>",
        "<details><summary>more</summary>kept</details>",
        "<p style='background:#333;color:#fff'>kept</p>",
        "<style>@media print{.zz{display:none}}</style><p class=zz>kept</p>",
        "<p style='opacity:0.9;font-size:10px'>kept</p>",
        "<dl><dt>term</dt><dd>kept</dd></dl>",
        "<form><p>kept</p></form>",
    ],
)
def test_what_a_reader_sees_is_kept(shown: str) -> None:
    assert "kept" in _page(f"<p>x</p>{shown}").text


def test_anchors_are_the_nearest_id_before() -> None:
    parsed = _page("<p>zero</p><h2 id=one>One</h2><p>text</p><section id=two><h2>Two</h2><p>more</p></section>")
    places = {a.label: parsed.text[a.start : a.end].split() for a in parsed.anchors}
    assert places == {"one": ["One", "text"], "two": ["Two", "more"]}
    assert {a.kind for a in parsed.anchors} == {"element"}


def test_title_and_date_come_from_the_head() -> None:
    head = "<title>Backup | Docs</title><meta property='article:modified_time' content='2026-01-02T03:04'>"
    parsed = _page("<h1>Backup</h1><p>x</p>", head)
    assert (parsed.metadata.title, parsed.metadata.date) == ("Backup", "2026-01-02")
    assert _page("<h1>Backup</h1><h1>Other</h1>", "<title>Site</title>").metadata.title == "Site"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("<meta charset=windows-1251><p>Привет</p>".encode("cp1251"), "Привет"),
        ("<p>naïve</p>".encode(), "naïve"),
        ("\ufeff<p>naïve</p>".encode("utf-16"), "naïve"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?><html><p>na\xefve</p></html>", "naïve"),
    ],
)
def test_encodings_declared_or_not(data: bytes, word: str) -> None:
    assert parse(data, "x.html").text == word


@pytest.mark.parametrize("data", [b"", b"  \n", b"<html></html>", b"<p hidden>x</p>"])
def test_a_page_without_visible_text_is_empty(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        parse(data, "x.html")
    assert caught.value.outcome == "empty"


def test_a_page_of_nothing_but_navigation_is_an_index() -> None:
    parsed = _page("<nav><ul><li><a href=x>First</a><li hidden>secret</ul></nav>")
    assert _blocks(parsed) == [("item", 1, "-", "- First")]


def test_hidden_words_inside_code_are_left_out() -> None:
    assert "secret" not in _page("<pre>a<span style='display:none'>secret</span>b</pre>").text


_NESTED = pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote"])


@_NESTED
def test_nesting_as_deep_as_people_write_it_is_read(tag: str) -> None:
    assert "deep" in parse(b"<p>top</p>" + f"<{tag}>".encode() * 80 + b"deep", "deep.html").text


@_NESTED
def test_nesting_as_deep_as_an_attack_is_refused(tag: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(b"<p>top</p>" + f"<{tag}>".encode() * 20_000 + b"deep", "deep.html")
    assert caught.value.outcome == "broken"


_TAGS = st.sampled_from(
    ["p", "div", "ul", "ol", "li", "table", "tr", "td", "th", "pre", "h2", "b", "br", "dl", "dd", "a id=q"]
)
_SOUP = st.lists(
    st.one_of(
        _TAGS.map("<{}>".format), _TAGS.map("</{}>".format), st.text(st.characters(exclude_characters="\0"), max_size=8)
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(_SOUP)
def test_tag_soup_never_breaks_the_blocks(soup: list[str]) -> None:
    parsed = parse(("<p>word</p>" + "".join(soup)).encode("utf-8", "replace"), "soup.html")
    at = 0
    for block in parsed.blocks:
        assert at <= block.start < block.end
        assert not parsed.text[at : block.start].strip()
        at = block.end
    assert not parsed.text[at:].strip()
    assert all(0 <= a.start < a.end <= len(parsed.text) for a in parsed.anchors)
