"""Golden vectors: small documents of our own, with the blocks that a reader finds in them.

Beside each document lies `<name>.json`. A block is [kind, depth, group, label, start, end, text]; what is hidden is
listed as text. Offsets are exact, so that a change of any parser shows as a difference to be judged by a person.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from corpus.documents import Metadata, Parsed
from ingest.parse.registry import parse_file

TEXT = Path(__file__).parent / "text"
DOCUMENTS = sorted(path for path in TEXT.iterdir() if path.suffix != ".json")


def account(parsed: Parsed) -> dict[str, object]:
    """What a parser found, as the golden file has it."""
    text = parsed.text
    said = {key: value for key, value in asdict(parsed.metadata).items() if value != asdict(Metadata())[key]}
    return {
        "metadata": json.loads(json.dumps(said)),
        "native": parsed.native,
        "blocks": [[b.kind, b.depth, b.group, b.label, b.start, b.end, text[b.start : b.end]] for b in parsed.blocks],
        "hidden": [text[h.start : h.end] for h in parsed.hidden],
        "anchors": [[a.kind, a.label, a.start, a.end] for a in parsed.anchors],
    }


def test_there_are_documents() -> None:
    assert len(DOCUMENTS) >= 9


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_blocks_are_the_golden_ones(path: Path) -> None:
    expected = json.loads(path.with_name(path.name + ".json").read_text("utf-8"))
    assert account(parse_file(path.read_bytes(), path.name)) == expected
