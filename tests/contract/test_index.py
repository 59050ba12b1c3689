"""One suite over every adapter of the `Index` port; `MemoryIndex` is the oracle of the other two."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from math import hypot
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import AccessError, IndexFailure
from corpus.passages import Passage, Point, Sparse
from corpus.ports import Index, Query, Scope
from ingest.index.embedded import EmbeddedIndex, open_embedded
from ingest.index.memory import MemoryIndex
from ingest.index.remote import RemoteIndex, open_remote

DIMENSION = 4
EVERYONE = Scope(frozenset({"public"}))


class Adapter:
    """Lends out emptied indexes, and reopens them where that means something.

    Making an embedded index waits for the disk a dozen times, so the tests of this module share theirs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Index] = []
        self.lent = 0

    def make(self, number: int) -> Index:
        raise NotImplementedError

    def open(self) -> Index:
        if self.lent == len(self.made):
            self.made.append(self.make(self.lent))
        index = self.made[self.lent]
        index.remove([p.passage.id for p in index.scan()])
        self.lent += 1
        return index

    def reopen(self, index: Index) -> Index:
        return index

    def close(self) -> None:
        pass


class Embedded(Adapter):
    def make(self, number: int) -> Index:
        folder = self.folder / str(number)
        return open_embedded(folder, dimension=DIMENSION, encoder_identity="e", lexical_identity="l", wait=0)

    def reopen(self, index: Index) -> Index:
        number = self.made.index(index)
        assert isinstance(index, EmbeddedIndex)
        index.close()
        self.made[number] = self.make(number)
        return self.made[number]

    def close(self) -> None:
        for index in self.made:
            assert isinstance(index, EmbeddedIndex)
            index.close()


class Remote(Adapter):
    """qdrant-client's in-process twin of a server."""

    def make(self, number: int) -> Index:
        return open_remote(":memory:", dimension=DIMENSION, encoder_identity="e", lexical_identity="l")

    def close(self) -> None:
        for index in self.made:
            assert isinstance(index, RemoteIndex)
            index.close()


class Memory(Adapter):
    def make(self, number: int) -> Index:
        return MemoryIndex(dimension=DIMENSION)


@pytest.fixture(scope="module", params=[Embedded, Remote, Memory], ids=lambda kind: kind.__name__)
def shared_adapter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adapter]:
    adapter: Adapter = request.param(tmp_path_factory.mktemp("indexes"))
    yield adapter
    adapter.close()


@pytest.fixture
def adapter(shared_adapter: Adapter) -> Adapter:
    shared_adapter.lent = 0
    return shared_adapter


@pytest.fixture
def index(adapter: Adapter) -> Index:
    return adapter.open()


def point(
    number: int,
    *,
    dense: Sequence[float] | None = (1.0, 0.0, 0.0, 0.0),
    terms: dict[int, float] | None = None,
    **changes: object,
) -> Point:
    terms = {1: 1.0} if terms is None else terms
    passage = Passage(
        id=str(uuid.UUID(int=number)),
        document="docs/a.md",
        revision="0" * 64,
        source="docs",
        title="A",
        kind="design",
        status="accepted",
        section=("One", "Two"),
        start=number,
        end=number + 5,
        text=f"text {number}",
        header="A > One > Two",
        ordinal=number,
        place="lines 1-2",
        modified_at="2026-11-22",
        access=("public",),
    )
    sparse = Sparse(tuple(sorted(terms)), tuple(terms[t] for t in sorted(terms)))
    return Point(replace(passage, **changes), sparse, None if dense is None else tuple(dense))  # type: ignore[arg-type]


def numbers(hits: object) -> list[int]:
    return [uuid.UUID(h.passage.id).int for h in hits]  # type: ignore[attr-defined]


def assert_same(found: list[Point], wanted: list[Point]) -> None:
    assert [p.passage for p in found] == [p.passage for p in wanted]
    for a, b in zip(found, wanted, strict=True):
        assert a.sparse.indices == b.sparse.indices
        assert a.sparse.values == pytest.approx(b.sparse.values, rel=1e-6)
        assert (a.dense is None) == (b.dense is None)
        if a.dense is not None and b.dense is not None:
            assert a.dense == pytest.approx([x / hypot(*b.dense) for x in b.dense], abs=1e-6)


def now_and_reopened(adapter: Adapter, index: Index) -> Iterator[Index]:
    yield index
    yield adapter.reopen(index)


DENSE = (1.0, 0.0, 0.0, 0.0)


def by_dense(index: Index, scope: Scope = EVERYONE, limit: int = 10, vector: Sequence[float] = DENSE) -> list[int]:
    return numbers(index.search(Query(vector, scope, limit)))


