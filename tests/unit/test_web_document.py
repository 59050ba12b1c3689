"""What the page shows of a document: every character escaped, and the mark on exactly what is cited."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Span, revision_of
from corpus.errors import NotFound
from corpus.library import LIBRARY
from ingest.parse.registry import parse_file
from service.web.document_page import document_html
from service.web.pdf_page import page_png

TEXT = """# Restore the ledger

Stop the **writer** with `ledgerctl stop` first, see [the guide](https://example.org/guide "t").

1. Stop it.
   - twice
2. Start it again.

| what | value |
|---|---|
| lag | 200 ms |

```sh
ledgerctl <restore> --from "latest"
```
"""
HOSTILE = """# <script>alert(1)</script>

<img src=x onerror=alert(1)> and [a](javascript:alert(1)) and ![b](https://evil.example/x.png)

<iframe src="https://evil.example"></iframe>

| <b onclick=x> | [x](data:text/html,<script>) |
|---|---|
| `</code><script>` | **<svg onload=alert(1)>** |
"""


def document(text: str, name: str = "restore.md") -> Document:
    parsed = parse_file(text.encode(), name)
    return Document(
        f"docs/{name}",
        "docs",
        name,
        parsed,
        "Restore",
        "runbook",
        frozenset({"public"}),
        revision=revision_of(parsed.text),
    )


def marked(html: str) -> str:
    """All that stands inside marks, as a reader sees it."""
    return unescape("".join(re.sub(r"<[^>]+>", "", m) for m in re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL)))


def test_structure_is_shown_as_what_it_is() -> None:
    html = document_html(document(TEXT))
    assert '<h1 data-line="1">Restore the ledger</h1>' in html
    assert "<strong>writer</strong>" in html
    assert "<code>ledgerctl stop</code>" in html
    assert '<li value="2" data-line="7">Start it again.</li>' in html
    assert "<th> what </th>" in html
    assert "<td> 200 ms </td>" in html
    assert "ledgerctl &lt;restore&gt; --from" in html
    assert "```" not in html
    assert "href" not in html


@pytest.mark.parametrize(
    "quote", ["Stop it.", "200 ms", "writer", "`ledgerctl stop` first", "ledgerctl <restore>", "Restore the ledger"]
)
def test_the_mark_stands_on_what_is_cited(quote: str) -> None:
    at = TEXT.index(quote)
    html = document_html(document(TEXT), [Span(at, at + len(quote))])
    assert marked(html) == quote.replace("`", "")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_marks_change_nothing_else(start: int, end: int) -> None:
    start, end = sorted((start, end))
    plain, shown = document_html(document(TEXT)), document_html(document(TEXT), [Span(start, end)])
    assert re.sub(r"</?mark>", "", shown) == plain


def test_nothing_that_a_document_brings_along_can_act() -> None:
    html = document_html(document(HOSTILE))
    tags = set(re.findall(r"<\s*([a-zA-Z][\w-]*)", html))
    assert tags <= {"h1", "div", "p", "span", "table", "tr", "th", "td", "code", "strong"}
    assert not re.search(r"<[^>]*\s(?:on\w+|src|href|style)\s*=", html)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="<>&\"'`*_[]()#|-! \nabc/=:", max_size=120))
def test_no_text_makes_an_element_of_its_own(text: str) -> None:
    html = document_html(document(f"said\n\n{text}"))
    allowed = {*"h1 h2 h3 h4 h5 h6 p div ul ol li table tr th td pre code strong em span".split()}
    assert set(re.findall(r"<\s*([a-zA-Z][\w-]*)", html)) <= allowed
    assert not re.search(r"<[^>]*\s(?:on\w+|src|href|style)\s*=", html)


def test_extracted_text_is_shown_with_its_page() -> None:
    path = LIBRARY / "reports" / "technical-report.pdf"
    parsed = parse_file(path.read_bytes(), path.name)
    report = Document(
        "library/report.pdf",
        "library",
        "report.pdf",
        parsed,
        "Report",
        "paper",
        frozenset({"public"}),
        revision=revision_of(parsed.text),
    )
    assert 'data-page="1">Technical report of Aether' in document_html(report)
    boxes = [a for a in parsed.anchors if a.label == "1"][:1]
    drawn, plain = page_png(path, 1, boxes), page_png(path, 1, [])
    assert drawn.startswith(b"\x89PNG")
    assert drawn != plain


def test_a_page_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no page 900"):
        page_png(LIBRARY / "reports" / "technical-report.pdf", 900, [])
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(NotFound, match="cannot be drawn"):
        page_png(broken, 1, [])
