"""The laws of perturbed sentences: what is called false must be false, and not for want of a word."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from corpus.documents import Document
from eval.perturb import perturb, sample
from eval.perturbing.perturbed import CONTROLS, FALSE, KINDS, PerturbationKind, Perturbed
from eval.perturbing.sentences import as_read, sentences_of, words
from ingest.parse.text.markdown import parse_text

REPO = Path(__file__).resolve().parents[2]
TEXT = """# Order service

## Limits

The order service keeps at least 3 replicas in every region. A request is answered within 200 ms at p99. The gateway
cannot take more than 500 requests at once. The queue holds about 40 messages for 2 hours. Retries wait 30 seconds. The
cache answers in 5 ms at p95 and holds at most 7 entries.

## Behaviour

If the primary is lost, the standby must be promoted by hand. The standby is not promoted while the lease is held.
Backups are kept in Frankfurt by the Storage team and not in Dublin by the Network team. The flag `--drain-timeout` is
read before the flag `--grace-period`. Some replicas usually restart when the node is drained. Do not restart the
gateway until the queue is empty. The `orders.queue_depth` metric is raised by Prometheus, and Grafana shows it beside
`orders.retry_count` for the operators. The gateway is written in Go. The broker is a process of its own that is started
first.

## Questions

Is the gateway restarted at night when the queue is empty? See https://example.test/runbook for all of it.
"""


def document(text: str = TEXT, name: str = "a.md") -> Document:
    return Document(f"docs/{name}", "docs", name, parse_text(text, name), "A", "guide", frozenset({"public"}))


def library() -> list[Document]:
    folder = REPO / "corpus" / "library" / "decisions"
    return [document(path.read_text("utf-8"), path.name) for path in sorted(folder.glob("*.md"))[:6]]


@pytest.fixture(scope="module")
def claims() -> list[Perturbed]:
    """Claims of our own library's documents and of the text above."""
    return [claim for d in (document(), *library()) for claim in perturb(d, seed=7)]


def told(sentence: str, kind: PerturbationKind, *, seeds: int = 12) -> set[str]:
    """Everything a kind makes of a sentence, over several seeds."""
    text = f"# A\n\n{sentence}\n"
    return {c.text for seed in range(seeds) for c in perturb(document(text), seed=seed, kinds=[kind])}


def made(sentence: str, kind: PerturbationKind, beside: str) -> set[str]:
    """What a kind makes of a sentence that stands beside another one."""
    text = f"# A\n\n{sentence} {beside}\n"
    found = (c for seed in range(40) for c in perturb(document(text), seed=seed, kinds=[kind]))
    return {c.text for c in found if c.original == sentence}


def test_every_kind_is_made(claims: list[Perturbed]) -> None:
    assert {claim.kind for claim in claims} == set(KINDS)


def test_the_same_seed_gives_the_same_claims_and_another_gives_others() -> None:
    assert perturb(document(), seed=3) == perturb(document(), seed=3)
    assert perturb(document(), seed=3) != perturb(document(), seed=4)


def test_what_a_kind_draws_does_not_depend_on_the_others() -> None:
    every = perturb(document(), seed=3)
    for kind in KINDS:
        assert perturb(document(), seed=3, kinds=[kind]) == [claim for claim in every if claim.kind == kind]


def test_of_every_false_kind_half_of_the_replacements_stand_elsewhere_in_the_stretch(claims: list[Perturbed]) -> None:
    count = Counter((claim.kind, claim.occurs_elsewhere) for claim in claims)
    for kind in FALSE:
        assert count[kind, True] >= count[kind, False], kind


def test_elsewhere_means_in_the_stretch_and_outside_the_sentence(claims: list[Perturbed]) -> None:
    documents = {d.id: d for d in (document(), *library())}
    for claim in claims:
        if claim.kind != "citation" and claim.occurs_elsewhere:
            d = documents[claim.document]
            around = [d.visible(claim.cited.start, claim.span.start), d.visible(claim.span.end, claim.cited.end)]
            known = {word for part in around for line in part.splitlines() for word in words(as_read(line))}
            assert set(words(claim.replacement)) <= known


def test_claims_name_the_place_they_come_from(claims: list[Perturbed]) -> None:
    documents = {d.id: d for d in (document(), *library())}
    for claim in claims:
        d = documents[claim.document]
        assert claim.revision == d.revision
        assert claim.original == as_read(d.visible(claim.span.start, claim.span.end))
        inside = claim.cited.start <= claim.span.start and claim.span.end <= claim.cited.end
        apart = claim.cited.end <= claim.span.start or claim.cited.start >= claim.span.end
        assert apart if claim.kind == "citation" else inside


def test_a_false_claim_stands_nowhere_in_its_stretch(claims: list[Perturbed]) -> None:
    documents = {d.id: d for d in (document(), *library())}
    for claim in claims:
        d = documents[claim.document]
        stretch = " ".join(as_read(line) for line in d.visible(claim.cited.start, claim.cited.end).splitlines())
        if claim.kind in ("untouched", "citation"):
            assert claim.text == claim.original
        else:
            assert claim.text != claim.original
        if not claim.supported and claim.kind not in ("condition", "scope"):
            assert claim.text.lower() not in stretch.lower()


def test_labels_follow_the_kind(claims: list[Perturbed]) -> None:
    assert set(CONTROLS) | set(FALSE) == set(KINDS)
    assert all(claim.supported == (claim.kind in CONTROLS) for claim in claims)


