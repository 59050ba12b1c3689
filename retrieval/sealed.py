"""Files that come with the package: used only when their bytes are the ones that were shipped."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EncoderError

SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file's content, and its SHA-256 in hexadecimal."""

    content: bytes
    digest: str


def sealed(path: Path, *, repair: str) -> Sealed:
    """The file, held against `SHA256SUMS` beside it. Raises `EncoderError` when missing or damaged.

    repair  what the error says to do
    """
    lines = _read(path.with_name(SUMS), repair).decode("utf-8", "replace").splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    content = _read(path, repair)
    digest = hashlib.sha256(content).hexdigest()
    if digest != told.get(path.name):
        raise EncoderError(f"damaged: its SHA-256 is not the one in {SUMS}", item=str(path), next_step=repair)
    return Sealed(content, digest)


def _read(path: Path, repair: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EncoderError(f"cannot be read ({error.strerror})", item=str(path), next_step=repair) from error
