"""WiCE (annotations ODC-BY), its development part: claims of Wikipedia with the sentences of a page that is cited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eval.datasets.lines import json_lines

_MOST = 40


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim, the sentences it is judged by, and whether people found that these support it wholly."""

    id: str
    claim: str
    evidence: tuple[str, ...]
    supported: bool


def wice(folder: Path) -> list[Claimed]:
    """349 claims. The evidence is every sentence that a person named; of a page without one its first 40 sentences."""
    found = []
    for row in json_lines(folder / "data" / "entailment_retrieval" / "claim" / "dev.jsonl"):
        named = sorted({place for one in row["supporting_sentences"] for place in one})
        evidence = tuple(row["evidence"][place] for place in named) or tuple(row["evidence"][:_MOST])
        found.append(Claimed(row["meta"]["id"], row["claim"], evidence, row["label"] == "supported"))
    return found
