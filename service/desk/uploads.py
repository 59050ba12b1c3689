"""The folder inside the store where uploaded files lie: the source `uploads`.

Each access set has a folder of its own, with the `.aether-access` file that every source may have; so the choice of who
uploads holds for every later run, whoever starts it. The folder takes no notice of ignore files above it. A file is
written whole, under a name that leads nowhere else, before its upload is acknowledged; a mark stays until it has been
read in, so that a service that was killed takes it up when it starts again.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from contextlib import suppress
from pathlib import Path

from corpus.access import PUBLIC, access_set
from corpus.errors import NotAllowed, StoreError, UsageError
from ingest.discover import ACCESS_FILE, SourceRoot
from service.access.principal import Principal
from service.whole import write_whole

SOURCE = "uploads"
_PENDING = ".pending-"
_STRANGE = re.compile(r"[^\w .()+@=,&'~-]")
_MOST_BYTES = 150


class Uploads:
    """The uploads of the store in `store`."""

    def __init__(self, store: Path) -> None:
        self.folder = Path(os.path.abspath(store)) / SOURCE

    def root(self, part: str = "") -> SourceRoot:
        """The source, or a part of it."""
        return SourceRoot(SOURCE, self.folder, part)

    def keep(self, name: str, content: bytes, access: frozenset[str]) -> str:
        """Write a file for those who may read it; its path in the source. Raises `UsageError`, `StoreError`."""
        place = self.folder / _folder_of(access)
        path = place / safe_name(name)
        try:
            place.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / ".aetherignore", b"!*\n/.pending-*\n.*.draft\n")
            write_whole(place / ACCESS_FILE, "".join(f"{one}\n" for one in sorted(access)).encode())
            self._mark(path).touch()
            write_whole(path, content)
        except OSError as error:
            raise StoreError(
                f"an upload cannot be kept ({error.strerror})", item=str(place), next_step="Check the disk"
            ) from error
        return path.relative_to(self.folder).as_posix()

    def settled(self, path: str) -> None:
        """The upload was read in."""
        with suppress(OSError):
            self._mark(self.folder / path).unlink(missing_ok=True)

    def settle(self) -> None:
        """All of them were."""
        for mark in self.folder.glob(f"{_PENDING}*"):
            mark.unlink(missing_ok=True)

    def pending(self) -> bool:
        """Whether something was acknowledged that may not have been read in."""
        return next(self.folder.glob(f"{_PENDING}*"), None) is not None

    def remove(self, path: str) -> None:
        """Delete the file of a document that is forgotten. Raises `StoreError`."""
        file = self.folder / path
        try:
            if file.resolve().is_relative_to(self.folder.resolve()):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"an upload cannot be deleted ({error.strerror})", item=str(file), next_step="Delete it by hand"
            ) from error

    def _mark(self, path: Path) -> Path:
        inside = path.relative_to(self.folder).as_posix()
        return self.folder / f"{_PENDING}{hashlib.sha256(inside.encode()).hexdigest()[:16]}"


def chosen(who: Principal, named: list[str]) -> frozenset[str]:
    """Who may read what a caller uploads: whom they name, of those that they are themselves.

    Without a choice those who share a group with the caller, and everyone only where the caller is no more than that.
    Raises `AccessError`, `NotAllowed`.
    """
    if not named:
        return who.access - {PUBLIC} or who.access
    access = access_set(named)
    if not access <= who.access and who.role != "owner":
        strangers = ", ".join(sorted(access - who.access))
        raise NotAllowed("you are not of those", item=strangers, next_step="Name only principals of your key")
    return access


def safe_name(name: str) -> str:
    """A file's name without a way to anywhere. Raises `UsageError`."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = _STRANGE.sub("_", last).strip(" .")
    stem, dot, extension = clean.rpartition(".")
    room = _MOST_BYTES - len(f"{dot}{extension}".encode())
    if not clean.strip("_") or room < 1:
        raise UsageError("not a file's name", item=repr(name[:80]), next_step="Give the file a name")
    if not dot:
        return _cut(clean, _MOST_BYTES)
    return f"{_cut(stem, room)}.{extension}"


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore")


def _folder_of(access: frozenset[str]) -> str:
    """One folder an access set; the digest keeps apart what reads the same."""
    names = sorted(access)
    if names == [PUBLIC]:
        return PUBLIC
    words = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(names))[:40].strip("-")
    return f"{words}-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:8]}"
