"""Damage to the files of an embedded index: found before they are loaded, or proven harmless."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from corpus.errors import EncoderError, IndexFailure, StoreDamaged, StoreVersionError
from corpus.passages import Passage, Point, Sparse
from corpus.ports import Query, Scope
from ingest.index import embedded, manifest
from ingest.index.embedded import EmbeddedIndex, open_embedded, verify_wholly
from ingest.index.layout import PASSAGE, pack, unpack
from ingest.index.manifest import digest_of, load_manifest, write_manifest

POINTS = 300


def opened(folder: Path, *, encoder: str = "e", lexical: str = "l", dimension: int = 8) -> EmbeddedIndex:
    return open_embedded(folder, dimension=dimension, encoder_identity=encoder, lexical_identity=lexical, wait=0)


def point(n: int) -> Point:
    passage = Passage(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, str(n))),
        document=f"s/{n // 10}.md",
        revision="0" * 64,
        source=f"s{n % 3}",
        title="T",
        kind="adr",
        status="",
        section=("A",),
        start=n,
        end=n + 1,
        text=f"passage {n} " * 20,
        header="T > A",
        ordinal=n,
        place="line 1",
        modified_at="",
        access=("public",) if n % 4 else ("group:g",),
    )
    dense = tuple(1.0 + (n * k) % 11 for k in range(1, 9))
    return Point(passage, Sparse((n % 5, 10 + n % 7, 100 + n), (1.0, 1.0 + n % 3, 2.0)), dense)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("index")
    with opened(place) as index:
        index.write([point(n) for n in range(POINTS)])
        index.remove([point(n).passage.id for n in range(0, POINTS, 17)])
        index.write([replace(point(5), dense=None)])
    return place


def files(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "shard").rglob("*") if p.is_file())


def bulk(folder: Path) -> list[Path]:
    return [p for p in files(folder) if manifest._is_bulk(p.relative_to(folder / "shard").as_posix())]


def answers(folder: Path) -> object:
    scope = Scope(frozenset({"public"}), sources=frozenset({"s1", "s2"}))
    with opened(folder) as index:
        lists = [index.search(Query(by, scope, 500)) for by in ((1.0,) * 8, Sparse((1, 12, 103), (1.0, 1.0, 1.0)))]
        return [(h.passage, h.score) for hits in lists for h in hits], list(index.scan())


def first_data(path: Path) -> int:
    """Where the first byte stands that is not zero (0 if there is none)."""
    with path.open("rb") as file:
        at = 0
        while block := file.read(1 << 20):
            kept = block.lstrip(b"\0")
            if kept:
                return at + len(block) - len(kept)
            at += len(block)
    return 0


@contextmanager
def damaged(path: Path, how: str, *, keep_time: bool) -> Iterator[None]:
    """The file cut to half or to nothing, or with 64 bytes flipped; afterwards as it was."""
    stat = path.stat()
    half = stat.st_size // 2
    at = {"cut": half, "emptied": 0, "flipped": first_data(path), "flipped in the middle": half}[how]
    with path.open("r+b") as file:
        file.seek(at)
        old = file.read(64 if "flipped" in how else -1)
        file.seek(at)
        if "flipped" in how:
            file.write(bytes(b ^ 0xFF for b in old))
        else:
            file.truncate(at)
    if keep_time:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    yield
    with path.open("r+b") as file:
        kept = old.rstrip(b"\0") if "flipped" not in how else old
        file.seek(at)
        file.write(kept)
        file.truncate(stat.st_size)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize("keep_time", [False, True], ids=["new time", "old time"])
@pytest.mark.parametrize(
    "how",
    ["emptied", "flipped", *(pytest.param(how, marks=pytest.mark.slow) for how in ("cut", "flipped in the middle"))],
)
def test_damage_to_any_file_is_found_before_it_is_loaded(folder: Path, how: str, keep_time: bool) -> None:
    before = answers(folder)
    tried = 0
    for path in [*files(folder), folder / "manifest.json"]:
        with damaged(path, how, keep_time=keep_time), pytest.raises(StoreDamaged, match="rebuild"):
            opened(folder)
        tried += 1
    assert tried > 50
    assert answers(folder) == before


def test_a_missing_file_and_an_unknown_one_are_found(folder: Path) -> None:
    for path in [*files(folder), folder / "manifest.json", folder / "shard"]:
        aside = folder / "aside"
        path.rename(aside)
        with pytest.raises(StoreDamaged, match="rebuild"):
            opened(folder)
        aside.rename(path)
    stray = folder / "shard" / "segments" / "stray"
    stray.write_bytes(b"")
    with pytest.raises(StoreDamaged, match=r"is unknown \(segments/stray\)"):
        opened(folder)
    stray.unlink()
    opened(folder).close()


def test_bulk_that_is_trusted_by_time_is_still_checked_wholly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "_QUICKLY_HASHED", 0)
    assert {p.parts[-2] for p in bulk(folder)} == {"payload_storage", "vectors", "store"}
    for path in bulk(folder):
        with damaged(path, "flipped", keep_time=False), pytest.raises(StoreDamaged):
            opened(folder)
        with damaged(path, "flipped", keep_time=True), pytest.raises(StoreDamaged):
            verify_wholly(folder)
        with damaged(path, "cut", keep_time=True), pytest.raises(StoreDamaged):
            opened(folder)
    opened(folder).close()


def test_a_damaged_passage_is_an_error_and_no_quote() -> None:
    packed = pack(point(1).passage)[PASSAGE]
    assert unpack(packed) == point(1).passage
    for at in range(len(packed)):
        with pytest.raises(IndexFailure, match="damaged"):
            unpack(packed[:at] + chr(ord(packed[at]) ^ 1) + packed[at + 1 :])
    for other in (None, "", 7, packed[:-1], packed + " "):
        with pytest.raises(IndexFailure, match="damaged"):
            unpack(other)


def test_a_mere_load_changes_no_byte(folder: Path) -> None:
    before = {p: (p.stat().st_size, digest_of(p)) for p in files(folder)}
    sealed = (folder / "manifest.json").read_bytes()
    for _ in range(3):
        answers(folder)
    assert {p: (p.stat().st_size, digest_of(p)) for p in files(folder)} == before
    assert (folder / "manifest.json").read_bytes() == sealed


def test_a_copy_elsewhere_is_as_good(folder: Path, tmp_path: Path) -> None:
    for path in [*files(folder), folder / "manifest.json"]:
        target = tmp_path / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as source, target.open("wb") as copy:
            while block := source.read(1 << 16):
                if any(block):
                    copy.write(block)
                else:
                    copy.seek(len(block), os.SEEK_CUR)
            copy.truncate(path.stat().st_size)
    assert answers(tmp_path) == answers(folder)


def test_other_encoders_other_tokenizers_and_other_formats_are_refused(folder: Path) -> None:
    with pytest.raises(EncoderError, match=r"encoder e \(8 dimensions\), not x \(8\)"):
        opened(folder, encoder="x")
    with pytest.raises(EncoderError, match="not e"):
        opened(folder, dimension=4)
    with pytest.raises(StoreDamaged, match=r"tokenizer l, not x.*rebuild"):
        opened(folder, lexical="x")
    written = (folder / "manifest.json").read_bytes()
    held = load_manifest(folder)
    write_manifest(folder, replace(held, count=held.count + 1))
    with pytest.raises(StoreDamaged, match=f"holds {held.count} passages, not {held.count + 1}"):
        opened(folder)
    for version, error in [(manifest.FORMAT - 1, StoreDamaged), (manifest.FORMAT + 1, StoreVersionError)]:
        body = json.dumps({**json.loads(written.split(b"\n", 1)[1]), "format": version}).encode()
        (folder / "manifest.json").write_bytes(sha256(body).hexdigest().encode() + b"\n" + body)
        with pytest.raises(error):
            opened(folder)
    (folder / "manifest.json").write_bytes(written)
    opened(folder).close()


def test_a_full_disk_is_noticed_before_anything_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answers(folder)
    with opened(folder) as index:
        monkeypatch.setattr(embedded, "_RESERVE", shutil.disk_usage(folder).total)
        with pytest.raises(IndexFailure, match=r"disk is nearly full.*Free at least"):
            index.write([point(1)])
        with pytest.raises(IndexFailure, match="disk is nearly full"):
            index.remove([point(1).passage.id])
        assert index.count() == load_manifest(folder).count
    with pytest.raises(IndexFailure, match="disk is nearly full"):
        opened(folder / "new")
    with pytest.raises(StoreDamaged, match="rebuild"):
        opened(folder / "new")
    shutil.rmtree(folder / "new")
    assert answers(folder) == before
