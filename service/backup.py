"""A store as one file, and a store out of such a file.

The archive holds what cannot be made anew: the database, copied as it stands at one moment while others read and write
it; keys; uploaded files; feedback; the audit log; answers and conversations that are kept. The index is left out,
because it is rebuilt from the database without embedding anything. Each part stands with its SHA-256 in the manifest,
and a store is made whole or not at all.

What is forgotten later stays in older archives: they have to be deleted too.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from corpus.errors import StoreDamaged, StoreError, UsageError
from ingest.settle import rebuild
from ingest.store.store import FILE, Store
from service.settings import Settings
from service.wiring import Wiring

_MANIFEST = "manifest.json"
_KEPT = ("keys.json", "keys.secret", "uploads", "feedback", "audit", "journal", "conversations")


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What an archive holds."""

    path: Path
    made: str
    documents: int
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class _Manifest:
    version: str
    made: str
    documents: int
    files: dict[str, str]


def backup(wiring: Wiring, target: Path) -> BackupReport:
    """Write the archive, whole or not at all, for its owner only. Raises `UsageError`, `StoreMissing`, `StoreError`."""
    folder = wiring.settings.store
    if target.exists():
        raise UsageError("is there already", item=str(target), next_step="Choose another name")
    draft = target.with_name(f".{target.name}.draft")
    try:
        with wiring.store() as store, tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as work:
            files = {FILE: Path(work) / FILE}
            store.copy(files[FILE])
            for name, path in _files(folder):  # copied first: others go on writing to some of them
                copy = Path(work) / name
                copy.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileNotFoundError):  # what was deleted meanwhile is not kept
                    shutil.copy2(path, copy)  # with its time: what is kept for a day goes by it
                    files[name] = copy
            documents = sum(1 for _ in store.documents.cards(withdrawn=True))
            made = datetime.now(UTC).isoformat(timespec="seconds")
            sums = {name: _sum(path) for name, path in files.items()}
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                _write(out, files, _Manifest(version("aether-assistant"), made, documents, sums))
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, target)
    except OSError as error:
        raise StoreError(
            f"the archive cannot be written ({error.strerror})", item=str(target), next_step="Check the disk"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return BackupReport(target, made, documents, len(files), target.stat().st_size)


def restore(settings: Settings, source: Path) -> BackupReport:
    """The store of the settings out of an archive, and its index. Raises `UsageError`, `StoreDamaged`, `StoreError`."""
    folder = settings.store
    if folder.exists() and any(folder.iterdir()):
        raise UsageError("is not empty", item=str(folder), next_step="Restore into a new folder with --store")
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.restoring-"))
    try:
        manifest = _read(source, work)
        with Store.open(work) as store:
            store.prove()
        if folder.exists():
            folder.rmdir()
        os.replace(work, folder)
    except OSError as error:
        raise StoreError(
            f"cannot be restored ({error.strerror or error})", item=str(source), next_step="Check the path and the disk"
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    wiring = Wiring(settings)
    with wiring.store() as store, store.changing():
        encoder = store.ledger.fact("encoder")
        rebuild(store, open_index=wiring.open_index, lexical=wiring.lexical, encoder=encoder)
    size = source.stat().st_size
    return BackupReport(source, manifest.made, manifest.documents, len(manifest.files), size)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files beside the database that are kept, by their names in the archive."""
    for name in _KEPT:
        place = folder / name
        for file in [place] if place.is_file() else sorted(place.rglob("*")):
            if file.is_file() and not file.is_symlink() and not file.name.endswith(".draft"):
                yield file.relative_to(folder).as_posix(), file


def _write(out: io.BufferedWriter, files: dict[str, Path], about: _Manifest) -> None:
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
        for name, path in files.items():
            info = tarfile.TarInfo(name)
            stat = path.stat()
            info.size, info.mtime, info.mode = stat.st_size, int(stat.st_mtime), 0o600
            with path.open("rb") as file:
                archive.addfile(info, file)
        body = json.dumps(asdict(about)).encode()
        info = tarfile.TarInfo(_MANIFEST)
        info.size = len(body)
        archive.addfile(info, io.BytesIO(body))


def _read(source: Path, folder: Path) -> _Manifest:
    """The archive's files into a folder, each checked; the manifest. Raises `StoreDamaged`."""
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            for member in archive:
                if not _is_ours(member):
                    raise StoreDamaged("holds what no backup holds", item=member.name, next_step=_OTHER)
                archive.extract(member, folder, filter="data")
        manifest = TypeAdapter(_Manifest).validate_json((folder / _MANIFEST).read_bytes())
        found = {
            path.relative_to(folder).as_posix(): _sum(path)
            for path in folder.rglob("*")
            if path.is_file() and path.name != _MANIFEST
        }
        if found != manifest.files:
            raise StoreDamaged("is not what was written", item=str(source), next_step=_OTHER)
    except (tarfile.TarError, EOFError, ValueError, zlib.error) as error:
        raise StoreDamaged("is no whole backup", item=str(source), next_step=_OTHER) from error
    (folder / _MANIFEST).unlink()
    return manifest


_OTHER = "Use another archive"


def _is_ours(member: tarfile.TarInfo) -> bool:
    parts = PurePosixPath(member.name).parts
    return member.isreg() and ".." not in parts and bool(parts) and parts[0] in (FILE, _MANIFEST, *_KEPT)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
