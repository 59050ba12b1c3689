"""SQuAD 2.0 (CC BY-SA 4.0), ten articles of its development part: every question over one paragraph."""

from __future__ import annotations

from pathlib import Path

from eval.datasets.judged import Posed, Text
from eval.datasets.lines import json_file


def squad2(folder: Path) -> list[Posed]:
    """The questions of all articles; an article is a group."""
    return [
        Posed(
            id=one["id"],
            question=one["question"].strip(),
            passages=(Text(f"{article['title']}/{number}", article["title"].replace("_", " "), paragraph["context"]),),
            answerable=not one["is_impossible"],
            group=f"squad2/{article['title']}",
        )
        for article in json_file(folder / "dev10.json")["data"]
        for number, paragraph in enumerate(article["paragraphs"])
        for one in paragraph["qas"]
    ]
