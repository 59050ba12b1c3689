"""Measures: their range, the perfect and the empty answer, monotony, and others' implementations of the same."""

from __future__ import annotations

import json
import math
import runpy
from pathlib import Path

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.citations import Citation
from corpus.errors import UsageError
from eval.comparing.bootstrap import interval, paired_interval
from eval.measures.calibrating import calibration_error, risk_coverage_area
from eval.measures.catalog import FIXED, STANDARD, measure
from eval.measures.measure import mean
from eval.measures.ranking import NAMES
from eval.running.diagnose import cause
from eval.running.record import Record, Trace
from eval.suites.case import Case, Gold
from service.answer import Answer, EvidenceItem, Fingerprint, Refusal, Sentence, Verdict, Violation

DOCUMENTS = [f"d/{n}" for n in range(6)]
QUOTES = {
    name: f"The limit of part {n} is {n + 3} units by default and cannot be raised" for n, name in enumerate(DOCUMENTS)
}
PRINT = Fingerprint(version="1", settings="s", encoder="e", lexical="l", chunker="c", index="i", dense_share=1.0)


def answer(
    ranked: list[str], cited: list[str], *, refused: bool = False, confidence: float = 0.9, text: str | None = None
) -> Answer:
    """An answer that cites the quotes of some documents."""
    citations = tuple(
        Citation(
            number=n, document=name, title=name, kind="other", revision="r", section=(), start=0, end=9, place="line 1",
            quote=QUOTES[name],
        )
        for n, name in enumerate(cited, 1)
    )  # fmt: skip
    said = tuple(
        Sentence(text=c.quote, kind="cited", citations=(c.number,), verdict=Verdict(supported=True)) for c in citations
    )
    refusal = Refusal(reason="no_evidence", searched="", nearest=(), would_settle_it="")
    return Answer(
        question="q",
        status="refused" if refused else "grounded",
        refusal=refusal if refused else None,
        text=" ".join(s.text for s in said) if text is None else text,
        sentences=() if refused else said,
        citations=() if refused else citations,
        evidence=tuple(
            EvidenceItem(document=name, text=QUOTES[name], score=1.0, start=0, end=9, section=()) for name in ranked
        ),
        confidence=confidence,
        fingerprint=PRINT,
        timing_ms={"search": 3.0},
    )


def record(given_answer: Answer | None, gold: list[str], *, n: int = 0, silent: bool = False) -> Record:
    """A record about some gold documents; of none, a case without an answer."""
    case = Case(
        id=f"c{n}",
        kind="unanswerable" if silent else "fact",
        question="q",
        gold=() if silent else tuple(Gold(document=name, quote=QUOTES[name]) for name in gold),
        facts=() if silent else tuple((f"{DOCUMENTS.index(name) + 3} units",) for name in gold),
        refuse=silent,
    )
    verbatim = tuple(True for _ in given_answer.citations) if given_answer else ()
    traces = tuple(Trace(document=g.document, present=True, parsed=True, whole=True) for g in case.gold)
    return Record(case=case, answer=given_answer, verbatim=verbatim, traces=traces, seconds=0.1)


names_in_order = st.lists(st.sampled_from(DOCUMENTS), max_size=8)
gold_names = st.lists(st.sampled_from(DOCUMENTS), min_size=1, max_size=3, unique=True)


def claim(chance: float | None, *, supported: bool) -> Record:
    """A claim with its evidence, as the verifier judged it; None where that crashed."""
    case = Case(id="c", kind="claim", question="q", evidence=("e",), supported=supported)
    return Record(case=case, answer=None, support=chance)


@st.composite
def records(draw: st.DrawFn) -> Record:
    if draw(st.integers(0, 4)) == 0:
        return claim(draw(st.none() | st.floats(0, 1)), supported=draw(st.booleans()))
    silent, crashed, refused = draw(st.booleans()), draw(st.integers(0, 9)) == 0, draw(st.booleans())
    cited = draw(st.lists(st.sampled_from(DOCUMENTS), max_size=4))
    made = answer(draw(names_in_order), cited, refused=refused, confidence=draw(st.floats(0, 1)))
    return record(None if crashed else made, draw(gold_names), silent=silent, n=draw(st.integers(0, 999)))


