"""What a cleanly closed index looks like on disk, so that damage is found before the store loads it.

The embedded store keeps no checksums: a flipped byte may abort the process or silently hide points. So after every
clean close that followed a change, the size, time and SHA-256 of each file are written down beside it.

- The manifest is removed before the first change and written again after the close. No manifest means that a
  writer was killed or never finished, and the index is rebuilt from the store: that costs seconds, and no half
  written batch is ever believed. Killing a mere reader does no harm: it never removes the manifest.
- A mere load rewrites files, but with the same bytes (held by a test), so times say little and contents count.
- At each start everything is hashed. Only where the pages of vectors and passages take more than 64 MiB on disk are
  those trusted whose size and time are as written down; a packed passage has a checksum of its own all the same.
- `verify_wholly` trusts nothing.

The digest runs over the blocks that are not zero, each with its number: most files are preallocated and mostly holes.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import EncoderError, StoreDamaged, StoreVersionError

FORMAT = 1
_BLOCK = 1 << 16
_ZEROS = bytes(_BLOCK)
_QUICKLY_HASHED = 64 << 20
_REBUILD = "Run aether doctor, which rebuilds the index from the store"


@dataclass(frozen=True, slots=True)
class Identity:
    """What must agree between those who write an index and those who ask it."""

    encoder: str
    lexical: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Trace:
    """One file after a clean close: size in bytes, time of the last change in ns, digest."""

    size: int
    time: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A cleanly closed index: how many points it holds, for which encoders, in which files (by relative path)."""

    identity: Identity
    count: int
    files: dict[str, Trace]


def survey(shard: Path, known: dict[str, Trace]) -> dict[str, Trace]:
    """The trace of every file below `shard`; digests of bulk files that did not change are taken from `known`."""
    files: dict[str, Trace] = {}
    for path in sorted(p for p in shard.rglob("*") if p.is_file()):
        name = path.relative_to(shard).as_posix()
        stat = path.stat()
        old = known.get(name)
        same = old is not None and _is_bulk(name) and (old.size, old.time) == (stat.st_size, stat.st_mtime_ns)
        digest = old.digest if old is not None and same else digest_of(path)
        files[name] = Trace(stat.st_size, stat.st_mtime_ns, digest)
    return files


def verify(shard: Path, manifest: Manifest, *, wholly: bool = False) -> None:
    """Raises `StoreDamaged`, naming the file, unless the files below `shard` are those of the manifest."""
    found = survey(shard, {} if wholly or _bulk_on_disk(shard) <= _QUICKLY_HASHED else manifest.files)
    for name in sorted(found.keys() | manifest.files.keys()):
        new, old = found.get(name), manifest.files.get(name)
        if new is None or old is None or (new.size, new.digest) != (old.size, old.digest):
            fault = "is missing" if new is None else "is unknown" if old is None else "was changed from outside"
            raise damaged(shard.parent, f"a file of the search index {fault} ({name})")


def read_manifest(folder: Path, wanted: Identity) -> Manifest:
    """The manifest of the index in `folder`.

    Raises `StoreDamaged` where there is none, or one for another lexical encoder; `EncoderError` where the index was
    built with another dense encoder; `StoreVersionError` where it was written by a newer Aether.
    """
    manifest = load_manifest(folder)
    held = manifest.identity
    if (held.encoder, held.dimension) != (wanted.encoder, wanted.dimension):
        raise EncoderError(
            f"the index was built with the encoder {held.encoder} ({held.dimension} dimensions), "
            f"not {wanted.encoder} ({wanted.dimension})",
            item=str(folder),
            next_step="Ingest again with the new encoder, or set AETHER_ENCODER back",
        )
    if held.lexical != wanted.lexical:
        raise damaged(folder, f"the index was built with the tokenizer {held.lexical}, not {wanted.lexical}")
    return manifest


def load_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`, whatever its identity. Raises `StoreDamaged` or `StoreVersionError`."""
    try:
        seal, body = _path(folder).read_bytes().split(b"\n", 1)
        if hashlib.sha256(body).hexdigest().encode() != seal:
            raise damaged(folder, "the manifest of the search index is damaged")
        raw: dict[str, Any] = json.loads(body)
        version = int(raw["format"])
        if version == FORMAT:
            files = {name: Trace(*trace) for name, trace in raw["files"].items()}
            return Manifest(Identity(**raw["identity"]), int(raw["count"]), files)
    except FileNotFoundError:
        raise damaged(folder, "the search index was not closed after its last change") from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise damaged(folder, f"the manifest of the search index cannot be read ({type(error).__name__})") from error
    if version < FORMAT:
        raise damaged(folder, f"the search index has the old format {version}")
    raise StoreVersionError(
        f"the search index has format {version}, newer than {FORMAT}", item=str(folder), next_step="Upgrade Aether"
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in place, durably and at once. Raises `OSError`."""
    raw = {
        "format": FORMAT,
        "identity": asdict(manifest.identity),
        "count": manifest.count,
        "files": {name: [t.size, t.time, t.digest] for name, t in manifest.files.items()},
    }
    new = folder / "manifest.new"
    body = json.dumps(raw).encode()
    with new.open("wb") as file:
        file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        file.flush()
        os.fsync(file.fileno())
    new.replace(_path(folder))
    _sync(folder)


def remove_manifest(folder: Path) -> None:
    """From here on the index counts as unfinished. Durable on return. Raises `OSError`."""
    _path(folder).unlink(missing_ok=True)
    _sync(folder)


def damaged(folder: Path, what: str) -> StoreDamaged:
    """The error that asks for a rebuild."""
    return StoreDamaged(what, item=str(folder), next_step=_REBUILD)


def digest_of(path: Path) -> str:
    """SHA-256 over the numbered blocks of 64 KiB that are not all zero."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        end = os.fstat(file.fileno()).st_size
        at = _data(file.fileno(), 0, end)
        while at < end:
            file.seek(at)
            block = file.read(_BLOCK)
            if block != _ZEROS[: len(block)]:
                digest.update(at.to_bytes(8, "little"))
                digest.update(block)
            at = _data(file.fileno(), at + _BLOCK, end)
    return digest.hexdigest()


def _data(file: int, at: int, end: int) -> int:
    """The start of the first block at or after `at` that is not wholly a hole."""
    if at >= end:
        return end
    try:
        return os.lseek(file, at, os.SEEK_DATA) // _BLOCK * _BLOCK
    except OSError as error:
        return end if error.errno == errno.ENXIO else at


def _bulk_on_disk(shard: Path) -> int:
    """Bytes that the bulk files really take."""
    files = (p for p in shard.rglob("*") if p.is_file() and _is_bulk(p.relative_to(shard).as_posix()))
    return sum(p.stat().st_blocks * 512 for p in files)


def _is_bulk(name: str) -> bool:
    part = name.split("/")
    stored = len(part) > 2 and (part[2] == "payload_storage" or part[2].startswith("vector_storage-"))
    return stored and part[-1].startswith(("page_", "chunk_"))


def _path(folder: Path) -> Path:
    return folder / "manifest.json"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
