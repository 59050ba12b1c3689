"""The bundled library and its manifest agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import AccessError, SourceError
from corpus.library import LIBRARY, Entry, manifest
from ingest.parse.registry import parse_file

GOOD = """
[[document]]
path = "b.md"
kind = "adr"
status = "accepted"
owner = "maintainers"
tier = "own decision"
access = ["group:owners", "user:ada"]

[[document]]
path = "a.md"
kind = "guide"
status = ""
owner = "maintainers"
tier = "own measurement"
access = ["public"]
"""


def _written(folder: Path, text: str) -> Path:
    (folder / "manifest.toml").write_text(text, "utf-8")
    return folder


def test_every_document_is_listed_and_every_listed_document_exists() -> None:
    there = {path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*") if path.is_file()}
    apart = {"manifest.toml", ".aetherignore"}
    listed = [entry.path for entry in manifest()]
    assert len(listed) == len(set(listed))
    assert set(listed) == there - apart


@pytest.mark.parametrize("entry", [entry for entry in manifest() if entry.path.endswith(".md")], ids=lambda e: e.path)
def test_the_manifest_says_what_the_document_says(entry: Entry) -> None:
    said = parse_file((LIBRARY / entry.path).read_bytes(), entry.path).metadata
    assert (said.kind, said.status, said.owner) == (entry.kind, entry.status, entry.owner)


def test_owners_are_roles() -> None:
    assert {entry.owner for entry in manifest()} <= {"maintainers", "operators", "researchers"}


def test_entries_are_read_whole_and_in_order_of_path(tmp_path: Path) -> None:
    first, second = manifest(_written(tmp_path, GOOD))
    assert first == Entry("a.md", "guide", "", "maintainers", "own measurement", ("public",))
    assert second.access == ("group:owners", "user:ada")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "adr"', 'kind = "novel"'),
        ('tier = "own measurement"', 'tier = "hearsay"'),
        ('owner = "maintainers"\n', ""),
        ('status = ""', 'status = ""\nauthor = "ada"'),
        ('path = "a.md"', 'path = "a.md'),
        ("[[document]]", "[[documents]]"),
        ("\n[[document]]", "\nname = 1\n[[document]]"),
    ],
)
def test_a_bad_manifest_is_refused_by_name(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(SourceError, match=r"manifest\.toml: is not a library's manifest") as raised:
        manifest(_written(tmp_path, GOOD.replace(old, new)))
    assert raised.value.outcome == "broken"
    assert "\n" not in str(raised.value)


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        manifest(tmp_path)


def test_an_empty_access_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AccessError):
        manifest(_written(tmp_path, GOOD.replace('access = ["public"]', "access = []")))
