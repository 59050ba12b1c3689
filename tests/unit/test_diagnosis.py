"""Each cause of a failure, planted in a real answering engine, is named for what it is; and causes are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eval.running.caching import CachingWiring
from eval.running.run import run_suite
from eval.running.summary import Summary, summarise
from eval.running.world import ingest_suite, opened
from eval.suites.case import Case, Gold
from eval.suites.suite import Corpus, Suite
from retrieval.evidence import Evidence, Found
from service import engine
from service.answering.assemble import Assembled
from service.answering.composer import Composer, ExtractiveComposer
from service.answering.view import READ, Request, View
from service.grounding import support
from service.grounding.claim import Ground
from service.grounding.verifier import Opinion, Pair, Verifier

GOLD, REASON = "docs/harebell.md", "because the broker forgets its lease after that"
OTHERS = ("Larkspur", "Cowslip", "Foxglove", "Yarrow", "Campion", "Teasel", "Sorrel", "Mallow", "Vetch", "Clover")
FILLER = " ".join(f"Worker {n} of Harebell reports its state to console {n + 40} twice a minute." for n in range(18))
HAREBELL = f"""# Harebell

Failed Harebell batches are retried three times, {REASON}. <!-- The pager of Harebell rings at Odell's desk. -->

## Draining

{FILLER}

Before an upgrade, drain the Harebell workers and wait until the last batch is done.

## Ledger

Every drained batch is written to the magenta ledger. {FILLER}
"""
TEXTS = {f"{name.lower()}.md": f"# {name}\n\n{name} queues hold {n + 2} shards and a {name} witness.\n"
         for n, name in enumerate(OTHERS)} | {"harebell.md": HAREBELL}  # fmt: skip


def _case(name: str, question: str, quote: str, fact: str) -> Case:
    return Case(id=name, kind="fact", question=question, gold=(Gold(document=GOLD, quote=quote),), facts=((fact,),))


WHY = _case("why", "Why are failed Harebell batches retried three times?", REASON, "forgets its lease")
HIDDEN = _case("hidden", "Where does the pager of Harebell ring?", "rings at Odell's desk", "Odell")
CUT = _case(
    "cut",
    "How do I drain the Harebell workers before an upgrade?",
    "wait until the last batch is done.\n\n## Ledger\n\nEvery drained batch is written to the magenta ledger.",
    "magenta ledger",
)
CORPORA = (Corpus("docs", texts=TEXTS),)


class _Muted(ExtractiveComposer):
    """Leaves out the document that the answer stands in."""

    def compose(self, view: View, request: Request, ground: Ground) -> Assembled:
        return super().compose(
            replace(view, ranked=tuple(s for s in view.ranked if s.document.id != GOLD)), request, ground
        )


@dataclass(frozen=True)
class _Wary:
    """A verifier that doubts the sentence with the reason."""

    verifier: Verifier
    identity = "wary"

    def verify(self, pairs: Sequence[Pair]) -> list[Opinion]:
        found = self.verifier.verify(pairs)
        return [
            Opinion(0.0, 0.0, 1.0, "") if REASON in pair.sentence else opinion
            for pair, opinion in zip(pairs, found, strict=True)
        ]


class _MutedWiring(CachingWiring):
    composer: Composer = _Muted()


class _WaryWiring(CachingWiring):
    @property
    def verifier(self) -> Verifier:
        return _Wary(super().verifier)


def _last(found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The gold behind everything that is read."""
    gold = [e for e in found if e.passage.document == GOLD]
    assert len(found) - len(gold) >= READ
    return (*(e for e in found if e.passage.document != GOLD), *gold)


def _none(found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(e for e in found if e.passage.document != GOLD)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("diagnosis") / "store"
    ingest_suite(Suite("planted", "", CORPORA, ()), place)
    return place


def _run(
    case: Case, store: Path, log: Path, wiring: type[CachingWiring] = CachingWiring, threshold: float = 0.0
) -> Summary:
    with opened(store, {"threshold": threshold}, wiring=wiring) as world:
        return summarise(run_suite(Suite("planted", "", CORPORA, (case,)), world, log))


def _retrieving(monkeypatch: pytest.MonkeyPatch, change: Callable[[Sequence[Evidence]], tuple[Evidence, ...]]) -> None:
    """The engine's search finds what `change` leaves of it."""
    sound: Callable[..., Found] = vars(engine)["search"]

    def planted(question: str, **given: object) -> Found:
        found = sound(question, **given)
        return replace(found, evidence=change(found.evidence))

    monkeypatch.setattr(engine, "search", planted)


def test_without_a_plant_the_cases_pass(store: Path, tmp_path: Path) -> None:
    assert _run(WHY, store, tmp_path / "why").causes() == {}
    assert _run(CUT, store, tmp_path / "cut").cases["cut"].cause in ("", "not composed", "cited elsewhere")


def test_what_no_reader_sees_was_not_parsed(store: Path, tmp_path: Path) -> None:
    assert _run(HIDDEN, store, tmp_path / "log").causes() == {"not parsed": 1}


def test_gold_in_two_passages_of_which_one_was_found_was_not_chunked_whole(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _retrieving(monkeypatch, lambda found: tuple(e for e in found if "magenta" not in e.passage.text))
    assert _run(CUT, store, tmp_path / "log").causes() == {"not chunked whole": 1}


def test_gold_that_search_does_not_find_was_not_retrieved(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _retrieving(monkeypatch, _none)
    assert _run(WHY, store, tmp_path / "log").causes() == {"not retrieved": 1}


def test_gold_behind_what_is_read_was_not_selected(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _retrieving(monkeypatch, _last)
    assert _run(WHY, store, tmp_path / "log").causes() == {"not selected": 1}


def test_gold_that_was_read_and_left_out_was_not_composed(store: Path, tmp_path: Path) -> None:
    assert _run(WHY, store, tmp_path / "log", _MutedWiring).causes() == {"not composed": 1}


def test_a_refusal_over_the_gold_is_wrong(store: Path, tmp_path: Path) -> None:
    assert _run(WHY, store, tmp_path / "log", threshold=0.9999).causes() == {"wrongly refused": 1}


def test_a_sentence_with_the_answer_that_was_dropped_was_wrongly_verified(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "stands_as_clause", lambda *_: False)  # what stands there is not put to a verifier
    assert _run(WHY, store, tmp_path / "log", _WaryWiring).causes() == {"wrongly verified": 1}


def test_causes_are_counted_most_first(store: Path, tmp_path: Path) -> None:
    cases = (HIDDEN, WHY, WHY.model_copy(update={"id": "again"}))
    with opened(store, {"threshold": 0.9999}) as world:
        summary = summarise(run_suite(Suite("planted", "", CORPORA, cases), world, tmp_path / "log"))
    assert list(summary.causes().items()) == [("wrongly refused", 2), ("not parsed", 1)]
