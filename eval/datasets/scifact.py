"""SciFact (Allen Institute for AI): claims of its training part as queries, cited abstracts as relevant."""

from __future__ import annotations

from pathlib import Path

from eval.datasets.judged import Judged, Query, Text
from eval.datasets.lines import json_lines


def scifact(folder: Path) -> Judged:
    """809 claims over 5,183 abstracts. Claims with the same first abstract are one group."""
    texts = tuple(Text(r["_id"], r["title"], " ".join(r["sentences"])) for r in json_lines(folder / "corpus.jsonl"))
    known = {text.id for text in texts}
    rows = json_lines(folder / "claims_train.jsonl")
    relevant = {r["id"]: frozenset(r["cited_doc_ids"]) & known for r in rows}
    queries = tuple(Query(r["id"], r["claim"], min(relevant[r["id"]])) for r in rows if relevant[r["id"]])
    return Judged("scifact", texts, queries, {i: ids for i, ids in relevant.items() if ids})
