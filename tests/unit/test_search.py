"""Question to ranked evidence, with the real encoders and the in-memory index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpus.errors import AccessError
from corpus.passages import Hit, Passage, Point, passage_id
from corpus.ports import Query, Scope
from ingest.index.memory import MemoryIndex
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25
from retrieval.evidence import Found
from retrieval.rerank.reranker import Reranker
from retrieval.search import Tuning, search

ENCODER = EmbeddedEncoder()
LEXICAL = CodeAwareBm25()
PUBLIC = Scope(frozenset({"public"}))
AS_FITTED = Tuning()


class Recorded(MemoryIndex):
    """An index that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(dimension=ENCODER.dimension)
        self.asked: list[Query] = []

    def search(self, query: Query) -> list[Hit]:
        self.asked.append(query)
        return super().search(query)


def passage(document: str, text: str, *, ordinal: int = 0, section: str = "", access: str = "public") -> Passage:
    return Passage(
        id=passage_id(document, "r", ordinal, ordinal + 1, "test"),
        document=document,
        revision="r",
        source=document.partition("/")[0],
        title=document.partition("/")[2],
        kind="guide",
        status="",
        section=(section,) if section else (),
        start=ordinal,
        end=ordinal + 1,
        text=text,
        header=f"{document} {section}",
        ordinal=ordinal,
        place="",
        modified_at="",
        access=(access,),
    )


def indexed(passages: Sequence[Passage], *, dense: bool = True) -> Recorded:
    index = Recorded()
    texts = [p.indexed_text for p in passages]
    vectors = ENCODER.embed(texts) if dense else [None] * len(texts)
    index.write([Point(p, s, v) for p, s, v in zip(passages, LEXICAL.documents(texts), vectors, strict=True)])
    return index


def find(index: Recorded, text: str, *, scope: Scope = PUBLIC, limit: int = 20, tuning: Tuning = AS_FITTED) -> Found:
    return search(text, index=index, embedder=ENCODER, lexical=LEXICAL, scope=scope, limit=limit, tuning=tuning)


def documents(found: Found) -> list[str]:
    return [e.passage.document for e in found.evidence]


LIBRARY = [
    passage("a/restart", "Restart the payment gateway with care when it is stuck."),
    passage("a/quorum", "The quorum of etcd needs three members that can see each other."),
    passage("b/disk", "The disk of the ledger is full when no segment can be written."),
    passage("b/zebra", "Zebras live in Africa and have stripes.", access="group:zoo"),
]


def test_the_nearest_comes_first_with_what_its_rank_rests_on() -> None:
    found = find(indexed(LIBRARY), "How is the payment gateway restarted?")
    first, second = found.evidence[:2]
    assert first.passage.document == "a/restart"
    assert first.score > second.score
    assert 0.5 < first.dense <= 1.0
    assert first.lexical > 0
    assert found.considered == 3
    assert len(found.vector) == ENCODER.dimension


def test_scores_fall() -> None:
    scores = [e.score for e in find(indexed(LIBRARY), "the disk of the gateway").evidence]
    assert scores == sorted(scores, reverse=True)


def test_every_query_carries_the_scope() -> None:
    index = indexed(LIBRARY)
    scope = Scope(frozenset({"public"}), sources=frozenset({"a"}), exclude=frozenset({"a/quorum"}))
    found = find(index, "Which members has the quorum and where do zebras live?", scope=scope)
    assert len(index.asked) > 2
    assert {q.scope for q in index.asked} == {scope}
    assert documents(found) == ["a/restart"]


def test_what_may_not_be_read_is_not_counted() -> None:
    index = indexed(LIBRARY)
    assert find(index, "Where do zebras live?").considered == 3
    assert documents(find(index, "Where do zebras live?", scope=Scope(frozenset({"group:zoo"})))) == ["b/zebra"]
    with pytest.raises(AccessError):
        find(index, "Where do zebras live?", scope=Scope(frozenset()))


