"""Golden answers: what is said of a small document of our own when one unit of it is wanted.

`answers/<name>.json` lists cases: the beginning of the wanted unit, the length, the Markdown that comes out, line by
line, and the quotes of its citations. Which unit is wanted is given, so that no change of the ranking touches them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.documents import Document, Span, revision_of
from corpus.units import units
from ingest.parse.registry import parse_file
from service.answering.assemble import assemble
from service.answering.compose import Length, compose
from service.answering.rank import Scored
from service.grounding.claim import Ground

FOLDER = Path(__file__).parent / "answers"
CASES = [(path.stem, case) for path in sorted(FOLDER.glob("*.json")) for case in json.loads(path.read_text("utf-8"))]
LENGTHS = {
    "unit": Length(picks=1, words=1, whole=0, procedure=0, led=0, margin=0.0),
    "structure": Length(picks=1, words=40, whole=40, procedure=90, led=90, margin=0.0),
    "passage": Length(picks=1, words=400, whole=40, procedure=90, led=90, margin=0.0),
}


def document(name: str) -> Document:
    path = FOLDER / f"{name}.md"
    parsed = parse_file(path.read_bytes(), path.name)
    revision = revision_of(parsed.text)
    public = frozenset({"public"})
    return Document(
        f"docs/{path.name}", "docs", path.name, parsed, parsed.metadata.title, "runbook", public, "", "", revision
    )


def answer(name: str, wanted: str, length: str) -> dict[str, Any]:
    """What is said, as the golden file has it."""
    read = document(name)
    everything = Span(0, len(read.text))
    start = read.text.index(wanted)
    unit = next(u for u in units(read, everything) if u.start == start)
    spans = [(read, everything)] if length == "passage" else []
    said = compose([Scored(read, unit, 0, (), 1.0)], spans, LENGTHS[length])
    ground = Ground({(read.id, read.revision): read}, {read.id: (everything,)}, read.access)
    body = assemble(said, ground)
    return {
        "wanted": wanted,
        "length": length,
        "text": body.text.splitlines(),
        "quotes": [f"[{c.number}] {c.place}: {c.quote}" for c in body.citations],
        "dropped": [f"{s.text} ({s.verdict.check}: {s.verdict.detail})" for s in body.dropped],
    }


def test_there_are_answers() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}-{c['length']}-{c['wanted'][:20]}" for n, c in CASES])
def test_the_answer_is_the_golden_one(name: str, case: dict[str, Any]) -> None:
    assert answer(name, case["wanted"], case["length"]) == case
