"""What a run has to do: the files of a source against its ledger. Opens no file itself.

1. A file whose size, time and rules are those of the ledger is `same`, unread.
2. Of any other the hash is taken. The same hash under the same rules: `same`, the ledger learns the time.
   The same hash under other rules (access, kind, chunker, commit): `restated`.
3. Another hash: `changed`. A path that the ledger does not know: `renamed` when a path of the same hash is gone, one
   for one and preferring the same file name; else `added`.
4. A known path that was not found is `deleted`, unless a folder above it could not be read, or it lies outside the
   part of the source that was looked at.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from corpus.errors import SourceError
from ingest.discover import RefusedFile, SourceFile, SourceRoot
from ingest.store.ledger import Entry

Action = Literal["added", "changed", "renamed", "restated"]


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be made into a document. `before` is its ledger entry, of a renamed file that of its old path."""

    action: Action
    file: SourceFile
    rules: str
    before: Entry | None


@dataclass(slots=True)
class Plan:
    """The sorted work of one source. `same` holds entries as they should now be."""

    jobs: list[Job] = field(default_factory=list)
    same: list[Entry] = field(default_factory=list)
    touched: list[Entry] = field(default_factory=list)
    deleted: list[Entry] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)


def rules_of(release: str, *parts: object) -> str:
    """Fingerprint of what, beside its bytes, decides what a file becomes; `release` stays readable before a colon."""
    return f"{release}:{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"


def plan(
    source: SourceRoot,
    found: Sequence[SourceFile | RefusedFile],
    ledger: Mapping[str, Entry],
    *,
    rules: Callable[[SourceFile], str],
    sha256: Callable[[SourceFile], str],
) -> Plan:
    """Sort the files of a source by what is to be done; `sha256` raises `SourceError` on an unreadable file."""
    work = Plan()
    fresh: list[tuple[SourceFile, str]] = []
    for file in found:
        if isinstance(file, RefusedFile):
            work.refused.append(file)
            continue
        entry, law = ledger.get(file.path), rules(file)
        if entry and (entry.size, entry.mtime_ns, entry.rules) == (file.size, file.mtime_ns, law):
            work.same.append(entry)
            continue
        try:
            digest = sha256(file)
        except SourceError as error:
            work.refused.append(RefusedFile(source.name, file.path, error.outcome, error.what))
            continue
        if entry is None:
            fresh.append((file, digest))
        elif entry.sha256 != digest:
            work.jobs.append(Job("changed", file, law, entry))
        elif entry.rules != law:
            work.jobs.append(Job("restated", file, law, entry))
        else:
            work.touched.append(entry)
            work.same.append(entry)
    gone = _gone(source, found, ledger)
    _pair(work, fresh, gone, rules)
    return work


def _gone(source: SourceRoot, found: Sequence[SourceFile | RefusedFile], ledger: Mapping[str, Entry]) -> list[Entry]:
    here = {file.path for file in found}
    refused = [file for file in found if isinstance(file, RefusedFile) and file.folder and not file.hide]
    unknown = [f"{file.path}/" if file.path else "" for file in refused]
    part = source.part
    return [
        entry
        for path, entry in ledger.items()
        if path not in here
        and (not part or path == part or path.startswith(f"{part}/"))
        and not any(path.startswith(prefix) for prefix in unknown)
    ]


def _pair(
    work: Plan, fresh: list[tuple[SourceFile, str]], gone: list[Entry], rules: Callable[[SourceFile], str]
) -> None:
    """Renames: new paths and gone paths of the same content, one for one."""
    by_content: dict[str, list[Entry]] = defaultdict(list)
    for entry in gone:
        if entry.document:
            by_content[entry.sha256].append(entry)
    taken: dict[str, Entry] = {}
    for same_name in (True, False):
        for file, digest in fresh:
            if file.path in taken:
                continue
            name = PurePosixPath(file.path).name
            for entry in by_content[digest]:
                if not same_name or PurePosixPath(entry.path).name == name:
                    by_content[digest].remove(entry)
                    taken[file.path] = entry
                    break
    for file, _ in fresh:
        before = taken.get(file.path)
        work.jobs.append(Job("renamed" if before else "added", file, rules(file), before))
    moved = {entry.path for entry in taken.values()}
    work.deleted = [entry for entry in gone if entry.path not in moved]
