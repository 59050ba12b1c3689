"""CLAP NQ (IBM, Apache-2.0), its development part: questions over one passage that answers them, or only tempts."""

from __future__ import annotations

from pathlib import Path

from eval.datasets.judged import Posed, Text
from eval.datasets.lines import json_lines


def clapnq(folder: Path) -> list[Posed]:
    """The questions of both files; a question is a group."""
    return [
        Posed(
            id=row["id"],
            question=row["input"],
            passages=tuple(Text(f"{row['id']}/{i}", p["title"], p["text"]) for i, p in enumerate(row["passages"])),
            answerable=name == "answerable",
            group=f"clapnq/{row['passages'][0]['title']}",
        )
        for name in ("answerable", "unanswerable")
        for row in json_lines(folder / f"{name}.jsonl")
    ]
