"""Checked lines to Markdown: marks, labels, structure. Whole answers are in tests/golden."""

from __future__ import annotations

from corpus.documents import Document, Span, revision_of
from corpus.units import units
from ingest.parse.text.markdown import parse_text
from service.answering.compose import Utterance
from service.answering.render import Line, markdown


def lines(text: str, *numbers: int, under: tuple[str, ...] = (), lead: int = -1) -> list[Line]:
    """All units of the text, each with the citation at its place."""
    read = Document(
        "docs/a.md", "docs", "a.md", parse_text(text, "a.md"), "A", "guide", frozenset({"public"}), "", "",
        revision_of(text),
    )  # fmt: skip
    found = units(read, Span(0, len(text)))
    assert len(found) == len(numbers)
    labels = under or ("",) * len(found)
    return [
        Line(Utterance(read, unit, i == lead), (number,), label)
        for i, (unit, number, label) in enumerate(zip(found, numbers, labels, strict=True))
    ]


def test_a_paragraph_of_one_source_runs_on_and_is_marked_at_its_end() -> None:
    assert markdown(lines("One.\nTwo.\n\nThree.\n", 1, 1, 2)) == "One. Two.[1]\n\nThree.[2]"


def test_sentences_of_several_sources_are_marked_each() -> None:
    assert markdown(lines("One. Two.", 1, 2)) == "One.[1]\n\nTwo.[2]"


def test_a_stretch_of_two_sources_has_two_marks() -> None:
    (line,) = lines("One.", 1)
    assert markdown([Line(line.utterance, (1, 2), "")]) == "One.[1][2]"


def test_the_lead_is_bold_and_its_own_emphasis_gone() -> None:
    assert markdown(lines("It **must** stop.", 1, lead=0)) == "**It must stop.**[1]"
    assert markdown(lines("3. Stop it.\n", 1, lead=0)) == "3. **Stop it.**[1]"
    assert markdown(lines("- [x] Stop it.\n", 1, lead=0)) == "- [x] **Stop it.**[1]"


def test_a_list_keeps_its_lines_and_its_indentation_from_its_leftmost_item() -> None:
    assert markdown(lines("- a\n  - b\n    - c\n- d\n", 1, 1, 1, 1)) == "- a\n  - b\n    - c\n- d[1]"
    nested = lines("- a\n  - b\n    - c\n", 1, 2, 2)
    assert markdown(nested[1:]) == "- b\n  - c[2]"


def test_a_table_has_its_delimiter_and_the_mark_in_its_last_cell() -> None:
    text = "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n"
    assert markdown(lines(text, 1, 1, 1)) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4[1] |"


def test_code_is_fenced_and_marked_below() -> None:
    assert markdown(lines("```sh\nls\n\n  cd\n```\n", 1)) == "```sh\nls\n\n  cd\n```\n\n[1]"
    assert markdown(lines("    ls\n    cd\n", 1)) == "```\nls\ncd\n```\n\n[1]"


def test_code_in_a_list_loses_the_indentation_of_the_list() -> None:
    text = "- run\n\n  ```sh\n  ls\n    cd\n  ```\n"
    assert markdown(lines(text, 1, 2)) == "- run[1]\n\n```sh\nls\n  cd\n```\n\n[2]"


def test_a_label_is_shown_once_for_what_stands_under_it() -> None:
    text = "One.\n\nTwo.\n\nThree.\n"
    assert markdown(lines(text, 1, 2, 3, under=("Limits", "Limits", ""))) == "*Limits:* One.[1]\n\nTwo.[2]\n\nThree.[3]"


def test_nothing_is_nothing() -> None:
    assert markdown([]) == ""


def test_a_label_stands_above_a_list_a_table_and_code() -> None:
    for text, count in (("- a\n- b\n", 2), ("| a |\n|---|\n| b |\n", 2), ("```\na\n```\n", 1)):
        shown = markdown(lines(text, *[1] * count, under=("Limits",) * count))
        assert shown.startswith("*Limits:*\n\n" + text[:3])


def test_rows_of_one_table_stay_a_table_whatever_they_cite() -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    header, _, last = lines(text, 1, 1, 2)
    assert markdown([header, last]) == "| a | b[1] |\n| --- | --- |\n| 3 | 4[2] |"


def test_lines_of_two_documents_are_never_joined() -> None:
    first, second = (lines("| a |\n|---|\n", n)[0] for n in (1, 2))
    other = Document(**{k: getattr(first.utterance.document, k) for k in Document.__slots__} | {"id": "docs/b.md"})
    moved = Line(Utterance(other, second.utterance.unit, False), (2,), "")
    assert markdown([first, moved]) == "| a[1] |\n| --- |\n\n| a[2] |\n| --- |"


def test_no_line_of_code_ends_its_fence_early_or_leaves_it_open() -> None:
    quoted = "> ```yaml\n> a: <b>\n>\n>   b: 1\n> ```\n"
    assert markdown(lines(quoted, 1)) == "```yaml\na: <b>\n\n  b: 1\n```\n\n[1]"
    nested = "````md\n```\nx\n```\n````\n"
    assert markdown(lines(nested, 1)) == f"{nested}\n[1]"
    assert markdown(lines("    ```\n    x\n    ```\n    y\n", 1)) == "````\n```\nx\n```\ny\n````\n\n[1]"
    assert markdown(lines("```\nx\n", 1)) == "```\nx\n```\n\n[1]"
