"""Files become documents in worker processes, whatever a file does to its worker."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.documents import Parsed, Span
from corpus.errors import SourceError
from ingest.describe import Voices
from ingest.discover import Limits, SourceFile
from ingest.run.prepare import Failed, Prepared, Task, prepare, prepare_one, read_bytes
from retrieval.encode.embedded import EmbeddedEncoder


class Words:
    """Counts words; a text that says so kills its process, as a parser in C might."""

    def offsets(self, texts: Sequence[str]) -> list[list[Span]]:
        if any("kill the worker" in text for text in texts):
            os.kill(os.getpid(), signal.SIGKILL)
        return [[Span(0, len(text))] for text in texts]


def task(path: Path, parsed: Parsed | None = None, **limits: float) -> Task:
    size = path.stat().st_size if path.exists() else 0
    file = SourceFile("handbook", path.name, path, size, 0, ())
    return Task(file, Voices(), Limits(**limits), parsed)  # type: ignore[arg-type]


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_pooled_results_are_those_of_one_process_in_order(tmp_path: Path) -> None:
    tasks = [task(write(tmp_path / f"{n}.md", f"# Title {n}\n\nText.\n")) for n in range(40)]
    tasks.insert(3, task(write(tmp_path / "empty.md", "")))
    pooled = list(prepare(tasks, pieces=EmbeddedEncoder, workers=2))
    assert pooled == list(prepare(tasks, pieces=EmbeddedEncoder, workers=1))
    assert [isinstance(result, Failed) for result in pooled].index(True) == 3


def test_a_file_that_kills_its_worker_fails_alone(tmp_path: Path) -> None:
    tasks = [task(write(tmp_path / f"{n}.md", f"# Title {n}\n\nText.\n")) for n in range(5)]
    tasks.insert(2, task(write(tmp_path / "bad.md", "# Bad\n\nNow kill the worker.\n")))
    results = list(prepare(tasks, pieces=Words, workers=2))
    assert [result.outcome for result in results if isinstance(result, Failed)] == ["broken"]
    assert isinstance(results[2], Failed)
    assert [r.document.title for r in results if isinstance(r, Prepared)] == [f"Title {n}" for n in range(5)]


def test_a_known_structure_is_not_parsed_again(tmp_path: Path) -> None:
    file = write(tmp_path / "a.md", "# Title\n\nText.\n")
    known = Parsed("# Title\n\nText.\n", ())
    result = prepare_one(task(file, known), EmbeddedEncoder())
    assert isinstance(result, Prepared)
    assert result.document.parsed.blocks == ()


def test_a_text_with_half_characters_is_undecodable(tmp_path: Path) -> None:
    file = write(tmp_path / "a.md", "# Title\n")
    result = prepare_one(task(file, Parsed("half \ud800", ())), EmbeddedEncoder())
    assert isinstance(result, Failed)
    assert result.outcome == "undecodable"


def test_a_malformed_access_set_hides_the_file(tmp_path: Path) -> None:
    result = prepare_one(
        task(write(tmp_path / "a.md", "---\naccess: everyone\n---\n# A\n\nText.\n")), EmbeddedEncoder()
    )
    assert isinstance(result, Failed)
    assert (result.outcome, "principal" in result.reason) == ("broken", True)


@pytest.mark.parametrize("busy", ["(a+)+$", "loop"])
def test_a_text_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    def parse(data: bytes, name: str) -> Parsed:
        if busy != "loop":
            re.match(busy, "a" * 60 + "!")
        while True:
            pass

    monkeypatch.setattr("ingest.run.prepare.parse_file", parse)
    result = prepare_one(task(write(tmp_path / "a.md", "# A\n"), seconds=0.1), EmbeddedEncoder())
    assert isinstance(result, Failed)
    assert (result.outcome, result.reason) == ("timeout", "took longer than 0.1 s")


def test_a_broken_pdf_has_a_reason(tmp_path: Path) -> None:
    result = prepare_one(task(write(tmp_path / "a.pdf", "%PDF-1.7 and nothing else")), EmbeddedEncoder())
    assert isinstance(result, Failed)
    assert result.outcome in ("broken", "empty")
    assert result.reason


@pytest.mark.parametrize("make", ["fifo", "link", "folder", "missing", "long"])
def test_only_regular_files_within_the_limit_are_read(tmp_path: Path, make: str) -> None:
    path = tmp_path / "x"
    if make == "fifo":
        os.mkfifo(path)
    elif make == "link":
        path.symlink_to(write(tmp_path / "target", "text"))
    elif make == "folder":
        path.mkdir()
    elif make == "long":
        path.write_text("12345")
    with pytest.raises(SourceError) as caught:
        read_bytes(path, 4)
    assert caught.value.outcome == ("too_large" if make == "long" else "unreadable")
