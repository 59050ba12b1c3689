"""Paths -> the files of each source, without opening any.

What a path is:

- a folder is one source, named after it as given (a link to a folder keeps its name when it is turned to another);
  so is each of several folders given at once.
- a folder with nothing but folders in it is a shelf: each folder in it is a source of its own. So ingesting
  `corpora/` and ingesting `corpora/openshift-runbooks` give the same names, `openshift-runbooks/alerts/...`.
  A given source name makes it one source instead. Once its folders are sources, it stays a shelf: files that are
  put beside them later belong to a source named after the shelf.
- a path inside a source that the store knows is that part of it; nothing outside the part is touched.
- a name that another folder has already is refused, unless it is given: then the source has moved.
- any other file belongs to a source named after its folder, and only that file of it is touched.

`.gitignore` and `.aetherignore` count at every level, from the top of the git work tree down, as in git: the last
matching line of the deepest file decides. An `.aether-access` file names who may read what lies in and under its
folder, one principal a line; the nearest one counts. A malformed one hides its folder until it is mended.

Symbolic links are never followed: what lies in the source is found under its own name, and a link that leads out of
it is refused. Sockets, devices and pipes are never opened.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pathspec import GitIgnoreSpec

from corpus.access import access_set
from corpus.errors import AccessError, Outcome, UsageError
from ingest.store.store import FILE as STORE_FILE

_INSIDE = re.compile(r"/\*\*\s*$")
ACCESS_FILE = ".aether-access"
_IGNORE_FILES = (".gitignore", ".aetherignore")
_SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", ".aether", ".venv", "__pycache__", "node_modules"})
_SKIPPED_FILES = frozenset({*_IGNORE_FILES, ACCESS_FILE, ".gitattributes", ".gitmodules", ".DS_Store"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Sizes in bytes, of the file; time and memory of its parser."""

    file_bytes: int = 200_000_000
    seconds: float = 120.0
    memory_mb: int = 4096


@dataclass(frozen=True, slots=True)
class SourceRoot:
    """A source and what of it is looked at: `part` is a path in the source, "" being all of it."""

    name: str
    root: Path
    part: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file of a source. `access` is what the nearest access file above it says, () when none does."""

    source: str
    path: str
    location: Path
    size: int
    mtime_ns: int
    access: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """Something in a source that is not opened. Of a folder, all that lies under it is unknown, not gone.

    `hide` says that nobody knows who may read it: what the library holds of it may not be shown either.
    """

    source: str
    path: str
    outcome: Outcome
    reason: str
    folder: bool = False
    hide: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    """The rules in force in one folder: ignore files from the top down with their folders, and access."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...]
    access: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Walk:
    """What stays the same during one walk. `real` is the resolved root; `top` the top of its git work tree."""

    source: SourceRoot
    real: Path
    top: Path
    exclude: GitIgnoreSpec
    limits: Limits = field(default_factory=Limits)


def source_roots(
    paths: Sequence[Path], *, source: str = "", known: Sequence[SourceRoot] = ()
) -> tuple[SourceRoot, ...]:
    """The sources that the paths stand for, by the rules above. Raises `UsageError`."""
    found: list[SourceRoot] = []
    for path in paths:
        if not path.exists():
            raise UsageError("no such file or folder", item=str(path), next_step="Check the path")
        given = path.resolve() if path.is_symlink() and path.is_file() else Path(os.path.abspath(path))
        found += _roots_of(given, source, known)
    seen: dict[tuple[str, str], Path] = {}
    for root in found:
        if not root.name or "/" in root.name:
            raise UsageError("not a source's name", item=repr(root.name), next_step="Give one with --source NAME")
        if seen.setdefault((root.name, root.part), root.root) != root.root or any(
            name == root.name and not part and root.part for name, part in seen
        ):
            raise UsageError("two paths make one source", item=root.name, next_step="Ingest them one at a time")
        for record in known if not source else ():
            if record.name == root.name and record.root != root.root:
                raise UsageError(
                    f"the source is {record.root} already",
                    item=root.name,
                    next_step=f"Give --source {root.name} to replace its documents, or another name to add these",
                )
    return tuple(dict.fromkeys(found))


def _roots_of(path: Path, source: str, known: Sequence[SourceRoot]) -> list[SourceRoot]:
    for record in known:
        inside = path != record.root and path.is_relative_to(record.root)
        if inside and source in ("", record.name):
            return [SourceRoot(record.name, record.root, path.relative_to(record.root).as_posix())]
    if not path.is_dir():
        return [SourceRoot(source or path.parent.name, path.parent, path.name)]
    if source or any(path == record.root for record in known):
        names = [record.name for record in known if path == record.root]
        return [SourceRoot(source or names[0], path)]
    entries = sorted((e for e in os.scandir(path) if not e.name.startswith(".")), key=lambda entry: entry.name)
    folders = [e.name for e in entries if e.is_dir(follow_symlinks=False) and e.name not in _SKIPPED_FOLDERS]
    loose = [e.name for e in entries if not e.is_dir(follow_symlinks=False)]
    if folders and (not loose or any(record.root.parent == path for record in known)):
        shelf = [SourceRoot(name, path / name) for name in folders]
        return shelf + [SourceRoot(path.name, path, name) for name in loose]
    return [SourceRoot(path.name, path)]


