"""Claims with the sentences of their evidence: whether what is read bears out a statement, not only a question.

A candidate holds up to four sentences of the evidence that together hold most words of the claim. Claims that people
labelled come from faithfulness_unified, where their licence allows weights that ship; two domains of summedits report.
Perturbed sentences come from the documents of the stores that are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random

from eval.training.pairs import Labelled, claims, keep, perturbed, sets
from eval.training.parts import LABELLED
from eval.training.selector.groups import Candidate, Group, content, cut

HELD = ("summedits_samsum", "summedits_sales_email")
"""Sets that train nothing and report."""
_ADDS = (0, 1, 2, 2)
"""Words of the claim that one more sentence has to add."""
_STORES = ("handbook", "multi")
_MOST = {"labelled": 4000, "perturbed": 6000}


def claimed(stores: Path, data: Path, work: Path, *, random: Random) -> list[Group]:
    """The groups that train: a claim each, with one candidate. The pairs are kept in the folder of the work."""
    names = [name for name in sets(data, LABELLED) if name not in HELD]
    labelled = [pair for name in names for pair in keep(work, name, partial(claims, data, name))]
    changed: list[Labelled] = []
    for name in _STORES:
        make = partial(perturbed, stores / name, name, low=0, high=1, documents=120, size=400)
        changed.extend(keep(work, f"perturbed/{name}", make))
    drawn = [
        pair
        for kind, pairs in (("labelled", labelled), ("perturbed", changed))
        for pair in random.sample(pairs, min(len(pairs), _MOST[kind]))
    ]
    return [group_of(pair) for pair in drawn]


def held_claims(data: Path, work: Path) -> list[Group]:
    """The groups of the sets that report."""
    return [group_of(pair) for name in HELD for pair in keep(work, name, partial(claims, data, name))]


def group_of(pair: Labelled) -> Group:
    """A claim beside what of its evidence is nearest."""
    read = Candidate(nearest(pair.claim, pair.evidence), pair.known == "supported")
    return Group(pair.claim, (read,), (), pair.group)


def nearest(claim: str, evidence: Sequence[str]) -> str:
    """The sentence that holds most words of the claim and those that add to it, in their order."""
    told = list(_sentences(evidence))
    wanted = set(content(claim))
    said = [set(content(sentence)) for sentence in told]
    chosen: list[int] = []
    for place in range(min(len(_ADDS), len(told))):
        missing = wanted.difference(*(said[at] for at in chosen))
        free = [at for at in range(len(told)) if at not in chosen]
        best = max(free, key=lambda at: (len(said[at] & missing), -len(said[at])))
        if chosen and len(said[best] & missing) < _ADDS[place]:
            break
        chosen.append(best)
    return " ".join(told[at] for at in sorted(chosen))


def _sentences(evidence: Sequence[str]) -> Iterator[str]:
    for text in evidence:
        yield from (sentence for span in cut(text) if (sentence := text[span.start : span.end].strip()))
