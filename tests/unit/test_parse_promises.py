"""What every text parser promises of any input: sorted, disjoint, visible-edged blocks; nothing lost; no hang."""

from __future__ import annotations

import importlib
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Block, Parsed, visible_spans
from corpus.errors import SourceError
from ingest.parse.registry import parse_file

NAMES = ("x.md", "x.rst", "x.txt", "x.py", "x.tf", "x.yaml", "x.json", "x.toml", "x.ini", "x.mmd", "x.puml")
_KINDS = {"heading", "paragraph", "item", "row", "code", "other"}
_PIECES = (
    "# |## |- |* |1. |10) |> |\n|\n\n|  |    |\t|```|~~~|`|``|---|====|+++|<!--|-->|<%|<%=|%>|{{|}}|{%|%}|{{<|>}}|"
    "<details>|</details>|<br>|<p>|</p>|<table><tr><td>|</td></tr></table>|<pre>|<script>|</script>|<ul><li>|[TOC]|"
    "[a]: b|[^1]: |\u200b|\u202e|\ufeff|\r\n|\r|\f|\u2028|\x00|word|two words.|é|title: x|[x](#y)|<!-- toc -->|"
    "<!-- /toc -->|.. |.. note:: |.. code-block:: sh|.. [1] |.. _a: b|::|#. |(a) |:key: |+---+---+|+===+===+|"
    '=== ===|>>> |@startuml|key:|{"a": 1}|[section]|openapi: 3.0.0|paths:|  /a:|    get:|def f():|}|1.  TITLE|'
    "RFC 1  x|[Page 2]|  - |   indented|Status: accepted|Date: 2020-01-02|[a](b)|| a | b |"
)
PIECES = _PIECES.split("|")


def check(parsed: Parsed) -> None:
    """The promises of `Parsed`, and that no visible word is outside all blocks."""
    text, at = parsed.text, 0
    inside = bytearray(len(text))
    assert all(0 <= h.start < h.end <= len(text) for h in parsed.hidden)
    assert all(a.end < b.start for a, b in zip(parsed.hidden, parsed.hidden[1:], strict=False))
    for block in parsed.blocks:
        assert at <= block.start < block.end <= len(text)
        at = block.end
        seen = list(visible_spans(parsed.hidden, block.start, block.end))
        assert seen[0].start == block.start
        assert seen[-1].end == block.end
        assert not text[block.end - 1].isspace()
        assert block.kind == "code" or not text[block.start].isspace()
        assert _well_formed(block)
        inside[block.start : block.end] = b"1" * (block.end - block.start)
    for span in visible_spans(parsed.hidden, 0, len(text)):
        assert not {c for i, c in enumerate(text[span.start : span.end], span.start) if not inside[i]} & LETTERS


LETTERS = set(string.ascii_letters)


def _well_formed(block: Block) -> bool:
    if block.kind not in _KINDS or block.depth < 0:
        return False
    if block.kind == "heading":
        return 1 <= block.depth <= 6
    if block.kind == "item":
        return block.depth >= 1 and block.group >= 0 and block.label != ""
    return block.kind != "row" or block.group >= 0


def _parse(text: str, name: str) -> Parsed | None:
    try:
        return parse_file(text.encode(), name)
    except SourceError as error:
        if error.outcome not in ("empty", "binary"):
            raise
        return None


TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20, deadline=None)
@given(TEXTS)
def test_any_text_keeps_the_promises(name: str, text: str) -> None:
    keeps_the_promises(name, text)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_many_texts_keep_the_promises(name: str, text: str) -> None:
    keeps_the_promises(name, text)


def keeps_the_promises(name: str, text: str) -> None:
    parsed = _parse(text, name)
    if parsed is not None:
        assert parsed.text == text.removeprefix("\ufeff")
        check(parsed)
        assert _parse(text, name) == parsed


@pytest.mark.parametrize(
    "name", ["x.md", "x.rst", *(pytest.param(name, marks=pytest.mark.slow) for name in ("x.txt", "x.yaml", "x.py"))]
)
@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000 + "a",
        ">" * 5_000 + " deep",
        "".join("  " * n + f"- {n}\n" for n in range(200)),
        "".join(" " * n + f"a{n}\n" for n in range(1_000)),
        "<!--" * 5_000,
        "{{" * 10_000 + "<%" * 10_000,
        "`" * 9_999 + " " + "``` " * 5_000,
        "<a " * 20_000,
        "<details>" * 5_000 + "a",
        "| a " * 5_000 + "\n" + "|-" * 5_000 + "\n",
        "{{x}}" * 20_000,
        "{{ " * 20_000 + "\n\n}}",
        "x <!-- " * 20_000 + "\n\n-->",
        "{% comment %}" * 10_000,
        "<script>" * 10_000 + "a",
        "<nav>\n" * 10_000 + "a",
        "`<br>" * 10_000,
        "<!-- toc -->" * 5_000 + "a",
        "- [a](#a)\n" * 10_000,
        "*" * 20_000 + "a",
        "\n" * 50_000 + "x",
        "---\n" + "[" * 50_000 + "\n---\n",
        "- " * 20_000 + "a",
        "=== ===\n\n" * 10_000 + "a",
        "+-+\n" * 10_000 + "a",
        "a\n=\n" * 5_000,
        "a::\n\n" * 5_000,
        "\f\n" * 20_000 + "a",
        "1. a\n\n" * 5_000,
        "a: b\n" * 10_000,
        "(" * 50_000 + "a",
        "[" * 50_000 + "a\n" + "=" * 50_000 + "\n",
        "<h1>" + "[" * 50_000 + "a</h1>\n",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_neither_hangs_nor_vanishes(name: str, text: str) -> None:
    begun = time.process_time()
    parsed = _parse(text, name)
    assert time.process_time() - begun < 5
    if parsed is not None:
        check(parsed)


def test_every_parser_of_the_registry_exists() -> None:
    from ingest.parse.registry import PARSERS

    for module in PARSERS:
        assert callable(importlib.import_module(f"ingest.parse.{module}").parse)
