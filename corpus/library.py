"""The bundled library: Aether's own documentation, and its manifest.

`corpus/library/` holds the documents; `manifest.toml` beside them says of each what it is, who answers for it, how
much weight it carries and who may read it. The folder is package data: an installed Aether carries it along.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from corpus.access import access_set
from corpus.documents import Kind
from corpus.errors import SourceError

_STRICT = ConfigDict(extra="forbid")

LIBRARY = Path(__file__).with_name("library")
"""The folder of the bundled documents."""

Tier = Literal[
    "own measurement", "own decision", "own proposal", "peer-reviewed paper", "vendor documentation", "marketing"
]
"""How much weight a source carries, strongest first."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Entry:
    """What the manifest says of one document.

    path    relative to the library, with forward slashes
    status  as the document itself says it: accepted, draft, superseded ...
    owner   the role that answers for it, never a person
    access  who may read it
    """

    path: str
    kind: Kind
    status: str
    owner: str
    tier: Tier
    access: tuple[str, ...]


@dataclass(frozen=True, slots=True, config=_STRICT)
class _File:
    document: tuple[Entry, ...]


def manifest(folder: Path = LIBRARY) -> tuple[Entry, ...]:
    """The entries of `folder/manifest.toml`, by path.

    Raises `SourceError` where the manifest is missing, is no TOML or lacks a field, and `AccessError` on an access
    set that is empty or malformed.
    """
    place = folder / "manifest.toml"
    try:
        entries = TypeAdapter(_File).validate_python(tomllib.loads(place.read_text("utf-8"))).document
    except OSError as error:
        raise SourceError(
            "cannot be read", outcome="unreadable", item=str(place), next_step="Install Aether again"
        ) from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise SourceError(
            f"is not a library's manifest ({first})",
            outcome="broken",
            item=str(place),
            next_step="See corpus/library.py",
        ) from error
    for entry in entries:
        access_set(entry.access)
    return tuple(sorted(entries, key=lambda entry: entry.path))
