"""API keys: `keys.json` beside the store, which holds no key, only what recognises one.

A key is `aether_ID_SECRET` with 256 random bits in its secret. What is kept is HMAC-SHA256 of the secret under a random
key in `keys.secret`: against 256 random bits nothing faster than that can be guessed, and nobody who reads one of the
two files can make a key that is recognised. Both files are for their owner only, and are replaced whole.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.access import access_set
from corpus.errors import NotFound, StoreDamaged, StoreError, UsageError
from service.access.principal import Role
from service.whole import write_whole

FILE, SECRET = "keys.json", "keys.secret"
_KEY = re.compile(r"aether_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}")


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key.

    access   what its bearer may see
    created, expires, revoked  ISO times in UTC, "" being never
    per_minute, tokens_per_day  what its bearer may ask; 0 = as the settings say
    """

    id: str
    name: str
    role: Role
    access: tuple[str, ...]
    digest: str
    created: str
    expires: str = ""
    revoked: str = ""
    per_minute: int = 0
    tokens_per_day: int = 0

    def valid(self, now: datetime) -> bool:
        """Whether it still opens."""
        return not self.revoked and (not self.expires or now < datetime.fromisoformat(self.expires))


@dataclass(frozen=True, slots=True)
class Wish:
    """A key that shall be made. `days` until it expires, 0 = never."""

    name: str
    role: Role = "reader"
    access: tuple[str, ...] = ("public",)
    days: int = 0
    per_minute: int = 0
    tokens_per_day: int = 0


class Keys:
    """The keys of the store in `folder`. Reads the files anew whenever they changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[int, int] = (0, 0)
        self._known: tuple[Key, ...] = ()

    def all(self) -> tuple[Key, ...]:
        """Every key that was ever made, oldest first. Raises `StoreDamaged`."""
        path = self._folder / FILE
        try:
            status = path.stat()
            seen = (status.st_mtime_ns, status.st_ino)
            if seen != self._seen:
                self._known, self._seen = TypeAdapter(tuple[Key, ...]).validate_json(path.read_bytes()), seen
        except FileNotFoundError:
            self._known, self._seen = (), (0, 0)
        except (OSError, ValidationError) as error:
            raise StoreDamaged(
                "the keys cannot be read", item=str(path), next_step="Restore it from a backup, or make new keys"
            ) from error
        return self._known

    def find(self, token: str) -> Key | None:
        """The key that a bearer shows, if it is one and still opens. Takes as long for a wrong one."""
        match = _KEY.fullmatch(token)
        named, secret = (match[1], match[2]) if match else ("", "")
        digest = self._digest(secret)
        found = None
        for key in self.all():
            if hmac.compare_digest(key.digest, digest) and key.id == named and key.valid(datetime.now(UTC)):
                found = key
        return found

    def create(self, wish: Wish) -> tuple[Key, str]:
        """A new key, and the token that is shown once and never again. Raises `UsageError`, `AccessError`."""
        if not _NAME.fullmatch(wish.name):
            raise UsageError("not a key's name", item=repr(wish.name), next_step="Use letters, digits, . _ @ and -")
        access = tuple(sorted(access_set(wish.access)))
        self._folder.mkdir(parents=True, exist_ok=True)
        if not (self._folder / SECRET).exists():
            self._replace(SECRET, secrets.token_bytes(32))
        name, secret, now = secrets.token_hex(6), secrets.token_urlsafe(32), datetime.now(UTC)
        expires = (now + timedelta(days=wish.days)).isoformat(timespec="seconds") if wish.days else ""
        made = Key(
            id=name,
            name=wish.name,
            role=wish.role,
            access=access,
            digest=self._digest(secret),
            created=now.isoformat(timespec="seconds"),
            expires=expires,
            per_minute=wish.per_minute,
            tokens_per_day=wish.tokens_per_day,
        )
        self._write([*self.all(), made])
        return made, f"aether_{name}_{secret}"

    def revoke(self, name: str) -> Key:
        """End the key of that id, or the one that has that name. Raises `NotFound`, `UsageError`."""
        keys = self.all()
        named = [key for key in keys if key.id == name] or [k for k in keys if k.name == name and not k.revoked]
        if not named:
            raise NotFound("no such key", item=name, next_step="List them with aether keys list")
        if len(named) > 1:
            raise UsageError("several keys have that name", item=name, next_step="Give the id of one")
        ended = replace(named[0], revoked=datetime.now(UTC).isoformat(timespec="seconds"))
        self._write([ended if key.id == ended.id else key for key in keys])
        return ended

    def _digest(self, secret: str) -> str:
        try:
            pepper = (self._folder / SECRET).read_bytes()
        except OSError:
            pepper = b""
        return hmac.digest(pepper or b"\0", secret.encode(), "sha256").hex()

    def _write(self, keys: Sequence[Key]) -> None:
        self._replace(FILE, json.dumps([asdict(key) for key in keys], indent=1).encode())

    def _replace(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all, for its owner only."""
        try:
            write_whole(self._folder / name, content)
        except OSError as error:
            raise StoreError(
                f"cannot be written ({error.strerror})", item=str(self._folder / name), next_step="Check the disk"
            ) from error
