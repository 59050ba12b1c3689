"""Documents made to disagree: how many of the planted disagreements an answer tells, and by which rule.

    python -m eval.standing.disagreements --store .aether/keps --seed 1 --size 20

1. `eval.perturb` changes one number, unit, name or denial of a sentence. The section that it stands in becomes a
   document, and the section with the changed sentence another one.
2. The two differ in their standing too, by turns: the newer date, accepted beside proposed, one that supersedes the
   other, or nothing. So it is known which of them takes precedence, and by which rule.
3. Each pair is asked about by its sentence without what was changed, in a source of its own.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Document
from eval.cli.ended import ended
from eval.perturb import sample, stored
from eval.perturbing.perturbed import PerturbationKind, Perturbed
from ingest.discover import SourceRoot
from ingest.report import Silent
from ingest.store.store import Store
from service.answer import Answer
from service.bring import Wanted, bring
from service.engine import Request
from service.settings import Settings, read_settings
from service.wiring import Wiring

PLANTED: tuple[PerturbationKind, ...] = ("number", "unit", "entity", "negation")
_STANDINGS = {
    "newer revision over older": ("status: accepted\ndate: 2024-02-01", "status: accepted\ndate: 2026-03-01"),
    "accepted over proposed": ("status: draft", "status: accepted"),
    "superseding over superseded": ("status: superseded\nsuperseded-by: 0002-second.md", "status: accepted"),
    "": ("kind: guide", "kind: guide"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents that disagree. `rule` says why the second takes precedence, "" where nothing does."""

    kind: PerturbationKind
    question: str
    first: str
    second: str
    rule: str
    original: str
    changed: str


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer made of a pair: whether it tells the conflict with both sides, and by the right rule."""

    pair: Pair
    told: bool
    right: bool
    answer: Answer


def pairs(documents: Iterable[Document], *, seed: int, size: int) -> list[Pair]:
    """At most `size` pairs of each kind. Same documents and seed, same pairs."""
    held = {document.id: document for document in documents}
    drawn = sample(held.values(), seed=seed, size=2 * size, kinds=PLANTED)
    fit = [[c for c in drawn if c.kind == kind and _changed(held[c.document], c)][:size] for kind in PLANTED]
    claims = [claim for own in fit for claim in own]
    standings = list(_STANDINGS)
    return [_pair(held[c.document], c, standings[i % len(standings)]) for i, c in enumerate(claims)]


def plant(made: Sequence[Pair]) -> list[Found]:
    """Every pair, asked about over one store. Raises what ingesting and asking raise."""
    with tempfile.TemporaryDirectory(prefix="aether-disagree-") as folder:
        home = Path(folder)
        for number, pair in enumerate(made):
            place = home / "files" / f"p{number}"
            place.mkdir(parents=True)
            (place / "0001-first.md").write_text(pair.first, "utf-8")
            (place / "0002-second.md").write_text(pair.second, "utf-8")
        wiring = Wiring(Settings(store=home / "store"), lease=600)
        with Store.open(wiring.settings.store, create=True) as store:
            roots = tuple(SourceRoot(path.name, path) for path in sorted((home / "files").iterdir()))
            bring(wiring, store, Wanted(roots), progress=Silent())
            engine = wiring.engine(store)
            found = [
                _found(pair, engine.ask(Request(pair.question, sources=frozenset({f"p{number}"}))))
                for number, pair in enumerate(made)
            ]
            wiring.close()
    return found


def _pair(document: Document, claim: Perturbed, rule: str) -> Pair:
    text, span, around = document.text, claim.span, claim.cited
    before, after = text[around.start : span.start], text[span.end : around.end]
    changed = _changed(document, claim)
    heads = [
        f"---\ntitle: {json.dumps(document.title)}\n{said}\n---\n\n# {document.title}\n\n" for said in _STANDINGS[rule]
    ]
    asked = claim.original.replace(claim.replaced, " ", 1) if claim.replaced else claim.original
    return Pair(
        kind=claim.kind,
        question=" ".join(f"{document.title}: {asked}".split()),
        first=f"{heads[0]}{before}{text[span.start : span.end]}{after}\n",
        second=f"{heads[1]}{before}{changed}{after}\n",
        rule=rule,
        original=claim.original,
        changed=claim.text,
    )


def _changed(document: Document, claim: Perturbed) -> str:
    """The sentence as its document has it, with the change alone; "" where the change cannot be put there."""
    own = document.text[claim.span.start : claim.span.end]
    if claim.replaced and own.count(claim.replaced) == 1:
        return own.replace(claim.replaced, claim.replacement)
    return claim.text if own == claim.original else ""


def _found(pair: Pair, answer: Answer) -> Found:
    documents = {c.number: c.document.rpartition("/")[2] for c in answer.citations}
    for conflict in answer.conflicts:
        if {documents[side.citation] for side in conflict.sides} == {"0001-first.md", "0002-second.md"}:
            prevails = documents.get(conflict.prevails or 0, "")
            right = conflict.rule == pair.rule and prevails == ("0002-second.md" if pair.rule else "")
            return Found(pair, True, right, answer)
    return Found(pair, False, False, answer)


def _lines(found: Sequence[Found]) -> Iterator[str]:
    for kind in PLANTED:
        own = [f for f in found if f.pair.kind == kind]
        counts = Counter(told=sum(f.told for f in own), right=sum(f.right for f in own))
        yield f"{kind:<12}{len(own):>4} planted {counts['told']:>4} told {counts['right']:>4} by the right rule"


def main() -> None:
    """Print recall by kind; with --misses, each pair that was not told."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True, help="a store that has been ingested")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=20, help="at most so many pairs of a kind")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    with Wiring(read_settings(store=options.store)).store() as store:
        made = pairs(stored(store.documents), seed=options.seed, size=options.size)
    found = plant(made)
    print("\n".join(_lines(found)))
    for miss in (f for f in found if options.misses and not f.told):
        print(f"\n{miss.pair.kind}: {miss.pair.original}\n  {miss.pair.changed}")


if __name__ == "__main__":
    ended(main)