def discover(source: SourceRoot, *, exclude: Sequence[str] = (), limits: Limits) -> Iterator[SourceFile | RefusedFile]:
    """The source's files in order of path. `exclude` holds patterns as in `.gitignore`. Raises `UsageError`."""
    if not source.root.is_dir():
        raise UsageError("the folder of the source is gone", item=str(source.root), next_step="Check the path")
    real = source.root.resolve()
    top = next((folder for folder in (real, *real.parents) if (folder / ".git").exists()), real)
    walk = _Walk(source, real, top, GitIgnoreSpec.from_lines(exclude), limits)
    level = _Level((), ())
    for folder in [*reversed([p for p in real.parents if p.is_relative_to(top)]), real]:
        try:
            level = _enter(walk, folder, level, inherit=folder != real)
        except AccessError as error:
            yield RefusedFile(source.name, "", "unreadable", str(error), folder=True, hide=True)
            return
    yield from _folder(walk, real, level)


def _enter(walk: _Walk, folder: Path, level: _Level, *, inherit: bool = False) -> _Level:
    """The rules in force in `folder`, given those above it. Above the root only ignore files count."""
    # pathspec lets `a/**` match the folder `a/` itself; git does not, so that `!a/b` can take a file back.
    lines = [_INSIDE.sub("/**/*", line) for name in _IGNORE_FILES for line in _lines(folder / name)]
    specs = level.specs
    if lines:
        specs = (*specs, (folder.relative_to(walk.top).as_posix(), GitIgnoreSpec.from_lines(lines)))
    if inherit:
        return _Level(specs, ())
    named = [line.split("#", 1)[0].strip() for line in _lines(folder / ACCESS_FILE)]
    names = [name for name in named if name]
    if not names and (folder / ACCESS_FILE).exists():
        raise AccessError("names nobody", item=str(folder / ACCESS_FILE), next_step="Write one principal a line")
    return _Level(specs, tuple(sorted(access_set(names))) if names else level.access)


def _lines(path: Path) -> list[str]:
    if not path.is_file() or path.is_symlink():
        return []
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise AccessError("cannot be read", item=str(path), next_step="Check its permissions") from error


def _folder(walk: _Walk, folder: Path, level: _Level) -> Iterator[SourceFile | RefusedFile]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _refused(walk, folder, "unreadable", f"the folder cannot be read ({error.strerror})", folder=True)
        return
    if folder != walk.real and any(entry.name == STORE_FILE for entry in entries):
        return
    for entry in entries:
        path = Path(entry.path)
        if not _wanted(walk, path, is_folder=entry.is_dir(follow_symlinks=False), level=level):
            continue
        if entry.is_dir(follow_symlinks=False):
            try:
                inner = _enter(walk, path, level)
            except AccessError as error:
                yield replace(_refused(walk, path, "unreadable", str(error), folder=True), hide=True)
                continue
            yield from _folder(walk, path, inner)
        else:
            found = _file(walk, entry, path, level)
            if found is not None:
                yield found


def _wanted(walk: _Walk, path: Path, *, is_folder: bool, level: _Level) -> bool:
    if path.name in (_SKIPPED_FOLDERS if is_folder else _SKIPPED_FILES):
        return False
    inside = path.relative_to(walk.real).as_posix()
    part = walk.source.part
    if part and not (inside == part or inside.startswith(f"{part}/") or part.startswith(f"{inside}/")):
        return False
    tail = "/" if is_folder else ""
    if walk.exclude.match_file(inside + tail):
        return False
    full = path.relative_to(walk.top).as_posix() + tail
    for base, spec in reversed(level.specs):
        verdict = spec.check_file(full if base == "." else full[len(base) + 1 :]).include
        if verdict is not None:
            return not verdict
    return True


def _file(walk: _Walk, entry: os.DirEntry[str], path: Path, level: _Level) -> SourceFile | RefusedFile | None:
    """The file, or why it is refused; None for a link to what is found under its own name."""
    if not _encodes(entry.name):
        return _refused(walk, path, "undecodable", "the name is not UTF-8")
    if entry.is_symlink():
        return _link(walk, path)
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return _refused(walk, path, "unreadable", f"the file cannot be examined ({error.strerror})")
    if not stat.S_ISREG(status.st_mode):
        return _refused(walk, path, "unreadable", "not a regular file (a socket, pipe or device)")
    if status.st_size > walk.limits.file_bytes:
        what = f"{status.st_size:,} bytes, the limit is {walk.limits.file_bytes:,}"
        return _refused(walk, path, "too_large", what)
    inside = path.relative_to(walk.real).as_posix()
    return SourceFile(walk.source.name, inside, path, status.st_size, status.st_mtime_ns, level.access)


def _link(walk: _Walk, path: Path) -> RefusedFile | None:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return _refused(walk, path, "unreadable", "a symbolic link that leads nowhere or in a circle")
    if not target.is_relative_to(walk.real):
        return _refused(walk, path, "escapes_root", "a symbolic link that leads out of the source")
    if path.is_relative_to(target):
        return _refused(walk, path, "unreadable", "a symbolic link to a folder that it lies in")
    return None


def _encodes(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _refused(walk: _Walk, path: Path, outcome: Outcome, reason: str, *, folder: bool = False) -> RefusedFile:
    inside = path.relative_to(walk.real).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")
    return RefusedFile(walk.source.name, "" if inside == "." else inside, outcome, reason, folder)
