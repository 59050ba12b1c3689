"""What a question's excerpts and the passages found for it have in common."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.documents import Span
from corpus.passages import Passage
from eval.datasets.chunking_eval import Excerpted
from eval.reranking.excerpts import fewest, main, measured, overlap
from service.cli.program import run

ASKED = Excerpted("How long?", "a.md", (Span(10, 20), Span(40, 50)))


def passage(document: str, start: int, end: int) -> Passage:
    return Passage(
        f"{start}",
        document,
        "r",
        "s",
        "t",
        "other",
        "",
        (),
        start,
        end,
        "x" * (end - start),
        "",
        0,
        "",
        "",
        ("public",),
    )


def test_characters_that_stand_in_two_passages_count_once() -> None:
    assert overlap(ASKED.excerpts, [Span(0, 15), Span(5, 18)]) == 8
    assert overlap(ASKED.excerpts, []) == 0


def test_the_fewest_passages_are_those_that_touch_the_excerpts() -> None:
    assert fewest(ASKED.excerpts, [Span(0, 30), Span(30, 60), Span(60, 90)]) == 2
    assert fewest(ASKED.excerpts, [Span(60, 90)]) == 1


def test_recall_reads_five_and_iou_no_more_than_are_needed() -> None:
    found = [passage("chunking_eval/a.md", 0, 30), passage("chunking_eval/b.md", 0, 10)]
    found += [passage("chunking_eval/a.md", 30, 60)]
    recall, iou = measured(ASKED, found, [Span(0, 30), Span(30, 60)])
    assert recall == 1
    assert iou == 10 / (20 + 30 + 10 - 10)
    late = [passage("chunking_eval/b.md", n, n + 1) for n in range(5)] + found
    assert measured(ASKED, late, [Span(0, 30)])[0] == 0


def test_the_report_reads_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, docs = tmp_path / "chunking_eval", tmp_path / "docs"
    data.mkdir()
    docs.mkdir()
    text = "# Ledger\n\nThe ledger keeps backups for 30 days.\n"
    (docs / "wikitexts.md").write_text(text)
    at = text.index("The ledger")
    told = json.dumps([{"content": "x", "start_index": at, "end_index": len(text) - 1}]).replace('"', '""')
    (data / "questions_df.csv").write_text(
        f'question,references,corpus_id\nHow long are backups kept?,"{told}",wikitexts\n'
    )
    assert run(["ingest", str(docs), "--source", "chunking_eval", "--store", str(tmp_path / "store")]) == 0
    capsys.readouterr()
    main(["--store", str(tmp_path / "store"), "--data", str(tmp_path), "--json"])
    rows = json.loads(capsys.readouterr().out)
    assert set(rows) == {"none", "embedded"}
    assert rows["none"]["questions"] == 1
    assert rows["none"]["recall"] == 1
    assert 0 < rows["none"]["iou"] <= 1