def value(name: str, *given_records: Record) -> float | None:
    return measure(name).over(given_records).value


@pytest.mark.parametrize("name", sorted({*STANDARD, *FIXED, *(f"{n}@5" for n in NAMES)}))
@given(some=st.lists(records(), max_size=6))
@settings(max_examples=15, deadline=None)
def test_a_measure_stays_in_its_range_and_is_never_nan(name: str, some: list[Record]) -> None:
    figure = measure(name).over(some)
    assert (figure.value is None) == (figure.n == 0)
    if figure.value is not None:
        assert math.isfinite(figure.value)
        assert figure.value >= 0
        if measure(name).bounded:
            assert figure.value <= 1 + 1e-12


@pytest.mark.parametrize("name", sorted({*STANDARD, *FIXED}))
def test_nothing_has_no_value(name: str) -> None:
    assert measure(name).over([]).value is None
    assert measure(name).over([]).n == 0


PERFECT_UP = [n for n in STANDARD if measure(n).better == "up" and n != "NothingLeaked"]


@pytest.mark.parametrize("name", PERFECT_UP)
def test_a_perfect_run_has_the_perfect_value(name: str) -> None:
    claims = claim(0.9, supported=True), claim(0.1, supported=False)
    pair = DOCUMENTS[:2]
    told = record(answer(pair, pair, text=f"**{QUOTES[pair[0]]}** {QUOTES[pair[1]]}"), pair)
    silent = record(answer([], [], refused=True, confidence=0.0), [], silent=True)
    assert value(name, told, silent, *claims) == pytest.approx(1.0)


def test_nothing_is_said_of_refusals_where_every_case_has_an_answer() -> None:
    told, refused = record(answer(DOCUMENTS[:1], DOCUMENTS[:1]), DOCUMENTS[:1]), record(answer([], []), [], silent=True)
    for name in ("RefusalRecall", "RefusalPrecision", "RefusalF1"):
        assert value(name, told) is None
        assert value(name, told, refused) == 0.0


def test_claims_are_counted_by_label_and_nothing_else_is_said_of_them() -> None:
    claims = [claim(0.9, supported=True), claim(0.4, supported=True), *[claim(0.5, supported=False)] * 3]
    claims += [claim(0.2, supported=False), claim(None, supported=False)]
    assert value("ClaimAccuracy", *claims) == pytest.approx((1 / 2 + 1 / 5) / 2)
    assert value("ClaimAUROC", *claims) == pytest.approx((4 / 5 + 1 / 5) / 2)
    assert value("Crashed", *claims) == pytest.approx(1 / 7)
    assert [cause(one) for one in claims] == ["", *["wrongly verified"] * 4, "", "crashed"]
    assert [n for n in STANDARD if value(n, *claims) is not None] == ["Crashed", "ClaimAccuracy", "ClaimAUROC"]


@given(chances=st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=30))
@settings(max_examples=100, deadline=None)
def test_claims_agree_with_scikit_learn(chances: list[tuple[float, bool]]) -> None:
    theirs = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn (extra [train])")
    told = [told for told, _ in chances]
    labels = [label for _, label in chances]
    if len(set(labels)) < 2:
        return
    claims = [claim(chance, supported=label) for chance, label in chances]
    assert value("ClaimAUROC", *claims) == pytest.approx(theirs.roc_auc_score(labels, told))
    assert value("ClaimAccuracy", *claims) == pytest.approx(
        theirs.balanced_accuracy_score(labels, [chance >= 0.5 for chance in told])
    )


@pytest.mark.parametrize("name", ["FactRecall", "CitationHit", "CitationRecall", "Coverage", "nDCG@10", "SpanRecall@5"])
def test_a_refusal_of_everything_scores_nothing(name: str) -> None:
    assert value(name, record(answer([], [], refused=True), [DOCUMENTS[0]])) == 0.0


