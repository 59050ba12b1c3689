"""Disagreements planted in real documents by program are told, and real documents get no false ones beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.documents import Document, revision_of
from eval.standing.disagreements import PLANTED, pairs, plant
from ingest.parse.registry import parse_file

pytestmark = [pytest.mark.shared, pytest.mark.quality]


def documents(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.rglob("*.md"))[:150]:
        parsed = parse_file(path.read_bytes(), path.name)
        name = path.relative_to(folder).as_posix()
        title = parsed.metadata.title or path.stem
        yield Document(
            f"s/{name}", "s", name, parsed, title, "other", frozenset({"public"}), revision=revision_of(parsed.text)
        )


def test_most_planted_values_and_denials_are_told(shared: Path) -> None:
    found = plant(pairs(documents(shared / "data/archqa/corpora/govuk-developer-docs"), seed=2, size=20))
    counts = {kind: [f.told for f in found if f.pair.kind == kind] for kind in PLANTED}
    assert sum(map(len, counts.values())) >= 60
    assert min(sum(counts[kind]) / len(counts[kind]) for kind in ("number", "unit", "negation")) >= 0.5
    told = [f for f in found if f.told]
    assert sum(f.right for f in told) >= 0.9 * len(told)
