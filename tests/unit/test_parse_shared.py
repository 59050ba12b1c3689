"""The text parsers on real documents: the four corpora of ArchQA, two revisions of a handbook, docling's Markdown."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from corpus.documents import Parsed, visible_spans
from corpus.errors import SourceError
from ingest.parse.registry import inner_name, parse_file

ROOTS = ("archqa/corpora", "versioned_docs", "parser_fixtures/docling-tests-data/md")


def _files(shared: Path) -> list[Path]:
    found = [p for root in ROOTS for p in sorted((shared / "data" / root).rglob("*")) if p.is_file()]
    return [p for p in found if Path(inner_name(p.name)[0]).suffix not in (".html", ".csv")]


@pytest.mark.slow
@pytest.mark.shared
def test_every_real_document_is_read_and_keeps_the_promises(shared: Path) -> None:
    outcomes: Counter[str] = Counter()
    for path in _files(shared):
        data = path.read_bytes()
        try:
            parsed = parse_file(data, path.as_posix())
        except SourceError as error:
            outcomes[error.outcome] += 1
            continue
        outcomes["read"] += 1
        if parsed.native:
            assert parsed.text == data.decode("utf-8").removeprefix("\ufeff"), path
        _check(parsed, path)
    assert set(outcomes) <= {"read", "empty"}
    assert outcomes["read"] > 2_000
    assert outcomes["empty"] < 20


def _check(parsed: Parsed, path: Path) -> None:
    at = 0
    for block in parsed.blocks:
        assert at <= block.start < block.end <= len(parsed.text), path
        at = block.end
        seen = list(visible_spans(parsed.hidden, block.start, block.end))
        assert (seen[0].start, seen[-1].end) == (block.start, block.end), path
    words = _words(parsed, [(0, len(parsed.text))])
    covered = _words(parsed, [(b.start, b.end) for b in parsed.blocks])
    assert words == covered, path


def _words(parsed: Parsed, stretches: list[tuple[int, int]]) -> int:
    """Visible letters in the stretches."""
    spans = (s for start, end in stretches for s in visible_spans(parsed.hidden, start, end))
    return sum(c.isalpha() for s in spans for c in parsed.text[s.start : s.end])


@pytest.mark.shared
def test_headings_are_found(shared: Path) -> None:
    """Every line outside fences and comments that begins with `#` is a heading; counted on a sample."""
    for path in sorted((shared / "data/archqa/corpora/openshift-runbooks").rglob("*.md"))[::5]:
        parsed = parse_file(path.read_bytes(), path.as_posix())
        code = [(b.start, b.end) for b in parsed.blocks if b.kind == "code"]
        hidden = [(h.start, h.end) for h in parsed.hidden]
        lines, at = [], 0
        for line in parsed.text.split("\n"):
            inside = any(start <= at < end for start, end in code + hidden)
            if re.match("#{1,6} ", line) and not inside:
                lines.append(line.strip())
            at += len(line) + 1
        found = [parsed.text[b.start : b.end] for b in parsed.blocks if b.kind == "heading"]
        assert [f for f in found if f.startswith("#")] == lines, path