@given(ranked=st.lists(st.sampled_from(DOCUMENTS), min_size=2, max_size=6, unique=True), gold=gold_names)
@settings(max_examples=50, deadline=None)
def test_ranking_measures_never_fall_when_a_gold_document_moves_up(ranked: list[str], gold: list[str]) -> None:
    place = next((i for i, name in enumerate(ranked) if i and name in gold and ranked[i - 1] not in gold), None)
    if place is None:
        return
    better = ranked.copy()
    better[place - 1], better[place] = better[place], better[place - 1]
    for name in ("nDCG@5", "MRR", "RR@3", "AP", "Recall@3", "P@2", "SpanRecall@3", "DocRecall@3"):
        before = value(name, record(answer(ranked, []), gold))
        after = value(name, record(answer(better, []), gold))
        assert before is not None
        assert after is not None
        assert after >= before, name


@given(ranked=names_in_order, gold=gold_names)
@settings(max_examples=60, deadline=None)
def test_ranking_agrees_with_ir_measures(ranked: list[str], gold: list[str]) -> None:
    theirs = ["nDCG@3", "nDCG@10", "RR", "R@2", "P@3", "AP"]
    ours = ["nDCG@3", "nDCG@10", "MRR", "Recall@2", "P@3", "AP"]
    order = list(dict.fromkeys(ranked))
    qrels = [ir_measures.Qrel("q", name, 1) for name in gold]
    run = [ir_measures.ScoredDoc("q", name, float(len(order) - i)) for i, name in enumerate(order)]
    run = run or [ir_measures.ScoredDoc("q", "nothing", 1.0)]
    told = ir_measures.calc_aggregate([ir_measures.parse_measure(name) for name in theirs], qrels, run)
    by_name = {str(one): found for one, found in told.items()}
    for their, our in zip(theirs, ours, strict=True):
        assert value(our, record(answer(ranked, []), gold)) == pytest.approx(by_name[their], abs=1e-9), our


def test_measures_agree_with_the_yardstick(shared: Path, tmp_path: Path) -> None:
    """Over the questions of ArchQA with answers that are right, wrong, short, refused and lacking."""
    yardstick = runpy.run_path(str(shared / "tools/archqa_score.py"))
    questions = [
        json.loads(line) for line in (shared / "data/archqa/operations.jsonl").read_text("utf-8").splitlines()[:60]
    ]
    made = [_archqa(question, n) for n, question in enumerate(questions)]
    told = {r.case.id: json.loads(r.answer.model_dump_json()) for r in made if r.answer}
    theirs = yardstick["score"](questions, told, shared / "data/archqa/corpora")
    pairs = {
        "span_recall@5": "SpanRecall@5",
        "doc_recall@10": "DocRecall@10",
        "fact_recall": "FactRecall",
        "fact_recall@60": "FactRecall@60",
        "citation_hit": "CitationHit",
        "citation_doc_precision": "CitationDocPrecision",
        "handled_recall": "RefusalRecall",
        "refusal_precision": "RefusalPrecision",
        "refusal_f1": "RefusalF1",
        "coverage": "Coverage",
        "words": "Words",
    }
    differing = {
        name: (theirs[name], ours)
        for name, ours in ((their, value(our, *made)) for their, our in pairs.items())
        if ours is None or abs(ours - theirs[name]) > 1e-9
    }
    assert differing == {}
    assert 0 < theirs["fact_recall"] < 1
    assert 0 < theirs["refusal_f1"] < 1


