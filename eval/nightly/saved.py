"""Answers, decision records and reviews that somebody saved, and those of a service's journal: their citations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UsageError
from eval.nightly.journal import journalled
from service.checking.verify import Saved, SavedCitation, saved_in


def saved_citations(folder: Path | None, journal: Path) -> list[SavedCitation]:
    """Of every JSON file below the folder, and of every answer of the journal. What is no answer or report is left out.

    Raises `UsageError` where a folder is named that is none.
    """
    if folder is not None and not folder.is_dir():
        raise UsageError("no such folder", item=str(folder), next_step="Name the folder of saved answers and reports")
    files = sorted(folder.rglob("*.json")) if folder is not None else []
    return [*(citation for path in files for citation in _of(path)), *_answered(journal)]


def _answered(journal: Path) -> Iterator[SavedCitation]:
    for _, answer in journalled(journal):
        try:
            yield from Saved.model_validate(answer).citations
        except ValueError:  # an answer of another version
            continue


def _of(path: Path) -> tuple[SavedCitation, ...]:
    try:
        return saved_in(path.read_bytes()).citations
    except UsageError:
        return ()
