"""The search index in this process: one shard, guarded by a lock and a manifest.

Opening takes our lock, holds the files against the manifest, and only then lets the shard load them. The first
change of a session removes the manifest; a clean close writes a new one. So whatever kills a writer leaves an index
that nobody will load: it is rebuilt from the store, which costs seconds. A killed reader leaves nothing behind.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from corpus.errors import IndexFailure, StoreError
from corpus.passages import Hit, Point, Sparse
from corpus.ports import Query
from ingest.index.admission import admit_points, admit_query, admits, is_passage_id
from ingest.index.lock import FolderLock
from ingest.index.manifest import (
    Identity,
    Manifest,
    Trace,
    damaged,
    load_manifest,
    read_manifest,
    remove_manifest,
    survey,
    verify,
    write_manifest,
)
from ingest.index.shard import Shard

_BATCH = 1024
_RESERVE = 64 << 20
_POINT = 16 << 10
"""Bytes that are kept free for the shard's own files, and for each point."""


class EmbeddedIndex:
    """The `Index` port over one shard. Made by `open_embedded`; a context manager, or call `close`.

    A change that fails half way makes the index useless until it is rebuilt; so does leaving the context of a `fresh`
    one by an error. Usable from several threads.
    """

    def __init__(self, folder: Path, lock: FolderLock, identity: Identity, shard: Shard, *, fresh: bool) -> None:
        self._folder = folder
        self._lock = lock
        self._identity = identity
        self._shard = shard
        self._fresh = fresh
        self._known: dict[str, Trace] = {}
        self._changed = True
        self._closed = False
        self._broken = False

    def write(self, points: Sequence[Point]) -> None:
        """Insert or replace points by passage id, all or nothing; durable on return."""
        admitted = admit_points(points, self._identity.dimension)
        if admitted:
            with self._change(len(admitted)) as shard:
                for at in range(0, len(admitted), _BATCH):
                    shard.write(admitted[at : at + _BATCH])

    def remove(self, passages: Collection[str]) -> None:
        """Remove points by passage id; unknown ids are no error; durable on return."""
        known = [name for name in sorted(set(passages)) if is_passage_id(name)]
        if known:
            with self._change(0) as shard:
                shard.remove(known)

    def read(self, passages: Collection[str]) -> list[Point]:
        """The points of these passages that are there, in order of passage id."""
        return self._usable().read([name for name in sorted(set(passages)) if is_passage_id(name)])

    def search(self, query: Query) -> list[Hit]:
        """At most `query.limit` hits, best first, ties by passage id."""
        admit_query(query, self._identity.dimension)
        shard = self._usable()
        if query.limit < 1 or (isinstance(query.by, Sparse) and not query.by.indices):
            return []
        hits = shard.search(query)
        if not all(admits(query.scope, hit.passage) for hit in hits):
            raise IndexFailure(
                "the index returned a passage out of scope", item=str(self._folder), next_step="Run aether doctor"
            )
        return hits

    def scan(self) -> Iterator[Point]:
        """Every point, in order of passage id; vectors in single precision, dense ones of unit length."""
        return self._usable().scan()

    def count(self) -> int:
        """How many points there are."""
        return self._usable().count()

    def close(self) -> None:
        """Close the shard, write the manifest if anything changed, give the lock back. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self._shard.close()
            if self._changed and not self._broken:
                self._settle()
        except OSError as error:
            raise self._failure(f"its manifest cannot be written ({error.strerror})") from error
        finally:
            self._lock.release()

    def __enter__(self) -> EmbeddedIndex:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._broken = self._broken or (self._fresh and error is not None)
        self.close()

    def _settle(self) -> None:
        """Load and close once more: the first load after a change tidies up files, later ones change no byte."""
        folder = _shard_of(self._folder)
        shard = Shard.load(folder)
        count = shard.count()
        shard.close()
        write_manifest(self._folder, Manifest(self._identity, count, survey(folder, self._known)))

    def _is_as(self, manifest: Manifest) -> EmbeddedIndex:
        """Nothing has changed yet since that manifest was written."""
        self._known, self._changed = manifest.files, False
        return self

    @contextmanager
    def _change(self, points: int) -> Iterator[Shard]:
        shard = self._usable()
        _require_room(self._folder, points)
        try:
            if not self._changed:
                remove_manifest(self._folder)
                self._changed = True
            yield shard
            shard.flush()
        except BaseException as error:
            self._broken = True
            if isinstance(error, OSError):
                raise self._failure(f"its manifest cannot be removed ({error.strerror})") from error
            raise

    def _usable(self) -> Shard:
        if self._closed or self._broken:
            raise self._failure("it is closed" if self._closed else "a change failed half way")
        return self._shard

    def _failure(self, what: str) -> IndexFailure:
        what = f"the search index cannot be used: {what}"
        return IndexFailure(what, item=str(self._folder), next_step="Close it, then run aether doctor")


def open_embedded(
    folder: Path,
    *,
    dimension: int,
    encoder_identity: str,
    lexical_identity: str,
    wait: float = 5.0,
    fresh: bool = False,
) -> EmbeddedIndex:
    """The index in `folder`, made empty where there is none; with `fresh`, emptied first, under the same lock.

    The folder is locked for this opener until `close`; `wait` is in seconds. A fresh index counts as unfinished until
    it is closed, so a rebuild that dies half way is rebuilt again.

    Raises `StoreBusy` when another opener holds it; `StoreDamaged` when it must be rebuilt (open with `fresh`, write
    every point of the store); `EncoderError` when it was built with another dense encoder or dimension;
    `StoreVersionError` when a newer Aether wrote it; `IndexFailure` when it cannot be made.
    """
    identity = Identity(encoder_identity, lexical_identity, dimension)
    lock = FolderLock(folder, wait=wait)
    try:
        shard = _shard_of(folder)
        if fresh or not (shard.exists() or (folder / "manifest.json").exists()):
            _clear(folder)
            shard.mkdir()  # Without a manifest, this is an unfinished index, whatever comes now.
            _require_room(folder, 0)
            return EmbeddedIndex(folder, lock, identity, Shard.create(shard, dimension), fresh=fresh)
        manifest = read_manifest(folder, identity)
        verify(shard, manifest)
        return EmbeddedIndex(folder, lock, identity, _load(shard, manifest), fresh=False)._is_as(manifest)
    except BaseException:
        lock.release()
        raise


def verify_wholly(folder: Path, *, wait: float = 5.0) -> None:
    """Hold every byte of the index in `folder` against its manifest. Raises as `open_embedded` does."""
    with FolderLock(folder, wait=wait):
        verify(_shard_of(folder), load_manifest(folder), wholly=True)


def wipe(folder: Path, *, wait: float = 5.0) -> None:
    """Remove the index in `folder`, so that the next opener makes an empty one. Raises `StoreBusy`, `StoreError`."""
    with FolderLock(folder, wait=wait):
        _clear(folder)


def _require_room(folder: Path, points: int) -> None:
    """The shard writes through memory maps: a full disk would raise nothing, but end the process (SIGBUS, seen)."""
    needed = _RESERVE + points * _POINT
    if shutil.disk_usage(folder).free < needed:
        raise IndexFailure("the disk is nearly full", item=str(folder), next_step=f"Free at least {needed >> 20} MiB")


def _load(folder: Path, manifest: Manifest) -> Shard:
    try:
        shard = Shard.load(folder)
        found = shard.count()
    except IndexFailure as error:
        raise damaged(folder.parent, error.what) from error
    if found != manifest.count:
        shard.close()
        raise damaged(folder.parent, f"the search index holds {found} passages, not {manifest.count}")
    return shard


def _clear(folder: Path) -> None:
    try:
        remove_manifest(folder)
        shutil.rmtree(_shard_of(folder), ignore_errors=not _shard_of(folder).exists())
    except OSError as error:
        raise StoreError(
            f"the old index cannot be removed ({error.strerror})",
            item=str(folder),
            next_step="Check the folder's rights",
        ) from error


def _shard_of(folder: Path) -> Path:
    return folder / "shard"
