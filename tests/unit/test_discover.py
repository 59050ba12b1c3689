"""Which files are found, under which names, and what is refused."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.errors import UsageError
from ingest.discover import Limits, RefusedFile, SourceFile, SourceRoot, discover, source_roots
from ingest.git import Change, head_of, last_changes


def plant(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def found(root: Path, part: str = "", exclude: tuple[str, ...] = ()) -> list[str]:
    return [f.path for f in everything(root, part, exclude) if isinstance(f, SourceFile)]


def refused(root: Path, limits: Limits | None = None) -> dict[str, str]:
    return {f.path: f.outcome for f in everything(root, limits=limits) if isinstance(f, RefusedFile)}


def everything(
    root: Path, part: str = "", exclude: tuple[str, ...] = (), limits: Limits | None = None
) -> list[SourceFile | RefusedFile]:
    return list(discover(SourceRoot("s", root, part), exclude=exclude, limits=limits or Limits()))


def names(*paths: Path, **options: object) -> list[tuple[str, str]]:
    return [(root.name, root.part) for root in source_roots(paths, **options)]  # type: ignore[arg-type]


def test_a_folder_is_a_source_of_its_name(tmp_path: Path) -> None:
    plant(tmp_path, {"book/a.md": "a", "book/b/c.md": "c"})
    assert names(tmp_path / "book") == [("book", "")]
    assert names(tmp_path / "book", source="other") == [("other", "")]
    assert found(tmp_path / "book") == ["a.md", "b/c.md"]


def test_a_link_to_a_folder_is_a_source_of_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, {"v1/a.md": "a", "v2/b.md": "b"})
    link = tmp_path / "current"
    link.symlink_to("v1", target_is_directory=True)
    (root,) = source_roots([link])
    assert (root.name, found(root.root)) == ("current", ["a.md"])
    link.unlink()
    link.symlink_to("v2", target_is_directory=True)
    assert source_roots([link], known=[root]) == (root,)
    assert found(root.root) == ["b.md"]
    monkeypatch.chdir(tmp_path / "v1")
    assert names(Path(".")) == [("v1", "")]
    (tmp_path / "link.md").symlink_to("v1/a.md")
    assert names(tmp_path / "link.md") == [("v1", "a.md")]


def test_each_of_several_folders_is_a_source(tmp_path: Path) -> None:
    plant(tmp_path, {"one/a.md": "a", "two/b.md": "b"})
    assert names(tmp_path / "one", tmp_path / "two") == [("one", ""), ("two", "")]


def test_a_folder_of_folders_is_a_shelf_of_sources(tmp_path: Path) -> None:
    plant(tmp_path, {"shelf/one/a.md": "a", "shelf/two/b.md": "b", "shelf/.git/HEAD": ""})
    assert names(tmp_path / "shelf") == [("one", ""), ("two", "")]
    assert names(tmp_path / "shelf", source="all") == [("all", "")]
    known = [SourceRoot("shelf", tmp_path / "shelf")]
    assert names(tmp_path / "shelf", known=known) == [("shelf", "")]
    plant(tmp_path, {"shelf/README.md": "later"})
    assert names(tmp_path / "shelf") == [("shelf", "")]
    known = [SourceRoot("one", tmp_path / "shelf/one")]
    assert names(tmp_path / "shelf", known=known) == [("one", ""), ("two", ""), ("shelf", "README.md")]


def test_a_path_inside_a_known_source_is_that_part_of_it(tmp_path: Path) -> None:
    plant(tmp_path, {"book/a.md": "a", "book/b/c.md": "c"})
    known = [SourceRoot("manual", tmp_path / "book")]
    assert names(tmp_path / "book/b", known=known) == [("manual", "b")]
    assert names(tmp_path / "book/b/c.md", known=known) == [("manual", "b/c.md")]
    assert found(tmp_path / "book", part="b") == ["b/c.md"]


def test_a_single_file_belongs_to_its_folder(tmp_path: Path) -> None:
    plant(tmp_path, {"book/a.md": "a", "book/b.md": "b"})
    assert names(tmp_path / "book/a.md") == [("book", "a.md")]
    assert found(tmp_path / "book", part="a.md") == ["a.md"]


def test_a_name_that_another_folder_has_is_refused_unless_given(tmp_path: Path) -> None:
    plant(tmp_path, {"x/docs/a.md": "a", "y/docs/a.md": "a"})
    known = [SourceRoot("docs", tmp_path / "x/docs")]
    with pytest.raises(UsageError, match="--source"):
        source_roots([tmp_path / "y/docs"], known=known)
    assert names(tmp_path / "y/docs", source="docs", known=known) == [("docs", "")]


def test_two_folders_cannot_be_one_source(tmp_path: Path) -> None:
    plant(tmp_path, {"one/a.md": "a", "two/b.md": "b"})
    with pytest.raises(UsageError, match="one source"):
        source_roots([tmp_path / "one", tmp_path / "two"], source="both")


def test_a_missing_path_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such"):
        source_roots([tmp_path / "nothing"])
    with pytest.raises(UsageError, match="not a source's name"):
        source_roots([tmp_path], source="a/b")


def test_ignore_files_count_at_every_level(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            ".gitignore": "*.tmp\n/build/\n",
            ".aetherignore": "drafts/\n",
            "a.md": "",
            "a.tmp": "",
            "build/x.md": "",
            "deep/build/x.md": "",
            "deep/drafts/x.md": "",
            "deep/.gitignore": "!keep.tmp\nsecret.md\n",
            "deep/keep.tmp": "",
            "deep/secret.md": "",
            "secret.md": "",
        },
    )
    assert found(tmp_path) == ["a.md", "deep/build/x.md", "deep/keep.tmp", "secret.md"]


def test_ignore_files_above_the_source_count_up_to_the_top_of_the_work_tree(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            ".gitignore": "*.md\n",
            "repo/.git/HEAD": "",
            "repo/.gitignore": "docs/private/\n",
            "repo/docs/a.md": "",
            "repo/docs/private/b.md": "",
        },
    )
    assert found(tmp_path / "repo/docs") == ["a.md"]


def test_excluded_patterns_are_left_out(tmp_path: Path) -> None:
    plant(tmp_path, {"a.md": "", "b.txt": "", "old/a.md": "", "sub/old/c.md": ""})
    assert found(tmp_path, exclude=("*.txt", "/old/")) == ["a.md", "sub/old/c.md"]


def test_plumbing_and_stores_are_skipped(tmp_path: Path) -> None:
    plant(tmp_path, {".git/config": "", ".aether/aether.db": "", "lib/aether.db": "", "lib/x.md": "", "a.md": ""})
    assert found(tmp_path) == ["a.md"]


def test_links_are_not_followed_and_those_that_lead_out_are_refused(tmp_path: Path) -> None:
    plant(tmp_path, {"out/secret.md": "", "in/a.md": "", "in/sub/b.md": ""})
    root = tmp_path / "in"
    (root / "same.md").symlink_to("a.md")
    (root / "folder").symlink_to("sub", target_is_directory=True)
    (root / "escape.md").symlink_to("../out/secret.md")
    (root / "escape").symlink_to(tmp_path / "out", target_is_directory=True)
    (root / "sub/up").symlink_to("..", target_is_directory=True)
    (root / "me").symlink_to("me")
    (root / "gone.md").symlink_to("nothing")
    assert found(root) == ["a.md", "sub/b.md"]
    assert refused(root) == {
        "escape": "escapes_root",
        "escape.md": "escapes_root",
        "gone.md": "unreadable",
        "me": "unreadable",
        "sub/up": "unreadable",
    }


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.md"))
        assert refused(tmp_path) == {"pipe.md": "unreadable", "socket.md": "unreadable"}


def test_large_files_are_refused_unread(tmp_path: Path) -> None:
    plant(tmp_path, {"big.md": "x" * 101, "small.md": "x" * 100})
    assert refused(tmp_path, Limits(file_bytes=100)) == {"big.md": "too_large"}


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.md"))).write_text("x")
    assert refused(tmp_path) == {"bad\\udcff.md": "undecodable"}


def test_the_nearest_access_file_says_who_may_read(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "a.md": "",
            "hr/.aether-access": "# people\ngroup:hr\nuser:ada\n",
            "hr/b.md": "",
            "hr/open/.aether-access": "public\n",
            "hr/open/c.md": "",
        },
    )
    access = {f.path: f.access for f in everything(tmp_path) if isinstance(f, SourceFile)}
    assert access == {"a.md": (), "hr/b.md": ("group:hr", "user:ada"), "hr/open/c.md": ("public",)}


@pytest.mark.parametrize("rule", ["", "# nobody\n", "everyone\n", "group:\n"])
def test_a_folder_with_a_malformed_access_file_is_refused_whole(tmp_path: Path, rule: str) -> None:
    plant(tmp_path, {"hr/.aether-access": rule, "hr/b.md": "", "a.md": ""})
    assert found(tmp_path) == ["a.md"]
    assert refused(tmp_path) == {"hr": "unreadable"}


def test_a_source_whose_folder_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gone"):
        found(tmp_path / "nothing")


PATTERNS = st.sampled_from(
    ["*.md", "/a", "a/", "!a/b.md", "b*", "**/c.md", "a/**", "!*.md", "a/b", "# note", "", "\\#x", "c.??", "[ab].md"]
)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@settings(deadline=None, max_examples=30)
@example(["a/**", "!a/b.md"], [])
@given(st.lists(PATTERNS, max_size=5), st.lists(PATTERNS, max_size=3))
def test_the_same_files_are_found_as_git_finds(
    tmp_path_factory: pytest.TempPathFactory, above: list[str], below: list[str]
) -> None:
    root = tmp_path_factory.mktemp("repo")
    plant(root, {f"{folder}{name}.md": "" for folder in ("", "a/", "a/b/", "c/") for name in ("a", "b", "c", "#x")})
    plant(root, {".gitignore": "\n".join(above), "a/.gitignore": "\n".join(below)})
    git(root, "init", "-q")
    listed = git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    assert found(root) == sorted((p for p in listed if p.endswith(".md")), key=lambda p: p.split("/"))


def git(root: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_says_when_each_file_was_last_changed(tmp_path: Path) -> None:
    plant(tmp_path, {"docs/a.md": "1", "docs/ü b.md": "1", "other.md": "1"})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    first = head_of(tmp_path)
    plant(tmp_path, {"docs/a.md": "2", "docs/new.md": "not committed"})
    git(tmp_path, "commit", "-qam", "two")
    changes = last_changes(tmp_path / "docs", ["a.md", "ü b.md", "new.md"])
    assert {path: change.commit for path, change in changes.items()} == {"a.md": head_of(tmp_path), "ü b.md": first}
    assert changes["a.md"].date == git(tmp_path, "log", "-1", "--format=%cI").strip()
    assert changes["a.md"] != Change("", "")


def test_without_a_work_tree_or_git_there_is_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, {"a.md": "1"})
    assert (head_of(tmp_path), last_changes(tmp_path, ["a.md"])) == ("", {})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (head_of(tmp_path), last_changes(tmp_path, ["a.md"])) == ("", {})