def by_terms(index: Index, *terms: int, scope: Scope = EVERYONE, limit: int = 10) -> list[int]:
    return numbers(index.search(Query(Sparse(terms, (1.0,) * len(terms)), scope, limit)))


def test_empty_index_finds_nothing(index: Index) -> None:
    assert by_dense(index) == []
    assert by_terms(index, 1) == []
    assert list(index.scan()) == []


def test_every_field_of_a_passage_comes_back(adapter: Adapter) -> None:
    index = adapter.open()
    odd = point(
        7,
        document="docs/Ünïcode – ☃/näme.md",
        revision="f" * 64,
        source="docs ☃",
        title='quotes " and \\ back',
        kind="adr",
        status="",
        section=(),
        text="emoji 🦀, nul \x00, line\u2028separator, lone \ud800 surrogate, CRLF\r\n\ttab",
        header="",
        place="Costs!A1:C4",
        modified_at="",
        access=("group:größe", "public", "user:ann"),
    )
    index.write([odd])
    assert index.search(Query(DENSE, EVERYONE, 1))[0].passage == odd.passage
    index = adapter.reopen(index)
    found = next(index.scan()).passage
    assert {f.name: getattr(found, f.name) for f in fields(Passage)} == {
        f.name: getattr(odd.passage, f.name) for f in fields(Passage)
    }
    assert found == odd.passage
    assert hash(found) == hash(odd.passage)


def test_dense_search_ranks_by_cosine_whatever_the_length(index: Index) -> None:
    index.write([point(1, dense=(5, 5, 0, 0)), point(2, dense=(0.1, 0, 0, 0)), point(3, dense=(-1, 0, 0, 0))])
    hits = index.search(Query((3.0, 0.0, 0.0, 0.0), EVERYONE, 10))
    assert numbers(hits) == [2, 1, 3]
    assert [h.score for h in hits] == pytest.approx([1, 0.5**0.5, -1], abs=1e-6)


def test_sparse_search_prefers_the_rarer_term(index: Index) -> None:
    index.write([point(n, terms={1: 1.0}) for n in range(8)] + [point(9, terms={2: 1.0})])
    hits = index.search(Query(Sparse((1, 2), (1.0, 1.0)), EVERYONE, 3))
    assert numbers(hits) == [9, 0, 1]
    assert hits[0].score == pytest.approx(1.8971, abs=1e-4)  # ln(1 + 8.5 / 1.5)
    assert hits[1].score == pytest.approx(0.1625, abs=1e-4)  # ln(1 + 1.5 / 8.5)


def test_sparse_search_leaves_out_what_shares_no_term(index: Index) -> None:
    index.write([point(1, terms={1: 1.0}), point(2, terms={2: 1.0}), point(3, terms={})])
    assert by_terms(index, 1) == [1]
    assert by_terms(index, 3) == []
    assert by_terms(index) == []


def test_a_point_without_dense_vector_is_found_by_its_terms_only(index: Index) -> None:
    index.write([point(1, dense=None)])
    assert by_terms(index, 1) == [1]
    assert by_dense(index) == []
    index.write([point(1)])
    assert by_dense(index) == [1]
    index.write([point(1, dense=None)])
    assert by_dense(index) == []
    assert_same(list(index.scan()), [point(1, dense=None)])


def test_write_replaces_the_whole_point(adapter: Adapter) -> None:
    index = adapter.open()
    index.write([point(1, terms={1: 1.0, 2: 1.0}), point(2)])
    new = point(1, terms={3: 2.0}, dense=(0, 1, 0, 0), text="new", access=("user:ann",))
    index.write([new])
    for now in now_and_reopened(adapter, index):
        assert by_terms(now, 2) == []
        assert by_terms(now, 3) == []
        assert by_terms(now, 3, scope=Scope(frozenset({"user:ann"}))) == [1]
        assert_same(list(now.scan()), [new, point(2)])


def test_the_last_of_an_id_in_one_batch_wins(index: Index) -> None:
    index.write([point(1, text="first"), point(2), point(1, text="last")])
    assert [p.passage.text for p in index.scan()] == ["last", "text 2"]


def test_removed_points_are_gone_from_everywhere(adapter: Adapter) -> None:
    index = adapter.open()
    index.write([point(n) for n in range(5)])
    index.remove([point(n).passage.id for n in (1, 3, 99)] + ["no uuid"])
    index.remove([])
    for now in now_and_reopened(adapter, index):
        assert by_dense(now) == by_terms(now, 1) == [0, 2, 4]
        assert_same(list(now.scan()), [point(n) for n in (0, 2, 4)])


def test_a_removed_point_can_be_written_again(adapter: Adapter) -> None:
    index = adapter.open()
    index.write([point(1), point(2)])
    index.remove([point(1).passage.id])
    index = adapter.reopen(index)
    index.write([point(1, text="back")])
    index = adapter.reopen(index)
    assert [p.passage.text for p in index.scan()] == ["back", "text 2"]


