"""A folder of decision records, read by the library's parsers, and the lines that lead from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from corpus.documents import Metadata, Parsed
from corpus.errors import SourceError, UsageError
from corpus.outline import heading_title, line_starts, lines_of
from ingest.parse.registry import parse_file
from service.standing.force import stage

_SUFFIXES = (".md", ".markdown", ".rst", ".txt", ".adoc")
_NO_RECORD = re.compile(r"^(?:readme|index|changelog|contributing|template|.*[-_.]template|template[-_.].*)$", re.I)
_NUMBER = re.compile(r"^(?:[a-z]+[-_ ]?)?(?P<number>\d{1,5})(?!\d)", re.IGNORECASE)
_TITLED = re.compile(r"^(?:adr|rfc|madr|dr)?[-\s#:]*(?P<number>\d{1,5})\b", re.IGNORECASE)
_LINK = re.compile(r"\]\(\s*<?([^)\s>#]+)[^)]*\)")
_STATUS = re.compile(r"^[\s>*#+-]*status\b", re.IGNORECASE | re.MULTILINE)
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the folder. `number` is None where neither its name nor its title begins with one."""

    path: str
    parsed: Parsed
    title: str
    number: int | None

    @property
    def said(self) -> Metadata:
        """What it says of itself."""
        return self.parsed.metadata

    @property
    def stage(self) -> str:
        """ "ended", "decided" or "open"; "" without a status."""
        return "ended" if self.said.superseded_by else stage(self.said.status)

    def line_of(self, words: str) -> int:
        """The line on which some words first stand, else that of the status, else 1."""
        at = self.parsed.text.find(words) if words else -1
        if at < 0 and (match := _STATUS.search(self.parsed.text)):
            at = match.end()
        return lines_of(line_starts(self.parsed.text), at, at)[0] if at >= 0 else 1


def records(folder: Path) -> list[Record]:
    """The records, by path. Raises `UsageError` where there are none, or one cannot be read."""
    if not folder.is_dir():
        raise UsageError("is no folder", item=str(folder), next_step="Name the folder of the records")
    found = [_record(folder, path) for path in sorted(folder.rglob("*")) if _is_record(folder, path)]
    if not found:
        raise UsageError("has no records", item=str(folder), next_step="Name a folder with records as text files")
    return found


def resolve(name: str, held: Sequence[Record], *, of: Record) -> Record | None:
    """The record that a link's target, a number or a title means; None where none or several do."""
    tail = unquote(name).rsplit("/", 1)[-1]
    found = [r for r in held if r.path.rsplit("/", 1)[-1] == tail]
    match = _TITLED.match(tail.strip())
    if not found and match:
        found = [r for r in held if r.number == int(match["number"])]
    if not found:
        words = " ".join(name.lower().split())
        found = [r for r in held if r.title.lower() == words]
    beside = [r for r in found if r.path.rpartition("/")[0] == of.path.rpartition("/")[0]]
    found = beside or found
    return found[0] if len(found) == 1 else None


def linked(record: Record) -> Iterator[str]:
    """The targets of its links to files beside it, each once."""
    targets = (m[1] for m in _LINK.finditer(record.parsed.text))
    yield from dict.fromkeys(t for t in targets if "://" not in t and t.lower().endswith(_SUFFIXES))


def _is_record(folder: Path, path: Path) -> bool:
    inside = path.relative_to(folder).parts
    hidden = any(part.startswith(".") for part in inside)
    return path.suffix.lower() in _SUFFIXES and not hidden and not _NO_RECORD.match(path.stem) and path.is_file()


def _record(folder: Path, path: Path) -> Record:
    name = path.relative_to(folder).as_posix()
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError("is too large for a record", item=name, next_step="Take it out of the folder")
        parsed = parse_file(path.read_bytes(), name)
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=name, next_step="Check its rights") from error
    except SourceError as error:
        raise UsageError(error.what, item=name, next_step="Take it out of the folder") from error
    first = next((b for b in parsed.blocks if b.kind == "heading"), None)
    heading = heading_title(parsed.text[first.start : first.end]) if first else ""
    title = parsed.metadata.title or heading or path.stem
    match = _NUMBER.match(path.stem) or _TITLED.match(title)
    return Record(name, parsed, title, int(match["number"]) if match else None)