def test_words_are_enough_before_there_are_vectors() -> None:
    found = find(indexed(LIBRARY, dense=False), "payment gateway")
    assert documents(found) == ["a/restart"]
    assert found.evidence[0].dense == 0.0
    assert found.evidence[0].lexical > 0


def test_meaning_is_enough_without_a_common_word() -> None:
    found = find(indexed(LIBRARY), "storage exhausted")
    assert documents(found)[0] == "b/disk"
    assert found.evidence[0].lexical == 0.0


def gains(index: Recorded, text: str, tuning: Tuning) -> dict[str, float]:
    """What each document's passage gains by the tuning over one that adds nothing."""
    bare = replace(tuning, identifier=0.0, facet=0.0, part=0.0, neighbour=0.0, document=0.0)
    before = {e.passage.id: e.score for e in find(index, text, tuning=bare).evidence}
    after = find(index, text, tuning=tuning).evidence
    return {e.passage.document: round(e.score - before[e.passage.id], 9) for e in after}


ALONE = replace(AS_FITTED, facet=0.0, part=0.0, neighbour=0.0, document=0.0, identifier=0.0)


def test_a_name_that_stands_there_as_it_is_raises_a_passage() -> None:
    named = [
        passage("a/text", "The alert names etcd-7.example, which then is looked at by the operator."),
        passage("a/etcd-7.example", "It fires when the member was not seen for fifteen minutes."),
        passage("a/longer", "It says etcd-7.examples of an alert that nobody has ever looked at."),
        passage("a/other", "Another alert of a member says nothing of any name."),
    ]
    gained = gains(indexed(named), "the alert of `etcd-7.example`", replace(ALONE, identifier=1.0))
    assert gained["a/etcd-7.example"] > gained["a/text"] > gained["a/longer"] == gained["a/other"] == 0
    assert AS_FITTED.identifier > 0


def test_a_name_that_all_carry_says_nothing() -> None:
    named = [
        passage(f"a/{i}", f"The alert KubeletDown of cluster {w} fires.") for i, w in enumerate("north south".split())
    ]
    assert set(gains(indexed(named), "KubeletDown alert", replace(ALONE, identifier=1.0)).values()) == {0.0}


def test_a_heading_of_the_kind_that_is_asked_for_raises_a_passage() -> None:
    both = [
        passage("a/x", "The volume is grown by the operator with the storage tool.", section="Mitigation"),
        passage("a/y", "A volume of another cluster can be seen on the dashboard.", section="Owners"),
    ]
    assert gains(indexed(both), "How do I grow the volume?", replace(ALONE, facet=0.3)) == {"a/x": 0.3, "a/y": 0.0}
    assert set(gains(indexed(both), "volume", replace(ALONE, facet=0.3)).values()) == {0.0}


def test_what_answers_a_part_of_the_question_gains() -> None:
    question = "The payment gateway is down. How many members does the quorum need?"
    gained = gains(indexed(LIBRARY), question, replace(ALONE, part=0.4))
    assert gained["a/quorum"] > max(gained["a/restart"], gained["b/disk"])


def test_both_sides_of_a_comparison_gain() -> None:
    question = "What is the difference between the payment gateway and the quorum of etcd?"
    gained = gains(indexed(LIBRARY), question, replace(ALONE, part=0.4))
    assert min(gained["a/restart"], gained["a/quorum"]) > gained["b/disk"]


def test_good_company_in_the_same_document_raises_a_passage() -> None:
    three = [
        passage("a/gateway", "The payment gateway is restarted by the operator."),
        passage("a/gateway", "Its restart takes a minute at most.", ordinal=1),
        passage("b/lonely", "A restart takes a minute at least."),
    ]
    index = indexed(three)
    assert gains(index, "restart the payment gateway", replace(ALONE, neighbour=0.2))["b/lonely"] == 0
    ranked = find(index, "restart the payment gateway", tuning=replace(ALONE, document=0.7))
    assert documents(ranked)[:2] == ["a/gateway", "a/gateway"]


