"""Files -> the store, the words' index and the vectors: one way for the command line and for a service.

Who may read a file that was uploaded says the folder it was put into (`service/desk/uploads.py`), whatever the file
says of itself; of another source's files the manifest speaks first, where there is one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Kind
from corpus.errors import StoreMissing
from corpus.library import manifest
from ingest.describe import Override
from ingest.discover import Limits, RefusedFile, SourceRoot, discover
from ingest.embed import EmbedReport, embed
from ingest.report import Progress, RunReport
from ingest.store.store import Store
from ingest.sync import Order, Tools, sync
from service.desk.uploads import Uploads
from service.wiring import Wiring, word_pieces


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be brought in. `dense`: embed as well; `apart`: parse in other processes however little there is."""

    roots: tuple[SourceRoot, ...]
    kind: Kind | None = None
    exclude: tuple[str, ...] = ()
    dense: bool = True
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was done. `lacking` counts passages that have no vector yet."""

    report: RunReport
    dense: EmbedReport | None
    lacking: int


def bring(wiring: Wiring, store: Store, wanted: Wanted, *, progress: Progress) -> Done:
    """Bring the store up to the sources' files. Raises what `sync` and `embed` raise."""
    tools = Tools(
        open_index=wiring.open_index, lexical=wiring.lexical, pieces=word_pieces, encoder=wiring.embedder.identity
    )
    report = sync(store, wanted.roots, order=_order(wiring, wanted), tools=tools, progress=progress)
    dense = None
    if wanted.dense and not report.interrupted:
        index, lexical = wiring.open_index, wiring.lexical
        dense = embed(store, embedder=wiring.embedder, open_index=index, lexical=lexical, progress=progress)
    return Done(report, dense, store.vectors.lacking(wiring.embedder.identity))


def known_roots(wiring: Wiring) -> list[SourceRoot]:
    """The sources that the store knows; none where there is no store."""
    try:
        with wiring.store() as store:
            return [SourceRoot(record.name, Path(record.root)) for record in store.ledger.sources()]
    except StoreMissing:
        return []


def _order(wiring: Wiring, wanted: Wanted) -> Order:
    settings = wiring.settings
    limits = Limits(settings.file_mb * 1_000_000, settings.parse_seconds, settings.parse_mb)
    uploads = Uploads(settings.store)
    overrides = {
        name: override
        for root in wanted.roots
        for name, override in (_uploaded(root, limits) if root.root.is_relative_to(uploads.folder) else _manifest(root))
    }
    return Order(
        kind=wanted.kind,
        exclude=wanted.exclude,
        limits=limits,
        overrides=overrides,
        workers=settings.workers,
        apart=wanted.apart,
    )


def _manifest(root: SourceRoot) -> Iterator[tuple[str, Override]]:
    """What a library's manifest says of its documents. Another project's `manifest.toml` is a file like any other."""
    place = root.root / "manifest.toml"
    try:
        if "document" not in tomllib.loads(place.read_text("utf-8")):
            return
    except (OSError, ValueError):
        return
    for entry in manifest(root.root):
        told = Override(kind=entry.kind, status=entry.status, owner=entry.owner, access=entry.access, tier=entry.tier)
        yield f"{root.name}/{entry.path}", told


def _uploaded(root: SourceRoot, limits: Limits) -> Iterator[tuple[str, Override]]:
    """Who may read each uploaded file."""
    for file in discover(root, limits=limits):
        if not isinstance(file, RefusedFile):
            yield f"{root.name}/{file.path}", Override(access=file.access)
