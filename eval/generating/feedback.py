"""What readers said of sentences -> candidates, with the gold that today's documents have for them.

The service keeps what it hears (`service.feedback`) as candidates without gold, because it knows a sentence and no
more. A sentence that is right is looked up in the documents that its reader may read: where it stands, there is the
gold; where it stands in several, any of them. One that stands nowhere keeps its words as a fact, and says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from corpus.access import may_read
from corpus.documents import Document
from eval.generating.candidate import Candidate
from eval.running.trace import fold
from eval.suites.case import Gold
from service.feedback import FILE

_MARK = re.compile(r"\s?\[\d{1,4}\]")
_MOST = 5


def feedback_candidates(store: Path, documents: Iterable[Document]) -> list[Candidate]:
    """The candidates of the feedback in the folder of a store, oldest first. Half a line is passed over."""
    said = list(_said(store / "feedback" / FILE))
    if not said:
        return []
    library = [(document, fold(document.visible(0, len(document.text)))) for document in documents]
    return [_placed(one, library) for one in said]


def _said(path: Path) -> Iterator[Candidate]:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Candidate.model_validate(json.loads(line))
        except (ValidationError, json.JSONDecodeError):  # of a process that was killed
            continue


def _placed(one: Candidate, library: Sequence[tuple[Document, str]]) -> Candidate:
    """The candidate with its gold, as far as there is any."""
    quotes = [fold(_MARK.sub("", fact)) for group in one.case.facts for fact in group]
    if not quotes:
        return one
    found = [
        Gold(document=document.id, quote=quote)
        for document, text in library
        for quote in quotes
        if may_read(one.case.access, document.access) and quote in text
    ]
    facts = tuple((quote,) for quote in quotes)
    case = one.case.model_copy(update={"facts": facts, "gold": tuple(found[:_MOST]), "any_gold": len(found) > 1})
    lacking = "" if found else "stands in no document that its reader may read today"
    return one.model_copy(update={"case": case, "note": "; ".join(filter(None, (one.note, lacking)))})
