"""Comparison and gate: what is worse is seen, what is chance is not, and the cause is where the change began."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from eval.cli.program import run
from eval.comparing.compare import compare, likely_cause
from eval.comparing.gate import gate
from eval.comparing.reports import junit, markdown
from eval.running.summary import STAGES, CaseSummary, ProbeSummary, Summary

GOOD = dict.fromkeys(STAGES, "same")
ROWS = {"FactRecall": (1.0,), "CitationSupport": (1.0,), "PersonaRules": (1.0,), "Latency:all@50": (5.0,)}


def _case(cause: str = "", changed: str = "", **rows: float) -> CaseSummary:
    stages = GOOD | ({changed: "other"} if changed else {})
    told = ROWS | ({"FactRecall": (0.0,)} if cause else {}) | {name: (value,) for name, value in rows.items()}
    return CaseSummary(
        question="q?", kind="fact", cause=cause, status="grounded", confidence=0.5, stages=stages, rows=told
    )


def _summary(*cases: CaseSummary, documents: tuple[str, ...] = ("d/a", "d/b"), objected: bool = True) -> Summary:
    return Summary(
        suite="s",
        fingerprint="f",
        results="r",
        engine={"settings": "x"},
        documents=dict.fromkeys(documents, "1"),
        made_by={},
        began="",
        measures=("FactRecall", "CitationSupport", "PersonaRules", "Latency:all@50"),
        cases={f"c{n}": case for n, case in enumerate(cases)},
        probes=(ProbeSummary(kind="number", text="9", objected=objected),),
    )


SOUND = _summary(*[_case()] * 30)


def test_the_same_run_passes_and_nothing_is_blamed() -> None:
    found = compare(SOUND, SOUND)
    assert (found.broken, found.mended, found.blamed, likely_cause(found)) == ((), (), {}, "")
    assert not any(d.worse or d.better for d in found.differences)
    assert gate(SOUND, {"FactRecall": 1.0}, SOUND).passed


@pytest.mark.parametrize(
    ("stage", "cause"),
    [
        ("corpus", "corpus"),
        ("evidence", "retriever"),
        ("decision", "refusal threshold"),
        ("said", "composer"),
        ("cited", "citations"),
        ("persona", "persona"),
    ],
)
def test_a_change_is_blamed_on_the_first_stage_that_differs(stage: str, cause: str) -> None:
    worse = _summary(*[_case("not composed", stage)] * 6, *[_case()] * 24)
    verdict = gate(worse, {}, SOUND)
    assert not verdict.passed
    assert verdict.cause.startswith(cause)
    assert len(verdict.comparison.broken) == 6 if verdict.comparison else False


def test_one_flip_is_no_regression_and_six_are() -> None:
    assert gate(_summary(_case("not composed", "said"), *[_case()] * 29), {}, SOUND).passed
    assert not gate(_summary(*[_case("not composed", "said")] * 6, *[_case()] * 24), {}, SOUND).passed


def test_a_floor_holds_without_a_baseline() -> None:
    worse = _summary(*[_case("not retrieved", "evidence")] * 6, *[_case()] * 24)
    verdict = gate(worse, {"FactRecall": 0.9})
    assert not verdict.passed
    assert "not retrieved" in verdict.cause
    assert gate(worse, {"FactRecall": 0.8}).passed
    assert not gate(worse, {"TokensIn": 0.1}).passed


def test_a_gold_document_that_is_gone_fails_whatever_the_figures() -> None:
    worse = _summary(_case("missing document", "corpus"), *[_case()] * 29, documents=("d/a",))
    verdict = gate(worse, {}, SOUND)
    assert not verdict.passed
    assert verdict.cause == "corpus: d/b is gone"


def test_a_contract_that_lets_mistakes_by_fails() -> None:
    verdict = gate(_summary(*[_case()] * 30, objected=False), {}, SOUND)
    assert not verdict.passed
    assert verdict.cause.startswith("sentence contract")
    assert not gate(_summary(*[_case()] * 30, objected=False), {"ContractRecall": 1.0}).passed


def test_a_slower_run_is_shown_and_passes() -> None:
    slow = _summary(*[_case(**{"Latency:all@50": 900.0})] * 30)
    assert gate(slow, {}, SOUND).passed


def test_reports_are_read_by_others() -> None:
    worse = _summary(*[_case("not composed", "said")] * 6, *[_case()] * 24)
    verdict = gate(worse, {"FactRecall": 1.0}, SOUND)
    (read,) = fromstring(junit(verdict)).findall("testsuite")
    assert int(read.attrib["failures"]) == sum(not finding.passed for finding in verdict.findings) >= 2
    assert int(read.attrib["tests"]) == len(read.findall("testcase"))
    shown = markdown(verdict)
    assert "failed" in shown.splitlines()[0]
    assert "| c0 | q? | as it should be | not composed | composer |" in shown
    assert "passed" in markdown(gate(SOUND, {}, SOUND)).splitlines()[0]


def test_the_gate_exits_by_its_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(SOUND.model_dump_json(), "utf-8")
    bad.write_text(_summary(*[_case("leaked", "said")] * 9, *[_case()] * 21).model_dump_json(), "utf-8")
    suite = tmp_path / "s.toml"
    (tmp_path / "cases.jsonl").write_text("", "utf-8")
    suite.write_text('name = "s"\nabout = ""\ncases = "cases.jsonl"\ncorpora = []\n', "utf-8")
    asked = ["gate", str(suite), "--baseline", str(good), "--log"]
    assert run([*asked, str(good)]) == 0
    assert run([*asked, str(bad), "--junit", str(tmp_path / "out/gate.xml")]) == 1
    assert "composer" in capsys.readouterr().out
    assert (tmp_path / "out/gate.xml").read_text("utf-8").startswith("<?xml")
    assert run(["gate", str(suite), "--baseline", str(tmp_path / "none.json"), "--log", str(good)]) == 2
    assert run(["compare", str(good), str(bad), "--json"]) == 0


def test_other_evidence_from_another_library_is_the_doing_of_the_corpus() -> None:
    cases = [*[_case("not composed", "evidence")] * 6, *[_case()] * 24]
    assert gate(_summary(*cases), {}, SOUND).cause.startswith("retriever")
    grown = _summary(*cases, documents=("d/a", "d/b", "d/new"))
    assert gate(grown, {}, SOUND).cause == "corpus: d/new changed or new"
