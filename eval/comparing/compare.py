"""Two runs, case by case: what differs, whether it is more than chance, which cases flipped, and why they did.

Every stage of a case follows from the one before it, so a change begins at the first stage that differs: the corpus
(its gold document changed or is gone, or the evidence differs and the library does), the retriever (other evidence of
the same library), the refusal decision (same evidence, another status), the composer (other sentences), the citations
(same sentences, other places), the persona (same sentences and places, other form). The sentence contract is seen in
its probes.
"""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, ConfigDict

from eval.comparing.bootstrap import paired_interval
from eval.measures.catalog import measure
from eval.running.summary import CaseSummary, Summary

_BLAMED = {
    "corpus": "corpus",
    "evidence": "retriever",
    "decision": "refusal threshold",
    "said": "composer",
    "cited": "citations",
    "persona": "persona",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Difference(_Frozen):
    """One measure in both runs, over the cases that both have. `worse`: the interval lies wholly on the bad side."""

    name: str
    before: float
    after: float
    low: float
    high: float
    n: int
    worse: bool
    better: bool


class Flip(_Frozen):
    """A case that came out otherwise. `blamed` is where the change began."""

    id: str
    question: str
    before: str
    after: str
    blamed: str


class Comparison(_Frozen):
    """What changed from one run to the next.

    broken, mended  cases that failed only after, only before
    blamed          of what broke, how often a change began where, most first
    gone, changed, added  documents
    """

    before: str
    after: str
    differences: tuple[Difference, ...]
    broken: tuple[Flip, ...]
    mended: tuple[Flip, ...]
    blamed: dict[str, int]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    added: tuple[str, ...]
    probes_lost: int
    engine: dict[str, tuple[str, str]]


def compare(before: Summary, after: Summary) -> Comparison:
    """The comparison of two summaries. Timings are shown and never called worse or better."""
    names = [name for name in before.measures if name in after.measures]
    differences = [found for found in (_difference(name, before, after) for name in names) if found]
    pairs = [(i, before.cases[i], case) for i, case in after.cases.items() if i in before.cases]
    same = before.documents == after.documents
    broken = [_flip(i, old, new, same) for i, old, new in pairs if not old.cause and new.cause]
    mended = [_flip(i, old, new, same) for i, old, new in pairs if old.cause and not new.cause]
    slipped = [_blame(old, new, same) for _, old, new in pairs if _slipped(old, new)]
    lost = _probes_lost(before, after)
    blamed = Counter([flip.blamed for flip in broken] + slipped + ["sentence contract"] * lost)
    return Comparison(
        before=before.fingerprint,
        after=after.fingerprint,
        differences=tuple(differences),
        broken=tuple(broken),
        mended=tuple(mended),
        blamed=dict(blamed.most_common()),
        gone=tuple(sorted(set(before.documents) - set(after.documents))),
        changed=tuple(sorted(d for d, r in before.documents.items() if after.documents.get(d, r) != r)),
        added=tuple(sorted(set(after.documents) - set(before.documents))),
        probes_lost=lost,
        engine={
            key: (value, after.engine.get(key, ""))
            for key, value in before.engine.items()
            if after.engine.get(key) != value
        },
    )


def _difference(name: str, before: Summary, after: Summary) -> Difference | None:
    known = measure(name)
    ids_before, rows_before = before.table(name)
    ids_after, rows_after = after.table(name)
    places = {i: at for at, i in enumerate(ids_after)}
    shared = [(at, places[i]) for at, i in enumerate(ids_before) if i in places]
    old, new = rows_before[[a for a, _ in shared]], rows_after[[b for _, b in shared]]
    if not known.says(old):
        return None
    span = paired_interval(old, new, known.fold)
    up, down = span.low > 0, span.high < 0
    judged = known.bounded and known.better != ""
    return Difference(
        name=name,
        before=known.fold(old),
        after=known.fold(new),
        low=span.low,
        high=span.high,
        n=len(shared),
        worse=judged and (down if known.better == "up" else up),
        better=judged and (up if known.better == "up" else down),
    )


def _flip(i: str, old: CaseSummary, new: CaseSummary, same: bool) -> Flip:
    return Flip(
        id=i,
        question=new.question,
        before=old.cause or "as it should be",
        after=new.cause or "as it should be",
        blamed=_blame(old, new, same),
    )


def _blame(old: CaseSummary, new: CaseSummary, same: bool) -> str:
    """Where the change began; other evidence from another library is the corpus' doing."""
    if new.status == "crashed":
        return "crash"
    if new.status == "judged":
        return "verifier"
    differing = [stage for stage in _BLAMED if old.stages.get(stage) != new.stages.get(stage)]
    if not differing:
        return "nothing that is recorded"
    if differing[0] == "decision" and old.confidence != new.confidence:
        return "refusal decision"
    return "corpus" if differing[0] == "evidence" and not same else _BLAMED[differing[0]]


def _slipped(old: CaseSummary, new: CaseSummary) -> bool:
    """Whether a case that passes as before lost a citation's support or a rule of the persona."""
    names = ("CitationSupport", "QuoteVerbatim", "PersonaRules", "LeadBold")
    lost = any(name in old.rows and name in new.rows and new.rows[name] < old.rows[name] for name in names)
    return lost and bool(old.cause or not new.cause)


def _probes_lost(before: Summary, after: Summary) -> int:
    """Planted mistakes that the contract objected to before and lets by now, and true sentences it now objects to."""
    known = {(probe.kind, probe.text): probe.objected for probe in before.probes}
    return sum(
        (probe.kind, probe.text) in known
        and known[probe.kind, probe.text] == bool(probe.kind)
        and probe.objected != bool(probe.kind)
        for probe in after.probes
    )


def likely_cause(comparison: Comparison) -> str:
    """The cause in a few words, with what else speaks for it; "" where nothing broke."""
    if not comparison.blamed:
        return ""
    first = next(iter(comparison.blamed))
    if first == "corpus" and comparison.gone:
        return f"corpus: {', '.join(comparison.gone[:3])} {'is' if len(comparison.gone) == 1 else 'are'} gone"
    if first == "corpus":
        other = (*comparison.changed, *comparison.added)
        return f"corpus: {', '.join(other[:3]) or 'gold documents'} changed or new"
    if first == "refusal threshold":
        moved = comparison.engine.get("settings")
        return f"refusal threshold: same evidence and confidence, other decision{' (settings differ)' if moved else ''}"
    told = {
        "retriever": "retriever: other evidence for the same documents",
        "refusal decision": "refusal decision: same evidence, other confidence",
        "composer": "composer: other sentences from the same evidence",
        "citations": "citations: the same sentences point elsewhere",
        "persona": "persona: the same sentences in another form",
        "sentence contract": "sentence contract: planted mistakes are let by",
    }
    return told.get(first, first)
