"""What a module of the measurements says of a wrong path: one line with a next step, a status, and no traceback."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from eval.cli.ended import ended
from eval.cli.program import run

REPO = Path(__file__).parents[2]
GONE = "gone"
WRONG = [
    ("eval.archqa", "--store", GONE, "--questions", GONE),
    ("eval.bench_ingest", GONE),
    ("eval.bench_resync", GONE),
    ("eval.compare_fusion", "--store", GONE, "--questions", GONE),
    ("eval.contract_report", "--store", GONE),
    ("eval.judging.ragas_faithfulness", GONE),
    ("eval.parser_report", "--shared", GONE),
    ("eval.perturb", "--store", GONE),
    ("eval.persona_report", "--store", GONE, "--questions", GONE),
    ("eval.reranking.compare", "--suite", "archqa-operations", "--store", GONE, "--data", GONE),
    ("eval.review_report", "--store", GONE),
    ("eval.risk_coverage", "--stores", "stores", "--data", GONE),
    ("eval.standing.disagreements", "--store", GONE),
]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def ends(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit status of `python -m MODULE ...`, in this process."""
    monkeypatch.setattr(sys, "argv", list(arguments))
    for name in [name for name in sys.modules if name.startswith(arguments[0])]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit) as left:
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=False)
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.mark.parametrize("arguments", WRONG, ids=lambda arguments: arguments[0])
def test_a_wrong_path_is_one_line(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(arguments, monkeypatch) in (1, 2)
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(rf"aether: \S*{GONE}\S*: .+\. .+", line), line
    assert "bug" not in line
    assert not Path(GONE).exists(), "nothing is made at a wrong path"


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "nothing"),
        ("run", "smoke", "--store", GONE),
        ("run", "archqa-operations", "--data", GONE),
        ("injections", "--data", GONE),
        ("judge", "--check", "--data", GONE),
        ("score", GONE),
        ("compare", GONE, GONE),
        ("judge", GONE),
        ("gate", "smoke"),
        ("baseline", GONE),
        ("generate", "--store", GONE),
        ("review-cases", GONE),
    ],
    ids=" ".join,
)
def test_a_wrong_path_of_aether_eval_is_one_line(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) in (1, 2)
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"aether: .+\. .+", line), line
    assert "bug" not in line


def test_every_module_that_can_be_run_ends_so() -> None:
    runnable = [path for path in (REPO / "eval").rglob("*.py") if '__name__ == "__main__"' in path.read_text("utf-8")]
    assert len(runnable) > 20
    last = 'if __name__ == "__main__":\n    ended(main)\n'
    assert [path.name for path in runnable if not path.read_text("utf-8").endswith(last)] == []


def test_what_a_module_starts_and_what_it_reads_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def started() -> None:
        code = "import sys; print('first', file=sys.stderr); sys.exit('the disk is on fire')"
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    def read() -> None:
        json.loads("{")

    with pytest.raises(SystemExit) as left:
        ended(started)
    assert left.value.code == 1
    assert "the disk is on fire" in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        ended(read)
    assert left.value.code == 2
    assert "a file is not JSON" in capsys.readouterr().err
    for main, status in ((lambda: 3, 3), (lambda: None, 0)):
        with pytest.raises(SystemExit) as left:
            ended(main)
        assert left.value.code == status
