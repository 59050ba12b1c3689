"""Question -> ranked evidence.

1. The question is looked up densely and lexically, and lexically again by its sides, if it compares, or by the last
   question inside it; the caller's scope is inside every query to the index.
2. The lists are fused (`fuse`); the parts of a question count less than the whole.
3. Passages are raised that carry the question's identifiers verbatim, most where their title does; that stand under a
   heading of the kind the question asks for (`facets`); whose neighbours are good; and whose document is.
4. The best two dozen are read again by a reranker, where there is one, and raised by how well each fits.
5. Near-duplicates of a better passage and passages beyond a document's share are passed over, until the limit or the
   budget of words is reached.

The weights are fitted by hand on kubernetes-enhancements, the handbook and the multi-format corpus; the table is in
the technical report.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.identifiers import stands_in
from corpus.passages import Hit, Passage
from corpus.ports import Embedder, Index, LexicalEncoder, Query, Scope
from retrieval.evidence import Evidence, Found
from retrieval.facets import facets, promises
from retrieval.fuse import Method, fuse
from retrieval.question import Question, analyse
from retrieval.rerank.reranker import Reranker, Unranked

_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Tuning:
    """How candidates are weighed.

    depth       candidates a list of the whole question
    part_depth  candidates a list of a part
    dense       weight of a dense list against a lexical one of weight 1
    part        weight of the lists of a part of the question
    identifier  added for an identifier of the question found verbatim in a passage, twice for one in its title
    document    added for the strength of a passage's document: the mean of its three best scores, as a share of the
                best document's
    facet       added for a passage under a heading of the kind that the question asks for
    reranked    candidates that the reranker reads
    neighbour   share of the better neighbour's score that a passage is given
    per_document  passages of one document among the evidence at most
    words       budget of words of the evidence; a passage that is begun is kept
    duplicate   Jaccard similarity of word trigrams from which a passage is a near-duplicate
    """

    method: Method = "minmax"
    depth: int = 100
    part_depth: int = 40
    dense: float = 0.8
    part: float = 0.4
    identifier: float = 0.1
    document: float = 0.7
    facet: float = 0.3
    reranked: int = 24
    neighbour: float = 0.2
    per_document: int = 10
    words: int = 6000
    duplicate: float = 0.9


def search(
    text: str,
    *,
    index: Index,
    embedder: Embedder,
    lexical: LexicalEncoder,
    scope: Scope,
    limit: int = 20,
    tuning: Tuning = Tuning(),
    reranker: Reranker | None = None,
) -> Found:
    """The best evidence for a question that the scope admits, by words alone where the vector is of zeros.

    Raises what the ports raise.
    """
    question = analyse(text)
    vector = embedder.embed([question.text])[0]
    dense = index.search(Query(vector, scope, tuning.depth)) if any(vector) else []
    sparse = index.search(Query(lexical.query(question.text), scope, tuning.depth))
    parts = [index.search(Query(lexical.query(part), scope, tuning.part_depth)) for part in _asked(question)]
    weights = [tuning.dense, 1.0, *(tuning.part / len(parts) for _ in parts)]
    fused = fuse([dense, sparse, *parts], weights, tuning.method)
    raised = _rerank(question, _raise(question, fused, tuning), reranker or Unranked(), tuning.reranked)
    cosine, bm25 = _scores(dense), _scores(sparse)
    ranked = [Evidence(p, s, cosine.get(p.id, 0.0), bm25.get(p.id, 0.0)) for p, s in raised]
    chosen, variants = _select(ranked, limit, tuning)
    return Found(question, vector, tuple(chosen), len(ranked), tuple(variants))


def _asked(question: Question) -> tuple[str, ...]:
    """The parts that are searched for by themselves: both sides of a comparison, else the last one, since what stands
    before it is mostly the setting."""
    return question.parts if question.compares else question.parts[-1:]


def _raise(question: Question, fused: Sequence[tuple[Passage, float]], tuning: Tuning) -> list[tuple[Passage, float]]:
    """The fused scores with what names, headings, neighbours and documents add, best first, ties by passage id."""
    wanted = facets(question.text)
    names = _named(question, [p for p, _ in fused])
    own = {p.id: s + tuning.identifier * names[p.id] + tuning.facet * promises(p, wanted) for p, s in fused}
    at = {(p.document, p.ordinal): own[p.id] for p, _ in fused}
    near = [(p, max(at.get((p.document, p.ordinal + step), 0.0) for step in (-1, 1))) for p, _ in fused]
    scored = [(p, own[p.id] + tuning.neighbour * best) for p, best in near]
    strength = _strength(scored)
    return sorted(((p, s + tuning.document * strength[p.document]) for p, s in scored), key=lambda x: (-x[1], x[0].id))


def _strength(ranked: Sequence[tuple[Passage, float]]) -> dict[str, float]:
    """How strong each document is: the mean of its three best passages against the best document's, at most 1."""
    best: dict[str, list[float]] = {}
    for passage, score in sorted(ranked, key=lambda x: -x[1]):
        best.setdefault(passage.document, []).append(score)
    means = {document: sum(scores[:3]) / 3 for document, scores in best.items()}
    top = max(means.values(), default=0.0)
    return {document: mean / top if top > 0 else 0.0 for document, mean in means.items()}


