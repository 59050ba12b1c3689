"""What is observed of a claim beside its evidence, as numbers: words, order, numbers, names and polarity.

1. The evidence is cut into sentences; the `MOST` that share most words with the claim are looked at.
2. The first of them is what the claim restates (`restated`). What is missing from it, what stands in place of it, and
   what of it the claim leaves out, are counted by kinds of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.grounding.quantity.compare import facets
from service.grounding.segment import as_read, segments
from service.grounding.weighing.words import BOUNDS, CONDITIONS, NEGATIONS, SCOPES, Worded, stems, worded

MOST = 5


@dataclass(frozen=True, slots=True)
class Candidates:
    """A claim and the sentences of its evidence that are looked at, best first.

    others  stems of the words of the whole evidence
    size    how many sentences the evidence has
    """

    claim: Worded
    sentences: tuple[Worded, ...]
    others: frozenset[str]
    size: int


def candidates(sentence: str, spans: Sequence[str]) -> Candidates:
    """What of the evidence is compared with the claim."""
    claim = worded(as_read(sentence))
    wanted = frozenset().union(*(word.stems for word in claim.words if word.content))
    texts = tuple(dict.fromkeys(s.text for span in spans for s in segments(span)))
    known = [stems(text) for text in texts]
    order = sorted(range(len(texts)), key=lambda at: (-_agreement(wanted, known[at]), at))
    return Candidates(claim, tuple(worded(texts[at]) for at in order[:MOST]), frozenset().union(*known), len(texts))


def _agreement(wanted: frozenset[str], there: frozenset[str]) -> float:
    both = len(wanted & there)
    return both / max(1, len(wanted)) + 0.25 * both / max(4, len(there))


def restated(found: Candidates) -> Worded:
    """The sentence of the evidence that the claim restates; an empty one of no evidence."""
    return found.sentences[0] if found.sentences else worded("")


def observe(found: Candidates) -> dict[str, float]:
    """Every observation by its name; the names and their order are always the same."""
    said = restated(found)
    return {
        **_coverage(found, said),
        **_order(found, said),
        **_numbers(found, said),
        **_names(found, said),
        **_polarity(found, said),
    }


def _coverage(found: Candidates, beside: Worded) -> dict[str, float]:
    wanted = found.claim.content
    size = max(1, len(wanted))
    looked = frozenset().union(*(one.content for one in found.sentences))
    within = max((len(wanted & (beside.content | one.content)) for one in found.sentences), default=0)
    halves = [w.folded for w in found.claim.words if w.content]
    first, second = frozenset(halves[: len(halves) // 2]), frozenset(halves[len(halves) // 2 :])
    missing = wanted - beside.content
    there = {word.folded for word in found.claim.words if word.content and word.stems <= found.others}
    return {
        "covered": len(wanted & beside.content) / size,
        "covered_within": within / size,
        "covered_looked": len(wanted & looked) / size,
        "covered_all": len(wanted & there) / size,
        "said": len(wanted & beside.content) / max(1, len(beside.content)),
        "first_half": len(first & beside.content) / max(1, len(first)),
        "second_half": len(second & beside.content) / max(1, len(second)),
        "missing": float(len(missing)),
        "missing_elsewhere": float(len(missing & there)),
        "missing_everywhere": float(len(missing - there)),
        "left_out": float(len(beside.content - wanted)),
        "claim_words": float(len(found.claim.words)),
        "beside_words": float(len(beside.words)),
        "evidence_sentences": float(min(50, found.size)),
    }


def _order(found: Candidates, beside: Worded) -> dict[str, float]:
    told, said = [w.small for w in found.claim.words], [w.small for w in beside.words]
    matcher = SequenceMatcher(None, told, said, autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    known = frozenset().union(*(one.pairs for one in found.sentences))
    pairs = max(1, len(found.claim.pairs))
    replaced = [found.claim.words[i] for op, a, b, _, _ in changes if op == "replace" for i in range(a, b)]
    run = max((block.size for block in matcher.get_matching_blocks()), default=0)
    return {
        "in_order": matcher.ratio(),
        "longest_run": run / max(1, len(told)),
        "replacements": float(sum(op == "replace" for op, *_ in changes)),
        "insertions": float(sum(op == "insert" for op, *_ in changes)),
        "deletions": float(sum(op == "delete" for op, *_ in changes)),
        "replaced_elsewhere": float(sum(w.content and w.stems <= found.others for w in replaced)),
        "replaced_new": float(sum(w.content and not w.stems <= found.others for w in replaced)),
        "pairs_beside": len(found.claim.pairs & beside.pairs) / pairs,
        "pairs_looked": len(found.claim.pairs & known) / pairs,
    }


def _numbers(found: Candidates, beside: Worded) -> dict[str, float]:
    there = [q for one in found.sentences for q in one.quantities]
    counts = dict.fromkeys(("value", "unit", "bound", "qualifier", "kind"), 0.0)
    absent = wrong = 0
    for quantity in found.claim.quantities:
        absent += not any(not facets(quantity, other) for other in there)
        closest = min((facets(quantity, other) for other in beside.quantities), key=len, default=("kind",))
        wrong += bool(closest)
        for facet in closest:
            counts[facet] += 1
    digits = {w.small for w in found.claim.words if w.number} - {w.small for w in beside.words if w.number}
    return {
        "quantities": float(len(found.claim.quantities)),
        "quantities_absent": float(absent),
        "quantities_wrong": float(wrong),
        **{f"differs_{facet}": value for facet, value in counts.items()},
        "digits_missing": float(len(digits)),
        "digits_new": float(len([w for w in digits if all(w not in one.text.lower() for one in found.sentences)])),
    }


def _names(found: Candidates, beside: Worded) -> dict[str, float]:
    called = {w.small for w in found.claim.words if w.name}
    near = {w.small for w in beside.words}
    there = {w.small for one in found.sentences for w in one.words}
    known = {name for one in found.sentences for name in one.names}
    lost = {w.small for w in beside.words if w.name} - {w.small for w in found.claim.words}
    return {
        "identifiers": float(len(found.claim.names)),
        "identifiers_absent": float(sum(name not in known for name in found.claim.names)),
        "identifiers_not_beside": float(sum(name not in beside.names for name in found.claim.names)),
        "names": float(len(called)),
        "names_not_beside": float(len(called - near)),
        "names_absent": float(len(called - there)),
        "names_lost": float(len(lost)),
    }


def _polarity(found: Candidates, beside: Worded) -> dict[str, float]:
    told, said = found.claim.count(NEGATIONS), beside.count(NEGATIONS)
    counts = {"negations": float(told), "negations_beside": float(said), "turned": float((told + said) % 2)}
    for name, among in (("conditions", CONDITIONS), ("scopes", SCOPES), ("bounds", BOUNDS)):
        own = {w.small for w in found.claim.words} & among
        theirs = {w.small for w in beside.words} & among
        counts |= {f"{name}_gained": float(len(own - theirs)), f"{name}_lost": float(len(theirs - own))}
    return counts


NAMES = tuple(observe(candidates("", ())))
