"""The log of a run: goes on after a kill, keeps to its run, and is scored again without asking."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UsageError
from eval.running.log import LogWriter, read_log
from eval.running.record import Header, Probe, Record, results_digest
from eval.running.summary import load_summary, summarise
from eval.suites.case import Case

HEADER = Header(
    suite="s", cases="c", version="1", engine={"settings": "x"}, documents={"d/a": "r"}, made_by={}, began="today"
)


def _record(n: int) -> Record:
    return Record(case=Case(id=f"c{n}", kind="fact", question="q"), answer=None, error="ValueError: x", seconds=n / 7)


def _write(place: Path, *numbers: int, header: Header = HEADER, probes: int = 0) -> None:
    with LogWriter(place, header) as log:
        for n in numbers:
            if f"c{n}" not in log.done:
                log.write(_record(n))
        for n in range(log.probed, probes):
            log.probe(Probe(kind="number", text=str(n), objected=True))


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    _write(tmp_path / "log", 1, 2, probes=2)
    run = read_log(tmp_path / "log")
    assert run.header == HEADER
    assert run.records == [_record(1), _record(2)]
    assert len(run.probes) == 2


@given(cut=st.integers(0, 2000))
@settings(max_examples=25, deadline=None)
def test_a_run_that_was_killed_anywhere_ends_as_if_it_had_not(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    _write(folder / "whole", 1, 2, 3, probes=2)
    content = (folder / "whole").read_bytes()
    (folder / "log").write_bytes(content[: min(cut, len(content))])
    _write(folder / "log", 1, 2, 3, probes=2, header=HEADER.model_copy(update={"began": "later"}))
    whole, again = read_log(folder / "whole"), read_log(folder / "log")
    assert (again.records, again.probes) == (whole.records, whole.probes)
    assert results_digest(again.records, again.probes) == results_digest(whole.records, whole.probes)


def test_another_run_does_not_go_on_in_the_same_log(tmp_path: Path) -> None:
    _write(tmp_path / "log", 1)
    with pytest.raises(UsageError, match="another run"):
        _write(tmp_path / "log", 2, header=HEADER.model_copy(update={"documents": {"d/a": "changed"}}))
    assert read_log(tmp_path / "log").records == [_record(1)]


def test_results_do_not_depend_on_timings(tmp_path: Path) -> None:
    slow = _record(1).model_copy(update={"seconds": 99.0})
    assert results_digest([_record(1)]) == results_digest([slow])
    assert results_digest([_record(1)]) != results_digest([_record(2)])


def test_a_crash_scores_as_failed_and_is_scored_again_from_the_log(tmp_path: Path) -> None:
    _write(tmp_path / "log", 1, 2)
    summary = summarise(read_log(tmp_path / "log"))
    assert summary.figure("Crashed").value == 1.0
    assert {case.cause for case in summary.cases.values()} == {"crashed"}
    assert load_summary(tmp_path / "log") == summary
    (tmp_path / "baseline.json").write_text(summary.model_dump_json(indent=1), "utf-8")
    assert load_summary(tmp_path / "baseline.json") == summary


@pytest.mark.parametrize("content", ["", "x\n", '{"format": 1}\n', HEADER.model_dump_json() + "\n{}\n"])
def test_what_is_no_log_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "log").write_text(content, "utf-8")
    with pytest.raises(UsageError, match="Make"):
        load_summary(tmp_path / "log")
    with pytest.raises(UsageError):
        load_summary(tmp_path / "missing")