def _rerank(
    question: Question, raised: Sequence[tuple[Passage, float]], reranker: Reranker, count: int
) -> list[tuple[Passage, float]]:
    """The first `count` raised by their share of the way from the worst score of the reranker to its best, times its
    weight; where it tells none apart, all stay as they are."""
    if not reranker.weight or len(raised) < 2:
        return list(raised)
    passages = [p for p, _ in raised[:count]]
    scores = reranker.score(question.text, passages)
    low, high = min(scores), max(scores)
    if high <= low:
        return list(raised)
    gains = [reranker.weight * (score - low) / (high - low) for score in scores]
    first = [(p, s + gain) for (p, s), gain in zip(raised[:count], gains, strict=True)]
    return [*sorted(first, key=lambda x: (-x[1], x[0].id)), *raised[count:]]


def _scores(hits: Sequence[Hit]) -> dict[str, float]:
    """Raw score by passage id."""
    return {h.passage.id: h.score for h in hits}


def _named(question: Question, passages: Sequence[Passage]) -> dict[str, float]:
    """How far each passage carries the question's identifiers, 0 to 2 each.

    One in the title or headings counts twice; one that many candidates carry says little, and one that all carry says
    nothing.
    """
    carried = dict.fromkeys((p.id for p in passages), 0.0)
    if not question.identifiers:
        return carried
    heads = [(p, f"{p.title} {p.document} {' '.join(p.section)}".lower(), p.text.lower()) for p in passages]
    for name in question.identifiers:
        low = name.lower()
        held = {p.id: 2.0 if low in h and stands_in(name, h) else float(stands_in(name, t)) for p, h, t in heads}
        held = {i: found for i, found in held.items() if found}
        rare = 1 - math.log(1 + len(held)) / math.log(1 + len(passages)) if passages else 0.0
        for passage, found in held.items():
            carried[passage] += found * rare
    return carried


def _select(ranked: Sequence[Evidence], limit: int, tuning: Tuning) -> tuple[list[Evidence], list[Evidence]]:
    """The first `limit` that are neither near-duplicates of a better one nor beyond their document's share, while the
    budget of words lasts; and the near-duplicates in other documents that do not say quite the same."""
    words = 0
    chosen: list[Evidence] = []
    variants: list[Evidence] = []
    shingles: list[frozenset[tuple[str, ...]]] = []
    share: dict[str, int] = {}
    for item in ranked:
        if len(chosen) == limit or words >= tuning.words:
            break
        if share.get(item.passage.document, 0) >= tuning.per_document:
            continue
        own = _trigrams(item.passage.text)
        twin = next((i for i, other in enumerate(shingles) if _alike(own, other, tuning.duplicate)), None)
        if twin is not None:
            if own != shingles[twin] and item.passage.document != chosen[twin].passage.document:
                variants.append(item)
            continue
        chosen.append(item)
        words += len(item.passage.text.split())
        shingles.append(own)
        share[item.passage.document] = share.get(item.passage.document, 0) + 1
    return chosen, variants


def _alike(own: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]], least: float) -> bool:
    """Whether two texts share that much of their trigrams; texts without any are like nothing."""
    if not own or not other or min(len(own), len(other)) < least * max(len(own), len(other)):
        return False  # sets of so different sizes cannot share that much, and counting is quicker than comparing
    return len(own & other) >= least * len(own | other)


def _trigrams(text: str) -> frozenset[tuple[str, ...]]:
    """Word trigrams, case aside."""
    words = _TOKEN.findall(text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))
