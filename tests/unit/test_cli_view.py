"""What a person sees: on a terminal, in a pipe, and what must never reach either."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from corpus.citations import Citation
from corpus.documents import Span
from service.answer import Answer, Fingerprint
from service.checking.trace import lines_today
from service.cli import answer_view, passage_view
from service.cli.answer_view import show_answer
from service.cli.passage_view import show_lines
from service.cli.progress import LineProgress, progress
from service.cli.terminal import clean, counted, link

TEXT = """**Run `kubectl -n <namespace> get pods` for each <service-name> first.** [1]

<details>
What is folded stays readable.
</details>

| flag | meaning |
| --- | --- |
| `--force` | skips [the check](http://example.org/evil) |

Set it to 5 * 3 * 2 and [see] notes_with_underscores_here."""


def answer(text: str, citations: tuple[Citation, ...] = (), *, dense_share: float = 1.0) -> Answer:
    return Answer(
        question="How?",
        status="grounded",
        refusal=None,
        text=text,
        sentences=(),
        citations=citations,
        evidence=(),
        confidence=0.9,
        fingerprint=Fingerprint(
            version="0", settings="", encoder="", lexical="", chunker="", index="", dense_share=dense_share
        ),
        timing_ms={},
    )


def citation(document: str = "handbook/a b.md", **values: object) -> Citation:
    known: dict[str, object] = {
        "number": 1,
        "document": document,
        "title": "A title",
        "kind": "adr",
        "status": "accepted",
        "revision": "f" * 64,
        "section": ("A title", "Decision"),
        "start": 0,
        "end": 5,
        "place": "lines 3-4",
        "lines": (3, 4),
        "quote": "quote",
        "modified_at": "2026-01-02T03:04:05+00:00",
    }
    return Citation.model_validate(known | values)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a wide colour terminal is sent."""
    out = io.StringIO()
    screen = Console(
        file=out, force_terminal=True, width=300, color_system="truecolor", highlight=False, markup=False, emoji=False
    )
    for view in (answer_view, passage_view):
        monkeypatch.setattr(view, "is_rich", lambda: True)
        monkeypatch.setattr(view, "console", lambda: screen)
    return out


def without_codes(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", text)


def test_no_word_of_an_answer_is_lost_on_a_terminal(terminal: io.StringIO) -> None:
    show_answer(answer(TEXT), {})
    shown = without_codes(terminal.getvalue())
    for word in re.findall(r"[\w<>/.-]+", TEXT.replace("| --- | --- |", "")):
        assert word in shown, word
    assert "\x1b]8;" not in terminal.getvalue(), "a document's link is no link of ours"


def test_sources_lead_to_the_line_while_the_file_is_there(terminal: io.StringIO, tmp_path: Path) -> None:
    (tmp_path / "a b.md").write_text("x")
    cited = (citation(), citation("handbook/gone.md", number=2, lines=None, place="page 3", status=""))
    show_answer(answer("Yes. [1][2]", cited), {"handbook": tmp_path, "hand": tmp_path / "no"})
    raw = terminal.getvalue()
    assert re.findall(r"\x1b\]8;[^;]*;(\S+?)\x1b", raw) == [f"{(tmp_path / 'a b.md').as_uri()}#L3"]
    shown = without_codes(raw)
    assert "[1] A title > Decision (adr, accepted, 2026-01-02)\n    handbook/a b.md#L3-L4" in shown
    assert "[2] A title > Decision (adr, 2026-01-02)\n    handbook/gone.md (page 3)" in shown


def test_in_a_pipe_it_is_the_markdown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    show_answer(answer(TEXT, (citation(),), dense_share=0.999), {})
    shown = capsys.readouterr().out
    assert shown.startswith(TEXT)
    assert "handbook/a b.md#L3-L4" in shown
    assert "99 % of the index can be searched by meaning" in shown


def test_links_do_not_leave_their_source(tmp_path: Path) -> None:
    assert link("elsewhere/a.md", 1, {"handbook": tmp_path}) == ""
    assert link("handbook/gone.md", 1, {"handbook": tmp_path}) == ""


@given(st.text())
def test_nothing_that_steers_a_terminal_gets_through(text: str) -> None:
    shown = clean(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)
    assert clean(shown) == shown
    assert clean("\x1b]8;;http://x\x1b\\a\x07\u202eb\r\nc\td") == "]8;;http://x\\ab\nc\td"


def test_counted() -> None:
    assert [counted(n, "vector") for n in (0, 1, 2000)] == ["0 vectors", "1 vector", "2,000 vectors"]


# --- Lines of a passage


@pytest.mark.parametrize("rich", [True, False])
def test_a_passage_is_marked_in_its_lines(
    rich: bool, terminal: io.StringIO, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passage_view, "is_rich", lambda: rich)
    text = "one\ntwo three\r\nfour\n\x1b[2Jfive\nsix"
    span = Span(text.index("three"), text.index("five") + 4)
    show_lines(text, span, ["Title", "a/b.md"], url="", context=1)
    raw = terminal.getvalue() if rich else capsys.readouterr().out
    rows = [row.strip() for row in without_codes(raw).splitlines()]
    if rich:
        assert rows == ["Title", "a/b.md", "", "1 │ one", "2 │ two three", "3 │ four", "4 │ [2Jfive", "5 │ six"]
        assert re.findall(r"\x1b\[7m([^\x1b]*)\x1b", raw) == ["three", "four", "[2Jfive"]
    else:
        assert rows == ["Title", "a/b.md", "", "1 | one", "> 2 | two three", "> 3 | four", "> 4 | [2Jfive", "5 | six"]


def test_a_whole_text_has_no_marks(capsys: pytest.CaptureFixture[str]) -> None:
    show_lines("one\ntwo\n", None, ["Title"], url="", context=0)
    assert capsys.readouterr().out == "Title\n\n  1 | one\n  2 | two\n  3 |\n"


# --- A passage of an old text in the new one

LINES = st.lists(st.text("abc ", max_size=6), min_size=1, max_size=8)


@given(LINES, LINES, LINES)
def test_what_stands_once_word_for_word_is_found_where_it_is(
    before: list[str], after: list[str], new: list[str]
) -> None:
    passage = "\n".join(["first line of it", "second line of it"])
    old = "\n".join([*before, passage, *after])
    today = "\n".join([*new, passage, *before])
    start = old.index(passage)
    found = lines_today(old, Span(start, start + len(passage)), today)
    assert found is not None
    assert today[found.start : found.end] == passage


@given(LINES, LINES, st.integers(0, 7), st.integers(1, 4))
def test_a_trace_is_a_stretch_of_the_new_text(old: list[str], new: list[str], at: int, count: int) -> None:
    text, today = "\n".join(old), "\n".join(new)
    start = min(at, len(text))
    found = lines_today(text, Span(start, min(start + count, len(text))), today)
    assert found is None or 0 <= found.start <= found.end <= len(today)


def test_changed_lines_are_followed_and_deleted_ones_are_gone() -> None:
    old = "a\nlimit: 300\nb\nc\n"
    span = Span(2, 12)
    found = lines_today(old, span, "new\na\nlimit: 900\nb\nc\n")
    assert found == Span(6, 17)
    assert lines_today(old, span, "a\nb\nc\n") is None


# --- Progress in a log


def test_progress_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    now, out = [0.0], io.StringIO()
    monkeypatch.setattr("service.cli.progress.time.monotonic", lambda: now[0])
    lines = LineProgress(out)
    lines.stage("Looking", 0, "files")
    lines.stage("Embedding", 1000, "passages")
    for _ in range(4):
        now[0] += 4
        lines.advance(100)
    lines.stage("Asking", 2, "questions")
    lines.advance(2)
    lines.end()
    assert out.getvalue().splitlines() == [
        "Embedding: 1,000 passages",
        "Embedding: 300 of 1,000 passages, 25.0/s, 28 s left",
        "Embedding: 400 passages in 16 s",
        "Asking: 2 questions",
    ]


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    monkeypatch.setattr("sys.stderr", out)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "160")
    with progress(silent=False) as shown:
        shown.advance(1)
        shown.stage("Looking through handbook", 0, "files")
        shown.stage("Embedding", 100, "passages")
        for _ in range(10):
            shown.advance(10)
    said = without_codes(out.getvalue())
    assert re.search(r"Embedding .* 100/100 passages, [\d,]+/s ", said)
    with progress(silent=True) as shown:
        shown.stage("Embedding", 100, "passages")
        shown.advance(1)
    assert without_codes(out.getvalue()) == said