SENTENCE = "The ledger is restored from the snapshot of the last night by the operator on duty"


def test_a_near_duplicate_of_a_better_passage_is_left_out() -> None:
    copies = [passage(f"a/{i}", f"{SENTENCE}{'.' * i}") for i in range(3)]
    copies.append(passage("a/longer", f"{SENTENCE}, who then tells the team on the channel for incidents."))
    other = passage("a/other", "The ledger is archived every month to the cold bucket in another region.")
    found = find(indexed([*copies, other]), "How is the ledger restored?")
    assert sorted(documents(found))[1:] == ["a/longer", "a/other"]
    assert len(found.evidence) == 3
    assert found.considered == 5


def test_one_document_has_no_more_than_its_share() -> None:
    words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi".split()
    many = [passage("a/long", f"The ledger of {w} {w}s is kept on disk {w}.", ordinal=i) for i, w in enumerate(words)]
    many.append(passage("a/short", "A ledger is a book of accounts that nobody can change."))
    found = find(indexed(many), "the ledger kept on disk", tuning=replace(Tuning(), per_document=3))
    assert documents(found).count("a/long") == 3
    assert "a/short" in documents(found)
    assert len(find(indexed(many), "the ledger kept on disk", limit=2).evidence) == 2


def test_evidence_ends_with_the_budget_of_words() -> None:
    letters = "alpha beta gamma delta epsilon zeta".split()
    many = [passage(f"a/{w}", f"The ledger of {w} {w}s is kept on disk {w}.") for w in letters]
    found = find(indexed(many), "the ledger kept on disk", tuning=replace(Tuning(), words=20))
    assert len(found.evidence) == 2  # of ten words each


def test_the_same_question_finds_the_same() -> None:
    index = indexed(LIBRARY)
    assert find(index, "the disk of the gateway") == find(index, "the disk of the gateway")


def test_an_empty_index_has_no_evidence() -> None:
    found = find(indexed([]), "the disk of the gateway")
    assert (found.evidence, found.considered) == ((), 0)


_PLACES = ("north by the sea", "in two cellars", "next to old tapes", "for nine years", "behind steel doors", "at home")
SIX = [passage(f"docs/p{n}.md", f"The ledger is kept on disk {place}") for n, place in enumerate(_PLACES)]


class Backwards:
    """A reranker that likes what the first stage likes least."""

    identity = "backwards"

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self.read: list[str] = []

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        self.read = [p.id for p in passages]
        return [float(place) for place, _ in enumerate(passages)]

    def forget(self) -> None:
        self.read = []


def reranked(index: Recorded, text: str, reranker: Reranker, count: int) -> list[str]:
    found = search(
        text,
        index=index,
        embedder=ENCODER,
        lexical=LEXICAL,
        scope=PUBLIC,
        tuning=replace(AS_FITTED, reranked=count),
        reranker=reranker,
    )
    return [e.passage.id for e in found.evidence]


def test_a_reranker_reads_the_best_and_reorders_them_alone() -> None:
    index = indexed(SIX)
    before = [e.passage.id for e in find(index, "the ledger kept on disk").evidence]
    heavy = Backwards(100.0)
    assert reranked(index, "the ledger kept on disk", heavy, 4) == [*before[:4][::-1], *before[4:]]
    assert heavy.read == before[:4]


def test_a_reranker_that_weighs_nothing_is_not_asked() -> None:
    index = indexed(SIX)
    weightless = Backwards(0.0)
    before = [e.passage.id for e in find(index, "the ledger kept on disk").evidence]
    assert reranked(index, "the ledger kept on disk", weightless, 4) == before
    assert weightless.read == []


def test_a_reranker_that_tells_none_apart_changes_no_score() -> None:
    class Equal(Backwards):
        def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
            return [0.5] * len(passages)

    index = indexed(SIX)
    before = [e.passage.id for e in find(index, "the ledger kept on disk").evidence]
    assert reranked(index, "the ledger kept on disk", Equal(100.0), 4) == before