def test_limit_is_kept(index: Index) -> None:
    index.write([point(n) for n in range(5)])
    for limit in (0, 1, 4, 5, 6):
        assert by_dense(index, limit=limit) == by_terms(index, 1, limit=limit) == list(range(min(limit, 5)))


def test_ties_are_settled_by_id_also_across_the_cut(index: Index) -> None:
    order = [13, 2, 40, 7, 1, 30, 5, 22, 9, 3, 17, 11]
    index.write([point(n) for n in order])
    index.write([point(100, dense=(1, 1, 0, 0), terms={1: 0.5})])
    for limit in (1, 3, 12, 13):
        wanted = [*sorted(order), 100][:limit]
        assert by_dense(index, limit=limit) == by_terms(index, 1, limit=limit) == wanted


def test_a_tie_of_hundreds_is_settled_by_id_too(index: Index) -> None:
    index.write([point(n) for n in reversed(range(600))])
    hits = index.search(Query(DENSE, EVERYONE, 3))
    assert [h.passage for h in hits] == [point(n).passage for n in range(3)]
    assert by_terms(index, 1, limit=3) == [0, 1, 2]


def test_scan_is_in_order_of_id_beyond_one_page(index: Index) -> None:
    many = [point(n * 7919 % 1009) for n in range(600)]
    index.write(many)
    assert_same(list(index.scan()), sorted(many, key=lambda p: p.passage.id))


def test_read_gives_the_points_that_are_there_in_order_of_id(index: Index) -> None:
    index.write([point(n) for n in range(5)])
    everything = list(index.scan())
    asked = [everything[3].passage.id, str(uuid.uuid4()), "no id at all", everything[1].passage.id]
    assert index.read(asked) == [everything[1], everything[3]]
    assert index.read([]) == []


def test_access_is_kept(index: Index) -> None:
    index.write([point(1, access=("group:a",)), point(2, access=("group:b", "user:ann")), point(3, access=("public",))])
    for caller, wanted in [
        ({"public"}, [3]),
        ({"group:a"}, [1]),
        ({"group:a", "user:ann"}, [1, 2]),
        ({"group:c"}, []),
        ({"group:a", "group:b", "public"}, [1, 2, 3]),
    ]:
        scope = Scope(frozenset(caller))
        assert by_dense(index, scope) == by_terms(index, 1, scope=scope) == wanted


def test_a_query_without_access_is_refused(index: Index) -> None:
    index.write([point(1)])
    for query in (Query(DENSE, Scope(frozenset()), 1), Query(Sparse((1,), (1.0,)), Scope(frozenset()), 1)):
        with pytest.raises(AccessError):
            index.search(query)


def test_sources_kinds_and_exclusions_narrow_the_list(index: Index) -> None:
    index.write(
        [
            point(1, source="a", kind="adr", document="a/1"),
            point(2, source="a", kind="runbook", document="a/2"),
            point(3, source="b", kind="adr", document="b/3"),
            point(4, source="b", kind="adr", document="b/3"),
        ]
    )
    access = frozenset({"public"})
    for scope, wanted in [
        (Scope(access, sources=frozenset({"a"})), [1, 2]),
        (Scope(access, sources=frozenset({"a", "b"}), kinds=frozenset({"adr"})), [1, 3, 4]),
        (Scope(access, sources=frozenset({"c"})), []),
        (Scope(access, exclude=frozenset({"b/3", "none"})), [1, 2]),
        (Scope(access, kinds=frozenset({"adr"}), exclude=frozenset({"a/1"})), [3, 4]),
        (Scope(frozenset({"group:x"}), sources=frozenset({"a"})), []),
    ]:
        assert by_dense(index, scope) == by_terms(index, 1, scope=scope) == wanted


def test_what_is_out_of_scope_changes_no_score(adapter: Adapter) -> None:
    seen = [point(n, terms={1: 1.0, 2: 1.0} if n % 3 else {2: 2.0}) for n in range(9)]
    secret = [point(n, terms={1: 1.0}, access=("group:secret",)) for n in range(100, 140)]
    alone, crowded = adapter.open(), adapter.open()
    alone.write(seen)
    crowded.write(secret + seen)
    query = Query(Sparse((1, 2), (1.0, 1.0)), EVERYONE, 20)
    assert crowded.search(query) == alone.search(query)


