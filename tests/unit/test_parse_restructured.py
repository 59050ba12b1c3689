"""reStructuredText: exact spans, and the same structure as docutils sees."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse.text.restructured import parse


def shape(text: str) -> list[tuple[str, int, str, str]]:
    """(kind, depth, label, text) of every block."""
    parsed = parse(text.encode(), "x.rst")
    return [(b.kind, b.depth, b.label, text[b.start : b.end]) for b in parsed.blocks]


def test_titles_are_levelled_by_the_order_of_their_adornments() -> None:
    text = "======\n Top\n======\n\nA\n=\n\nB\n-\n\nC\n=\n"
    assert [(d, t) for _, d, _, t in shape(text)] == [(1, "Top\n======"), (2, "A\n="), (3, "B\n-"), (2, "C\n=")]


def test_lists_with_bodies() -> None:
    text = "- one\n  goes on\n\n  second::\n\n    code\n\n  * inner\n\n#. first\n#. last\n"
    assert shape(text) == [
        ("item", 1, "-", "- one\n  goes on"),
        ("paragraph", 1, "", "second::"),
        ("code", 1, "", "    code"),
        ("item", 2, "*", "* inner"),
        ("item", 1, "#.", "#. first"),
        ("item", 1, "#.", "#. last"),
    ]
    assert [b.group for b in parse(text.encode(), "x.rst").blocks] == [0, 0, 0, 0, 1, 1]


def test_directives() -> None:
    text = (
        ".. note:: Take care\n   of it.\n\n.. code-block:: sh\n   :linenos:\n\n   ls\n\n.. toctree::\n\n   a\n\n"
        ".. a remark\n   of two lines\n\n.. warning::\n   :class: x\n\n   Mind.\n\n.. raw:: html\n\n   <b>\n"
    )
    assert shape(text) == [
        ("paragraph", 0, "", "Take care\n   of it."),
        ("code", 0, "sh", ".. code-block:: sh\n   :linenos:\n\n   ls"),
        ("paragraph", 0, "", "Mind."),
    ]


def test_nothing_is_included(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    parsed = parse(f".. include:: {secret}\n\n.. literalinclude:: {secret}\n\nText.\n".encode(), "x.rst")
    assert "secret words" not in parsed.text


def test_tables() -> None:
    grid = "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n|   | 3 |\n+---+---+\n"
    assert [(label, t) for _, _, label, t in shape(grid)] == [("header", "| a | b |"), ("", "| 1 | 2 |\n|   | 3 |")]
    simple = "==  ==\na   b\n==  ==\n1   2\n    3\n4   5\n==  ==\n"
    assert [(label, t) for _, _, label, t in shape(simple)] == [
        ("header", "a   b"),
        ("", "1   2\n    3"),
        ("", "4   5"),
    ]


def test_a_name_with_an_initial_is_no_list() -> None:
    assert shape("A. Einstein was\nhere.\n") == [("paragraph", 0, "", "A. Einstein was\nhere.")]
    assert shape("- E. Alpaydin\n") == [("item", 1, "-", "- E. Alpaydin")]
    assert [label for _, _, label, _ in shape("a. one\nb. two\n")] == ["a.", "b."]


def test_a_field_may_hold_a_list() -> None:
    assert shape(":Name: Ann\n  Lee\n:Parts:\n  - one\n  - two\n") == [
        ("paragraph", 0, "", ":Name: Ann\n  Lee"),
        ("paragraph", 0, "", ":Parts:"),
        ("item", 1, "-", "- one"),
        ("item", 1, "-", "- two"),
    ]
    assert shape("- :name:\n- b\n") == [("item", 1, "-", "- :name:"), ("item", 1, "-", "- b")]


def test_docinfo_is_read() -> None:
    meta = parse(b"T\n=\n\n:Author: Ann\n:Status: Draft\n:Date: 2021-02-03\n", "x.rst").metadata
    assert (meta.title, meta.owner, meta.status, meta.date) == ("T", "Ann", "Draft", "2021-02-03")


_ELEMENTS = st.sampled_from(
    [
        "Some words.",
        "Words\nover lines.",
        "Lead::\n\n    literal\n      deeper",
        "- one\n- two",
        "* a\n\n  b",
        "1. one\n2. two",
        "- one\n\n  - inner\n\n- two",
        ".. note:: Words",
        ".. tip::\n\n   Words\n\n   More",
        ".. code:: python\n\n   x = 1",
        ".. remark",
        "Term\n    Meaning",
        "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+",
        "==  ==\na   b\n==  ==\n1   2\n==  ==",
        ">>> 1\n1",
        "    quoted",
        "| line\n| block",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_ELEMENTS, _ELEMENTS, st.just("Plain.")), min_size=1, max_size=8), st.booleans())
def test_docutils_sees_the_same(elements: list[str], titled: bool) -> None:
    text = "\n\n".join((["Title\n====="] if titled else []) + elements) + "\n"
    tree = publish_doctree(text, settings_overrides={"file_insertion_enabled": False, "report_level": 5})
    parsed = parse(text.encode(), "x.rst")
    found = [b.kind for b in parsed.blocks]
    assert found.count("item") == len(list(tree.findall(nodes.list_item)))
    assert found.count("row") == len(list(tree.findall(nodes.row)))
    code = [n for n in tree.findall(nodes.FixedTextElement) if not isinstance(n, nodes.comment)]
    assert found.count("code") == len(code)
    seen = Counter(w for n in tree.findall(nodes.Text) if not _is_remark(n) for w in re.findall(r"\w+", n.astext()))
    kept = Counter(w for b in parsed.blocks for w in re.findall(r"\w+", text[b.start : b.end]))
    assert not seen - kept


def _is_remark(node: nodes.Node) -> bool:
    return isinstance(node.parent, nodes.comment | nodes.system_message)


@pytest.mark.parametrize("title", ["Title\n=====", "====\nOver\n===="])
def test_docutils_sees_the_same_title(title: str) -> None:
    tree = publish_doctree(f"{title}\n\nwords\n", settings_overrides={"report_level": 5})
    assert [b.kind for b in parse(f"{title}\n\nwords\n".encode(), "x.rst").blocks] == ["heading", "paragraph"]
    assert tree["title"] in title
