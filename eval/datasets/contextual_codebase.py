"""The code base of Anthropic's cookbook on contextual retrieval (MIT): 737 chunks of 90 files, 248 questions."""

from __future__ import annotations

from pathlib import Path

from eval.datasets.judged import Judged, Query, Text
from eval.datasets.lines import json_file, json_lines


def contextual_codebase(folder: Path) -> Judged:
    """The questions with their gold chunks; a chunk's id is `file/index`, and it has no title."""
    files = json_file(folder / "codebase_chunks.json")
    texts = tuple(
        Text(f"{file['original_uuid']}/{chunk['original_index']}", "", chunk["content"])
        for file in files
        for chunk in file["chunks"]
    )
    known = {text.id for text in texts}
    queries, relevant = [], {}
    for number, row in enumerate(json_lines(folder / "evaluation_set.jsonl")):
        gold = frozenset(f"{file}/{index}" for file, index in row["golden_chunk_uuids"]) & known
        if gold:
            queries.append(Query(str(number), row["query"], row["golden_doc_uuids"][0]))
            relevant[str(number)] = gold
    return Judged("contextual_codebase", texts, tuple(queries), relevant)
