"""What a document is called, what kind it is, and who may read it: the first of several voices that says so.

title    the manifest, the file itself, its first heading, its file name
kind     the manifest, the file itself, the caller's `--kind`, the names of its folders, else "other"
status   the manifest, the file itself
tier     the manifest, the file itself
access   the manifest, the file itself, the nearest `.aether-access` file above it, else public
date     git, the file itself, the file system
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from corpus.access import PUBLIC, access_set
from corpus.documents import Document, Kind, Parsed, revision_of
from corpus.outline import heading_title
from ingest.discover import SourceFile
from ingest.git import Change

_KIND_OF_WORD: Mapping[str, Kind] = {
    "adr": "adr",
    "adrs": "adr",
    "decisions": "adr",
    "runbook": "runbook",
    "runbooks": "runbook",
    "playbooks": "runbook",
    "postmortem": "postmortem",
    "postmortems": "postmortem",
    "incidents": "postmortem",
    "design": "design",
    "designs": "design",
    "rfcs": "design",
    "keps": "design",
    "proposals": "design",
    "enhancements": "design",
    "papers": "paper",
    "guide": "guide",
    "guides": "guide",
    "tutorials": "guide",
    "docs": "guide",
    "manual": "guide",
}


@dataclass(frozen=True, slots=True)
class Override:
    """What a manifest says of a document; "", None and () say nothing."""

    title: str = ""
    kind: Kind | None = None
    status: str = ""
    owner: str = ""
    access: tuple[str, ...] = ()
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Voices:
    """All that is said of a file from outside it. `kind` is the caller's, None where there was none."""

    override: Override = field(default_factory=Override)
    kind: Kind | None = None
    change: Change = field(default_factory=lambda: Change("", ""))


def describe(file: SourceFile, parsed: Parsed, voices: Voices) -> Document:
    """The document that the file becomes. Raises `AccessError` on a malformed access set."""
    said, told = parsed.metadata, voices.override
    status, owner, tier = told.status or said.status, told.owner or said.owner, told.tier or said.tier
    parsed = replace(parsed, metadata=replace(said, status=status, owner=owner, tier=tier))
    written = datetime.fromtimestamp(file.mtime_ns / 1e9, UTC).isoformat(timespec="seconds")
    return Document(
        id=f"{file.source}/{file.path}",
        source=file.source,
        path=file.path,
        parsed=parsed,
        title=told.title or said.title or _first_heading(parsed) or _name(file.path),
        kind=told.kind or said.kind or voices.kind or _kind_of(file.source, file.path),
        access=access_set(told.access or said.access or file.access or (PUBLIC,)),
        modified_at=voices.change.date or said.date or written,
        commit=voices.change.commit,
        revision=revision_of(parsed.text),
    )


def _first_heading(parsed: Parsed) -> str:
    for block in parsed.blocks:
        if block.kind == "heading":
            return heading_title(parsed.text[block.start : block.end])
    return ""


def _name(path: str) -> str:
    return re.sub(r"[-_]+", " ", PurePosixPath(path).name.split(".")[0]).strip() or path


def _kind_of(source: str, path: str) -> Kind:
    """The innermost folder whose name says a kind, then the words of the source's name."""
    for folder in reversed(PurePosixPath(path).parts[:-1]):
        if folder.lower() in _KIND_OF_WORD:
            return _KIND_OF_WORD[folder.lower()]
    for word in reversed(re.split(r"[^a-z]+", source.lower())):
        if word in _KIND_OF_WORD:
            return _KIND_OF_WORD[word]
    return "other"
