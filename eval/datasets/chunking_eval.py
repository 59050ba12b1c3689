"""Chunking evaluation (Chroma, MIT): questions over whole texts, with the characters that answer them."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Span
from corpus.errors import NotFound


@dataclass(frozen=True, slots=True)
class Excerpted:
    """A question, and where in its text the answer stands.

    document  name of the text's file
    """

    question: str
    document: str
    excerpts: tuple[Span, ...]


def chunking_eval(
    folder: Path, domains: Sequence[str] = ("state_of_the_union", "wikitexts", "chatlogs")
) -> list[Excerpted]:
    """The questions of some of its texts, which lie in `corpora/`."""
    path = folder / "questions_df.csv"
    if not path.is_file():
        raise NotFound("no such file", item=str(path), next_step="Point --data at the folder of data sets")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Excerpted(
            row["question"],
            f"{row['corpus_id']}.md",
            tuple(Span(one["start_index"], one["end_index"]) for one in json.loads(row["references"])),
        )
        for row in rows
        if row["corpus_id"] in domains
    ]
