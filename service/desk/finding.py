"""What a search found, as it leaves the process: no more than the caller may read now."""

from __future__ import annotations

from pydantic import BaseModel

from corpus.documents import Kind
from corpus.errors import NotFound
from retrieval.evidence import Found
from service.access.shelf import ReadableShelf


class PassageFound(BaseModel):
    """A passage that was found, best first. `score` compares within one search only."""

    id: str
    document: str
    revision: str
    title: str
    kind: Kind
    section: tuple[str, ...]
    start: int
    end: int
    place: str
    text: str
    modified_at: str
    score: float
    dense: float
    lexical: float


_SHOWN = tuple(name for name in PassageFound.model_fields if name not in ("score", "dense", "lexical"))


class PassagesFound(BaseModel):
    """What a search found."""

    items: list[PassageFound]


def readable(found: Found, shelf: ReadableShelf) -> PassagesFound:
    """What was found, as far as the caller may read it now."""
    items = []
    for item in found.evidence:
        try:
            shelf.card(item.passage.document)
        except NotFound:
            continue
        named = {name: getattr(item.passage, name) for name in _SHOWN}
        scores = {name: round(getattr(item, name), 4) for name in ("score", "dense", "lexical")}
        items.append(PassageFound.model_validate(named | scores))
    return PassagesFound(items=items)
