"""NoMIRACL (Apache-2.0; Wikipedia text CC BY-SA), English: questions over ten passages, half of them unanswered."""

from __future__ import annotations

from pathlib import Path

from eval.datasets.judged import Posed, Text
from eval.datasets.lines import json_lines


def nomiracl(folder: Path) -> list[Posed]:
    """The questions; a question is a group. A passage begins with its article's title and a colon."""
    return [
        Posed(
            id=row["query_id"],
            question=row["question"],
            passages=tuple(_text(i, p) for i, p in zip(row["docids"], row["passages"], strict=True)),
            answerable=row["subset"] == "relevant",
            group=f"nomiracl/{row['query_id']}",
        )
        for row in json_lines(folder / "nomiracl_en_dev.jsonl")
    ]


def _text(identity: str, passage: str) -> Text:
    title, colon, text = passage.partition(": ")
    return Text(identity, title, text) if colon else Text(identity, "", passage)
