"""The bundled encoder: its word pieces, its vectors and what it refuses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import EncoderError
from retrieval.encode.embedded import BUNDLED, TOKENS, EmbeddedEncoder, EmbeddedPieces

_SHARED = EmbeddedEncoder(threads=2)


@pytest.fixture(scope="module")
def encoder() -> EmbeddedEncoder:
    return _SHARED


def test_offsets_are_character_spans_without_special_tokens(encoder: EmbeddedEncoder) -> None:
    text = "Überprüfung naïve\r\n kube-proxy"
    (spans,) = encoder.offsets([text])
    pieces = [text[s.start : s.end] for s in spans]
    assert "".join(pieces) == "Überprüfungnaïvekube-proxy"
    assert pieces[-2:] == ["-", "proxy"]


def test_offsets_are_not_cut(encoder: EmbeddedEncoder) -> None:
    assert [len(spans) for spans in encoder.offsets(["word " * 3000, "", "one"])] == [3000, 0, 1]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_offsets_ascend_within_the_text(text: str) -> None:
    (spans,) = _SHARED.offsets([text])
    assert all(0 <= s.start <= s.end <= len(text) for s in spans)
    assert all(a.start <= b.start for a, b in pairwise(spans))


def test_pieces_alone_need_no_graph_and_no_runtime(tmp_path: Path) -> None:
    for name in ("tokenizer.json", "SHA256SUMS"):
        shutil.copy(BUNDLED / name, tmp_path)
    text = "kube-proxy restarts"
    assert EmbeddedPieces(tmp_path).offsets([text]) == _SHARED.offsets([text])
    code = (
        "import sys; from retrieval.encode.embedded import EmbeddedPieces;"
        "EmbeddedPieces(); sys.exit('onnxruntime' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_batches_beyond_one_slice_keep_their_order(encoder: EmbeddedEncoder) -> None:
    texts = [f"word {i}" for i in range(600)]
    assert encoder.embed(texts)[590] == encoder.embed([texts[590]])[0]
    assert len(encoder.offsets(texts)) == 600


def test_threads_and_callers_change_nothing(encoder: EmbeddedEncoder) -> None:
    texts = [f"the {i}th runbook says restart" for i in range(20)]
    alone = EmbeddedEncoder(threads=1).embed(texts)
    with ThreadPoolExecutor(4) as pool:
        assert all(vectors == alone for vectors in pool.map(lambda _: encoder.embed(texts), range(4)))


def test_the_piece_limit_is_where_it_says(encoder: EmbeddedEncoder) -> None:
    kept, cut = "word " * (TOKENS - 2), "word " * (TOKENS - 2) + "zebra"
    shorter = "word " * (TOKENS - 3) + "zebra"
    a, b, c = encoder.embed([kept, cut, shorter])
    assert a == b
    assert a != c


def test_a_vector_is_the_same_on_every_processor(encoder: EmbeddedEncoder) -> None:
    """Saturating products, which processors without VNNI make when left alone, are off by up to 0.02 here."""
    (vector,) = encoder.embed(["How do I restore the ledger after the primary was lost?"])
    exact = (-0.058, 0.0339, 0.0203, -0.0111, 0.0023, -0.0048, -0.0448, -0.0089, 0.0233, 0.0484, 0.0324, 0.0339)
    assert vector[: len(exact)] == pytest.approx(exact, abs=0.002)


def test_damage_is_found(tmp_path: Path) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "minilm")
    model = folder / "model.onnx"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    with pytest.raises(EncoderError, match=r"model\.onnx: damaged.*Reinstall"):
        EmbeddedEncoder(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "SHA256SUMS"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "minilm")
    (folder / name).unlink()
    with pytest.raises(EncoderError, match=name):
        EmbeddedEncoder(folder)


def test_the_package_data_is_small_and_licensed() -> None:
    assert (BUNDLED / "model.onnx").stat().st_size <= 24_000_000
    assert "Apache License" in (BUNDLED / "LICENSE").read_text(encoding="utf-8")
    assert "Limits" in (BUNDLED / "MODEL_CARD.md").read_text(encoding="utf-8")
