"""The bundled suites: every gold quote stands in its document as a reader sees it, so that a change of one is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from corpus.access import may_read
from corpus.documents import visible_spans
from corpus.errors import UsageError
from corpus.library import LIBRARY, manifest
from eval.running.trace import fold
from eval.suites.case import Case, CaseKind, Gold
from eval.suites.catalog import names, suite
from eval.suites.foreign import ADAPTERS
from eval.suites.suite import BUNDLED, read_cases, read_suite
from ingest.parse.registry import parse_file

PLACES = {"library": LIBRARY, "companion": BUNDLED / "companion"}
LIBRARY_SUITE, SMOKE = suite("library"), suite("smoke")


def _place(document: str) -> Path:
    source, _, path = document.partition("/")
    return PLACES[source] / path


@cache
def _visible(place: Path) -> str:
    parsed = parse_file(place.read_bytes(), place.name)
    return fold("".join(parsed.text[s.start : s.end] for s in visible_spans(parsed.hidden, 0, len(parsed.text))))


@cache
def _access(document: str) -> frozenset[str]:
    if document.startswith("library/"):
        (entry,) = [entry for entry in manifest() if f"library/{entry.path}" == document]
        return frozenset(entry.access)
    place = _place(document)
    return frozenset(parse_file(place.read_bytes(), place.name).metadata.access or ("public",))


def _quoted() -> Iterator[tuple[Case, Gold]]:
    for case in LIBRARY_SUITE.cases:
        for gold in (*case.gold, *([case.corrects] if case.corrects else [])):
            yield case, gold


@pytest.mark.parametrize("ending", [".md", pytest.param(".docx", marks=pytest.mark.slow)])
def test_every_gold_quote_stands_in_its_document(ending: str) -> None:
    own = [(case, gold) for case, gold in _quoted() if gold.document.endswith(ending)]
    assert own
    lost = [
        f"{case.id}: {gold.quote!r} is not in {gold.document}"
        for case, gold in own
        if fold(gold.quote) not in _visible(_place(gold.document))
    ]
    assert lost == [], "a document changed: mend the case, or the document"


def test_every_fact_stands_in_the_gold_document() -> None:
    for case in LIBRARY_SUITE.cases:
        if not all(gold.document.endswith(".md") for gold in case.gold):
            continue
        seen = " ".join(_visible(_place(gold.document)) for gold in case.gold)
        told = seen.lower().replace("`", "").replace("**", "")
        for group in case.facts:
            assert any(fact.lower().replace("`", "") in told for fact in group), (case.id, group)


def test_who_asks_may_read_the_gold_and_not_what_is_hidden() -> None:
    for case in LIBRARY_SUITE.cases:
        for gold in case.gold:
            assert may_read(case.access, _access(gold.document)), case.id
        for document in case.hidden:
            assert not may_read(case.access, _access(document)), case.id


def test_there_are_enough_cases_of_every_kind() -> None:
    kinds = Counter(case.kind for case in LIBRARY_SUITE.cases)
    assert len(LIBRARY_SUITE.cases) >= 200
    assert len(SMOKE.cases) >= 60
    assert min(kinds.values()) >= 8
    assert set(kinds) == set(get_args(CaseKind)) - {"claim"}


def test_smoke_needs_the_bundled_library_only() -> None:
    assert [corpus.source for corpus in SMOKE.corpora] == ["library"]
    assert {gold.document.split("/")[0] for case in SMOKE.cases for gold in case.gold} == {"library"}


def test_a_question_is_asked_once_by_the_same_caller() -> None:
    asked = Counter((case.question, case.principals, case.turns) for case in LIBRARY_SUITE.cases)
    assert [question for question, count in asked.items() if count > 1] == []


def test_a_limit_takes_from_every_kind() -> None:
    few = LIBRARY_SUITE.first(22)
    assert len(few.cases) == 22
    assert set(Counter(case.kind for case in few.cases).values()) == {2}
    assert LIBRARY_SUITE.first(0) is LIBRARY_SUITE


def test_bundled_suites_have_names() -> None:
    assert {"smoke", "library"} <= set(names())
    with pytest.raises(UsageError, match="unknown suite"):
        suite("nothing")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "line 1 is no case"),
        ('{"id": "a", "kind": "fact"}', "line 1 is no case"),
        ('{"id": "a", "kind": "fact", "question": "q", "colour": 1}', "line 1 is no case"),
        (
            '{"id": "a", "kind": "fact", "question": "q"}\n{"id": "a", "kind": "fact", "question": "r"}',
            "repeats the id a",
        ),
    ],
)
def test_a_malformed_case_is_named_by_its_line(tmp_path: Path, line: str, what: str) -> None:
    place = tmp_path / "cases.jsonl"
    place.write_text(line, "utf-8")
    with pytest.raises(UsageError, match=what):
        list(read_cases(place))


@pytest.mark.parametrize("text", ["name = 3", 'name = "x"\nabout = "y"\ncases = "no.jsonl"\ncorpora = []', "]["])
def test_a_malformed_suite_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "suite.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError):
        read_suite(tmp_path / "suite.toml")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_others_sets_are_read_from_where_they_lie(shared: Path, name: str) -> None:
    """Every gold document is one of the suite's, and quotes stand in them as they are written."""
    one = suite(name, shared / "data")
    assert len(one.cases) >= 50
    assert len({case.id for case in one.cases}) == len(one.cases)
    texts = {f"{corpus.source}/{path}": text for corpus in one.corpora for path, text in corpus.texts.items()}
    folders = {corpus.source: corpus.folder for corpus in one.corpora if corpus.folder}
    for case in one.cases:
        assert case.refuse or case.gold or case.evidence, case.id
        for gold in case.gold:
            source, _, path = gold.document.partition("/")
            place = folders.get(source)
            text = (place / path).read_text("utf-8", "replace") if place else texts[gold.document]
            assert fold(gold.quote) in fold(text), (case.id, gold)
