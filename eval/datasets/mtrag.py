"""MTRAG (IBM, Apache-2.0): conversations over two pools of passages, with judged turns.

A turn is asked in three forms: `lastturn` is its words alone, `rewrite` the same made to stand alone, `questions` all
of the user's words so far. The pools hold what several retrievers found, and everything relevant.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from eval.datasets.judged import Judged, Posed, Query, Text
from eval.datasets.lines import json_lines

Domain = Literal["cloud", "clapnq"]
Form = Literal["lastturn", "rewrite", "questions"]
_ANSWERABLE = {"ANSWERABLE": True, "UNANSWERABLE": False}


def mtrag(folder: Path, domain: Domain, form: Form) -> Judged:
    """The judged turns of a domain in one form."""
    pool = json_lines(folder / "pooled_corpus" / f"{domain}.jsonl")
    texts = tuple(Text(r["_id"], r["title"], r["text"]) for r in pool)
    relevant: dict[str, set[str]] = {}
    judgements = (folder / "retrieval" / domain / "qrels.dev.tsv").read_text("utf-8").splitlines()
    for line in judgements[1:]:
        query, text, score = line.split("\t")
        if int(score) > 0:
            relevant.setdefault(query, set()).add(text)
    rows = json_lines(folder / "retrieval" / domain / f"{domain}_{form}.jsonl")
    queries = tuple(
        Query(r["_id"], _said(r["text"]), r["_id"].partition("<::>")[0]) for r in rows if r["_id"] in relevant
    )
    return Judged(f"mtrag/{domain}/{form}", texts, queries, {q: frozenset(ids) for q, ids in relevant.items()})


def mtrag_answerability(folder: Path) -> list[Posed]:
    """The turns of both domains that are plainly answerable or not by what was retrieved for them."""
    return [
        Posed(
            id=r["task_id"],
            question=r["question"],
            passages=tuple(Text(c["document_id"], "", c["text"]) for c in r["contexts"]),
            answerable=_ANSWERABLE[r["answerability"]],
            group=f"mtrag/{r['conversation_id']}",
        )
        for r in json_lines(folder / "human_turns.jsonl")
        if r["answerability"] in _ANSWERABLE and r["contexts"]
    ]


def _said(text: str) -> str:
    """The user's words without the mark of who speaks."""
    return " ".join(line.removeprefix("|user|:").strip() for line in text.splitlines()).strip()
