"""Which voice counts: the manifest, the file, the caller, its folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.documents import Block, Metadata, Parsed, revision_of
from corpus.errors import AccessError
from ingest.describe import Override, Voices, describe
from ingest.discover import SourceFile
from ingest.git import Change

TEXT = "# Deploying *it*\n\nText.\n"
PLAIN = Parsed(TEXT, (Block("heading", 0, 16, 1),))


def file(path: str = "a.md", source: str = "handbook", access: tuple[str, ...] = ()) -> SourceFile:
    return SourceFile(source, path, Path("/x") / path, 1, 1_700_000_000 * 10**9, access)


def saying(**metadata: object) -> Parsed:
    return Parsed(TEXT, PLAIN.blocks, metadata=Metadata(**metadata))  # type: ignore[arg-type]


def test_a_document_is_named_after_source_and_path() -> None:
    document = describe(file("ops/a.md"), PLAIN, Voices())
    assert (document.id, document.revision) == ("handbook/ops/a.md", revision_of(TEXT))


def test_the_title_is_the_manifests_the_files_the_headings_or_the_names() -> None:
    told = Voices(Override(title="Manifest"))
    assert describe(file(), saying(title="Front"), told).title == "Manifest"
    assert describe(file(), saying(title="Front"), Voices()).title == "Front"
    assert describe(file(), PLAIN, Voices()).title == "Deploying it"
    assert describe(file("how_to-roll.back.md"), Parsed("Text.", ()), Voices()).title == "how to roll"
    assert describe(file(".md"), Parsed("Text.", ()), Voices()).title == ".md"


@pytest.mark.parametrize(
    ("path", "source", "kind"),
    [
        ("a.md", "openshift-runbooks", "runbook"),
        ("docs/ADR/0001.md", "platform", "adr"),
        ("guides/postmortems/2026.md", "platform", "postmortem"),
        ("keps/sig-node/README.md", "kubernetes-enhancements", "design"),
        ("a.md", "handbook", "other"),
        ("runbooks.md", "handbook", "other"),
    ],
)
def test_folders_and_source_say_the_kind_when_nobody_else_does(path: str, source: str, kind: str) -> None:
    assert describe(file(path, source), PLAIN, Voices()).kind == kind


def test_the_kind_is_the_manifests_the_files_the_callers_or_the_folders() -> None:
    place = file("runbooks/a.md")
    assert describe(place, saying(kind="adr"), Voices(Override(kind="paper"), "guide")).kind == "paper"
    assert describe(place, saying(kind="adr"), Voices(kind="guide")).kind == "adr"
    assert describe(place, PLAIN, Voices(kind="guide")).kind == "guide"


def test_access_is_the_manifests_the_files_the_folders_or_public() -> None:
    place = file(access=("group:folder",))
    told = Voices(Override(access=("group:manifest",)))
    assert describe(place, saying(access=("group:file",)), told).access == {"group:manifest"}
    assert describe(place, saying(access=("group:file",)), Voices()).access == {"group:file"}
    assert describe(place, PLAIN, Voices()).access == {"group:folder"}
    assert describe(file(), PLAIN, Voices()).access == {"public"}
    with pytest.raises(AccessError):
        describe(place, saying(access=("everyone",)), Voices())


def test_the_date_is_gits_the_files_or_the_file_systems() -> None:
    change = Voices(change=Change("abc", "2020-01-02T03:04:05+00:00"))
    document = describe(file(), saying(date="2019-01-01"), change)
    assert (document.modified_at, document.commit) == ("2020-01-02T03:04:05+00:00", "abc")
    assert describe(file(), saying(date="2019-01-01"), Voices()).modified_at == "2019-01-01"
    assert describe(file(), PLAIN, Voices()).modified_at == "2023-11-14T22:13:20+00:00"
