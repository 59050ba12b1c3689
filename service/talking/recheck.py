"""Earlier answers, held against the documents of today: what of them moved, changed or is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.access.shelf import ReadableShelf
from service.answer import Answer, Sentence
from service.checking.record import FATES, Fate
from service.checking.verify import fate

_LOOKED_BACK = 5


@dataclass(frozen=True, slots=True)
class Shifted:
    """A cited sentence of an earlier answer whose evidence is no longer what it was."""

    sentence: Sentence
    document: str
    fate: Fate


def shifted(shelf: ReadableShelf, earlier: Sequence[Answer]) -> list[Shifted]:
    """The sentences of the last answers that do not stand as they stood, each citation looked at once."""
    seen: dict[tuple[str, str, int, int], Fate] = {}
    found: dict[str, Shifted] = {}
    for answer in earlier[-_LOOKED_BACK:]:
        for citation in answer.citations:
            key = citation.stretch
            seen[key] = seen.get(key) or fate(shelf, citation)
            if seen[key] == "holds":
                continue
            for sentence in (s for s in answer.sentences if citation.number in s.citations):
                before = found.get(sentence.text)
                if before is None or FATES.index(seen[key]) > FATES.index(before.fate):
                    found[sentence.text] = Shifted(sentence, citation.document, seen[key])
    return list(found.values())