def _archqa(question: dict[str, object], n: int) -> Record:
    """An answer whose quality goes with its number."""
    gold = [(f"{question['corpus']}/{g['doc']}", g["quote"]) for g in question.get("gold", [])]  # type: ignore[attr-defined, index, union-attr]
    fix = question.get("corrects")
    case = Case(
        id=str(question["id"]),
        kind="fact",
        question=str(question["question"]),
        gold=tuple(Gold(document=d, quote=q) for d, q in gold),
        any_gold=bool(question.get("alternatives_ok")),
        facts=tuple(tuple(group) for group in question.get("facts", [])),  # type: ignore[attr-defined]
        refuse=not question["answerable"],
        corrects=Gold(document=f"{question['corpus']}/{fix['doc']}", quote=fix["quote"]) if fix else None,  # type: ignore[index]
    )
    wanted = gold or ([(case.corrects.document, case.corrects.quote)] if case.corrects else [])
    shown = wanted if n % 3 else [("elsewhere/x.md", "some other words that stand nowhere else")]
    citations = tuple(
        Citation(
            number=i, document=d, title=d, kind="other", revision="r", section=(), start=0, end=1, place="",
            quote=q if n % 5 else q[: len(q) // 4] or q,
        )
        for i, (d, q) in enumerate(shown, 1)
    )  # fmt: skip
    padding = "word " * (40 * (n % 4))
    text = padding + " ".join(q for _, q in shown)
    refused = n % 7 == 0
    base = answer([], [], refused=refused, text=text)
    return Record(
        case=case,
        answer=base.model_copy(
            update={
                "citations": citations,
                "evidence": tuple(
                    EvidenceItem(document=d, text=q, score=1.0, start=0, end=1, section=())
                    for d, q in [("elsewhere/y.md", "nothing")] * (n % 8) + (wanted if n % 4 else [])
                ),
            }
        ),
        verbatim=tuple(True for _ in citations),
    )


def test_risk_coverage_is_best_when_the_wrong_are_the_least_sure() -> None:
    good = np.array([[0.9, 1], [0.8, 1], [0.2, 0], [0.1, 0]], dtype=float)
    bad = np.array([[0.9, 0], [0.8, 0], [0.2, 1], [0.1, 1]], dtype=float)
    assert risk_coverage_area(good) < risk_coverage_area(bad)
    assert risk_coverage_area(np.array([[0.5, 1.0]] * 4)) == 0.0
    tied = np.array([[0.5, 1], [0.5, 0]], dtype=float)
    assert risk_coverage_area(tied) == pytest.approx(0.5)
    assert risk_coverage_area(tied[::-1]) == pytest.approx(0.5)


def test_calibration_error_of_known_forecasts() -> None:
    assert calibration_error(np.array([[1.0, 1.0], [0.0, 0.0]])) == 0.0
    assert calibration_error(np.array([[0.95, 0.0]] * 3)) == pytest.approx(0.95)
    assert calibration_error(np.array([[0.75, 1.0], [0.75, 1.0], [0.75, 1.0], [0.75, 0.0]])) == pytest.approx(0.0)


def test_a_planted_number_lowers_fidelity() -> None:
    good = answer([DOCUMENTS[0]], [DOCUMENTS[0]])
    (sentence,) = good.sentences
    wrong = sentence.model_copy(update={"text": sentence.text.replace("3 units", "8 units")})
    bad = good.model_copy(update={"sentences": (wrong,)})
    assert value("QuantityFidelity", record(good, [DOCUMENTS[0]])) == 1.0
    assert value("QuantityFidelity", record(bad, [DOCUMENTS[0]])) == 0.0


def test_a_citation_that_slipped_lowers_support() -> None:
    good = answer(DOCUMENTS[:2], [DOCUMENTS[0]])
    slipped = good.citations[0].model_copy(update={"quote": "Quite another sentence stands in this place"})
    assert value("CitationSupport", record(good, [DOCUMENTS[0]])) == 1.0
    assert value("CitationSupport", record(good.model_copy(update={"citations": (slipped,)}), [DOCUMENTS[0]])) == 0.0


def test_what_must_not_show_is_seen() -> None:
    told = answer(DOCUMENTS[:2], [DOCUMENTS[0]])
    for hidden, banned, leaks in ((DOCUMENTS[1], "", True), (DOCUMENTS[5], "", False), ("", "3 units", True)):
        one = record(told, [DOCUMENTS[0]])
        update = {"hidden": (hidden,) if hidden else (), "banned": (banned,) if banned else ()}
        one = one.model_copy(update={"case": one.case.model_copy(update=update)})
        assert value("NothingLeaked", one) == float(not leaks)
        assert (cause(one) == "leaked") == leaks


def test_persona_rules_are_counted_unless_mended() -> None:
    told = answer([], [DOCUMENTS[0]])
    broken = told.model_copy(update={"violations": (Violation(rule="P2", detail="a section is missing"),)})
    mended = told.model_copy(update={"violations": (Violation(rule="P2", detail="x", mended=True),)})
    several = [record(one, [DOCUMENTS[0]]) for one in (told, broken, mended)]
    assert value("PersonaRules", *several) == pytest.approx(2 / 3)
    assert value("PersonaRule:P2", *several) == pytest.approx(2 / 3)
    assert value("PersonaRule:P3", *several) == 1.0


@pytest.mark.parametrize("name", ["nDCG@0", "ndcg@10", "Latency:search", "PersonaRule:X", "", "Recall@99999"])
def test_unknown_measures_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="unknown measure"):
        measure(name)