def test_questions_links_and_fragments_make_no_claim() -> None:
    found = [sentence.text for sentence in sentences_of(document())]
    assert not any("?" in text or "http" in text for text in found)
    assert "The gateway is written in Go." in found


def test_a_sentence_that_stands_twice_is_no_control() -> None:
    twice = "# A\n\nThe gateway is restarted by hand.\n\n# B\n\nThe gateway is restarted by hand.\n"
    assert perturb(document(twice), seed=1) == []


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("The service keeps at least 30 replicas in every region.", lambda n: n > 30),
        ("The service keeps no more than 30 replicas in a region.", lambda n: n < 30),
        ("The gateway cannot take more than 30 requests at once.", lambda n: n < 30),
        ("The answer must come within 30 milliseconds of the call.", lambda n: n < 30),
        ("The queue holds about 30 messages of every sender.", lambda n: abs(n - 30) > 15),
    ],
)
def test_a_number_behind_a_bound_is_one_the_bound_rules_out(sentence: str, holds) -> None:  # noqa: ANN001
    beside = "Others have 2, 7, 28, 29, 31, 33, 60, 90 and 400 of them."
    found = {int(re.search(r"\d+", text).group()) for text in made(sentence, "number", beside)}  # type: ignore[union-attr]
    assert len(found) >= 2
    assert all(holds(n) for n in found)


def test_a_number_keeps_its_shape_and_changes_its_value() -> None:
    sentence = "Version 1.27 is kept for the year after its release."
    beside = "Others are 1.27.0 and 1.28 and 2027 and 3 and v1.25 and 1.270."
    found = made(sentence, "number", beside)
    assert found == {sentence.replace("1.27", "1.28")}


def test_one_keeps_its_singular() -> None:
    assert (
        made("The lease is held for 5 minutes by one process.", "number", "It is lost after 1 minute in all.") == set()
    )


def test_a_unit_is_never_a_restatement() -> None:
    found = made("The call is answered in 200 ms by the gateway.", "unit", "It takes 3 s or 4 min or 5 us in all.")
    assert found == {f"The call is answered in 200 {unit} by the gateway." for unit in ("s", "min", "us")}
    assert all("month" not in t for t in told("It is kept for 3 weeks in the archive of the team.", "unit"))


def test_restatements_may_convert_a_unit() -> None:
    found = told("The call is answered in 2000 ms by the gateway.", "restated", seeds=30)
    assert {
        "The call is answered in 2 s by the gateway.",
        "The call is answered in 2000 milliseconds by the gateway.",
    } <= found


def test_negation_goes_both_ways_and_stays_a_sentence() -> None:
    assert made("Do not restart the gateway during the day.", "negation", "Nothing else is said of it.") == {
        "Restart the gateway during the day."
    }
    assert "The lease is not held by the standby node." in made(
        "The lease is held by the standby node.", "negation", "Do not touch it by hand."
    )


def test_a_dropped_condition_leaves_the_rest_as_it_is() -> None:
    sentence = "If the primary is lost, the standby must be promoted by hand."
    assert told(sentence, "condition") == {"The standby must be promoted by hand."}
    assert told("For more information, see the pages of the team.", "condition") == set()


def test_scope_only_ever_claims_more() -> None:
    assert made("Some replicas restart when the node is drained.", "scope", "They all wait for it in the end.") == {
        "All replicas restart when the node is drained."
    }
    assert told("It does not matter how many replicas there are in a region.", "scope") == set()


def test_names_are_exchanged_for_names_of_the_same_sort() -> None:
    sentence = "The flag `--drain-timeout` is read by the scheduler itself."
    found = made(sentence, "identifier", "So is `--grace-period`, and `config.yaml` beside it, and `--drain`.")
    assert found == {sentence.replace("--drain-timeout", "--grace-period")}


def test_a_merged_sentence_has_the_words_of_its_two_sources() -> None:
    for claim in perturb(document(), seed=5, kinds=["merge"]):
        known = {word for sentence in sentences_of(document()) for word in words(sentence.text)}
        assert set(words(claim.text)) <= known


def test_a_sample_holds_at_most_so_many_of_a_kind_and_repeats_itself() -> None:
    some = library()[:2]
    drawn = sample(some, seed=2, size=5)
    assert drawn == sample(some, seed=2, size=5)
    assert max(Counter(claim.kind for claim in drawn).values()) == 5
    assert [c.document for c in drawn] == sorted((c.document for c in drawn), key=[d.id for d in some].index)


def test_a_document_without_sentences_gives_no_claims() -> None:
    assert perturb(document(""), seed=1) == []
    assert perturb(document("# Only a heading\n"), seed=1) == []


@pytest.mark.slow
def test_the_command_prints_claims_of_a_store(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    source.mkdir()
    (source / "a.md").write_text(TEXT, "utf-8")
    store = tmp_path / "store"
    aether = "from service.cli import main; main()"
    ingest = [sys.executable, "-c", aether, "ingest", str(source), "--store", str(store)]
    subprocess.run(ingest, cwd=REPO, check=True, capture_output=True)
    asked = [sys.executable, "-m", "eval.perturb", "--store", str(store), "--kinds", "number", "untouched"]
    done = subprocess.run(asked, cwd=REPO, check=True, capture_output=True, text=True)
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["kind"] for line in printed} == {"number", "untouched"}
    assert all(line["supported"] == (line["kind"] == "untouched") for line in printed)