REFUSED = {
    "short": point(2, dense=(1.0, 0.0, 0.0)),
    "zero": point(2, dense=(0.0, 0.0, 0.0, 0.0)),
    "nan": point(2, dense=(float("nan"), 0.0, 0.0, 1.0)),
    "infinite": point(2, dense=(float("inf"), 0.0, 0.0, 1.0)),
    "beyond single precision": point(2, dense=(1e200, 0.0, 0.0, 1.0)),
    "descending": replace(point(2), sparse=Sparse((2, 1), (1.0, 1.0))),
    "twice": replace(point(2), sparse=Sparse((1, 1), (1.0, 1.0))),
    "uneven": replace(point(2), sparse=Sparse((1,), (1.0, 1.0))),
    "beyond 32 bits": replace(point(2), sparse=Sparse((2**32,), (1.0,))),
    "negative index": replace(point(2), sparse=Sparse((-1,), (1.0,))),
    "sparse nan": point(2, terms={1: float("nan")}),
    "sparse infinite": point(2, terms={1: float("inf")}),
    "sparse zero": point(2, terms={1: 0.0}),
    "no access": point(2, access=()),
    "no principal": point(2, access=("everyone",)),
    "no uuid": point(2, id="docs/a.md#2"),
    "upper-case uuid": point(2, id=str(uuid.UUID(int=2**127 + 0xABC)).upper()),
    "surrogate in a name": point(2, document="docs/\udce4.md"),
}


def test_a_refused_batch_leaves_nothing_behind(adapter: Adapter) -> None:
    index = adapter.open()
    index.write([point(9)])
    for name, bad in REFUSED.items():
        with pytest.raises(IndexFailure, match="cannot be indexed"):
            index.write([point(1), bad, point(3)])
        assert numbers(index.scan()) == [9], name
    for now in now_and_reopened(adapter, index):
        assert_same(list(now.scan()), [point(9)])
        assert by_dense(now) == by_terms(now, 1) == [9]


@pytest.mark.parametrize("vector", [(1.0,), (0.0,) * 4, (float("nan"),) * 4, Sparse((2, 1), (1.0, 1.0))])
def test_a_useless_query_vector_is_refused(index: Index, vector: Sequence[float] | Sparse) -> None:
    index.write([point(1)])
    with pytest.raises(IndexFailure):
        index.search(Query(vector, EVERYONE, 1))


Step = list[Point] | set[int] | str

weights = st.floats(0.0625, 10, width=32)
terms = st.dictionaries(st.integers(0, 5), weights, max_size=4)
points = st.builds(
    point,
    st.integers(0, 7),
    dense=st.none() | st.tuples(*[st.integers(1, 3)] * DIMENSION),
    terms=terms,
    source=st.sampled_from("ab"),
    access=st.sampled_from([("public",), ("group:g", "public"), ("group:g",)]),
    text=st.text(max_size=8),
)
scopes = st.builds(
    Scope,
    st.sampled_from([frozenset({"public"}), frozenset({"group:g"}), frozenset({"user:u", "group:g"})]),
    sources=st.sampled_from([frozenset[str](), frozenset({"a"})]),
)
steps = st.lists(
    st.lists(points, max_size=4) | st.sets(st.integers(0, 7), min_size=1, max_size=3) | st.just("reopen"), max_size=8
)


changes = given(steps, terms, st.tuples(*[st.integers(1, 3)] * DIMENSION), scopes)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@changes
def test_any_sequence_of_changes_ends_as_the_model(
    adapter: Adapter, steps: list[Step], terms: dict[int, float], vector: tuple[int, ...], scope: Scope
) -> None:
    assert_ends_as_the_model(adapter, steps, terms, vector, scope)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@changes
def test_many_sequences_of_changes_end_as_the_model(
    adapter: Adapter, steps: list[Step], terms: dict[int, float], vector: tuple[int, ...], scope: Scope
) -> None:
    assert_ends_as_the_model(adapter, steps, terms, vector, scope)


def assert_ends_as_the_model(
    adapter: Adapter, steps: list[Step], terms: dict[int, float], vector: tuple[int, ...], scope: Scope
) -> None:
    adapter.lent = 0
    index, oracle = adapter.open(), MemoryIndex(dimension=DIMENSION)
    model: dict[str, Point] = {}
    for step in steps:
        if isinstance(step, str):
            index = adapter.reopen(index)
        elif isinstance(step, set):
            gone = [str(uuid.UUID(int=n)) for n in step]
            index.remove(gone)
            oracle.remove(gone)
            model = {k: v for k, v in model.items() if k not in gone}
        else:
            index.write(step)
            oracle.write(step)
            model |= {p.passage.id: p for p in step}
    assert_same(list(index.scan()), [model[k] for k in sorted(model)])
    sparse = Sparse(tuple(sorted(terms)), tuple(terms[t] for t in sorted(terms)))
    for query in (Query(vector, scope, 20), Query(sparse, scope, 20)):
        found = {h.passage.id: h.score for h in index.search(query)}
        assert found == pytest.approx({h.passage.id: h.score for h in oracle.search(query)}, rel=1e-5, abs=1e-5)