@given(rows=st.lists(st.floats(0, 1), min_size=2, max_size=40))
@settings(max_examples=25, deadline=None)
def test_an_interval_lies_around_the_value_and_within_the_range(rows: list[float]) -> None:
    table = np.array(rows).reshape(-1, 1)
    found = interval(table, mean, draws=200)
    assert min(rows) - 1e-9 <= found.low <= found.high <= max(rows) + 1e-9
    assert interval(table, mean, draws=200) == found


def test_a_paired_interval_sees_what_an_unpaired_one_does_not() -> None:
    before = np.linspace(0, 1, 60).reshape(-1, 1)
    after = before - 0.02
    found = paired_interval(before, after, mean)
    assert found.high < 0
    assert interval(before, mean).low < float(after.mean()) < interval(before, mean).high


# --- Diagnosis: the first place where what was needed got lost
def _failing(**changes: object) -> Record:
    one = record(answer([DOCUMENTS[0]], [DOCUMENTS[1]]), [DOCUMENTS[0]])
    return one.model_copy(update=changes)


TRACE = Trace(document=DOCUMENTS[0], present=True, parsed=True, whole=True)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (record(answer([DOCUMENTS[0]], [DOCUMENTS[0]]), [DOCUMENTS[0]]), ""),
        (_failing(answer=None), "crashed"),
        (_failing(traces=(TRACE.model_copy(update={"present": False}),)), "missing document"),
        (_failing(traces=(TRACE.model_copy(update={"parsed": False}),)), "not parsed"),
        (_failing(answer=answer([DOCUMENTS[2]], [])), "not retrieved"),
        (_failing(answer=answer([], []), traces=(TRACE.model_copy(update={"whole": False}),)), "not chunked whole"),
        (_failing(answer=answer([DOCUMENTS[0]], [], refused=True)), "wrongly refused"),
        (_failing(answer=answer([*DOCUMENTS[1:4] * 3, DOCUMENTS[0]], [DOCUMENTS[1]])), "not selected"),
        (_failing(answer=answer([*DOCUMENTS[1:4] * 3, DOCUMENTS[0]], [], refused=True)), "not selected"),
        (_failing(), "not composed"),
        (_failing(answer=answer([DOCUMENTS[0]], [DOCUMENTS[1]], text=QUOTES[DOCUMENTS[0]])), "wrongly cited"),
        (_failing(case=_failing().case.model_copy(update={"facts": (("4 units",),)})), "cited elsewhere"),
        (record(answer([DOCUMENTS[0]], [DOCUMENTS[0]]), [], silent=True), "wrongly answered"),
        (record(answer([], [], refused=True), [], silent=True), ""),
    ],
)
def test_a_failure_is_attributed_to_the_first_loss(one: Record, expected: str) -> None:
    assert cause(one) == expected


def test_a_dropped_sentence_that_held_the_fact_was_wrongly_verified() -> None:
    told = answer([DOCUMENTS[0]], [DOCUMENTS[1]])
    lost = Sentence(
        text=QUOTES[DOCUMENTS[0]],
        kind="cited",
        citations=(),
        verdict=Verdict(supported=False, check="context", failure="unsupported_addition"),
    )
    assert cause(_failing(answer=told.model_copy(update={"dropped": (lost,)}))) == "wrongly verified"
