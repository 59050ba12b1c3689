"""How much of what is false the sentence contract catches, and how much of what is true it rejects.

    python -m eval.contract_report --store .aether/operations [--seed 1] [--size 200] [--json] [--show KIND]

Every document of a store gives perturbed sentences with known labels (`eval.perturb`); each is judged as a cited claim
whose citation is the stretch that it says it rests on. Told are, kind by kind, the share that is rejected and which
check rejected it, and of all claims the milliseconds that judging one took.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Document, Span
from eval.cli.ended import ended
from eval.perturb import sample, stored
from eval.perturbing.perturbed import KINDS, Perturbed
from service.answer import Verdict
from service.answering.assemble import citation_of
from service.grounding.claim import Claim, Ground
from service.grounding.contract import judge
from service.grounding.verifier import Verifier
from service.settings import read_settings
from service.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Judged:
    """One perturbed sentence with its verdict."""

    case: Perturbed
    verdict: Verdict
    milliseconds: float


def judged(cases: Iterable[Perturbed], documents: Mapping[str, Document], verifier: Verifier) -> Iterator[Judged]:
    """Each case, judged with its own stretch as the ground."""
    for case in cases:
        document = documents[case.document]
        spans = (Span(0, len(document.text)),)
        ground = Ground(
            {(document.id, document.revision): document}, {document.id: spans}, document.access, verifier=verifier
        )
        claim = Claim(case.text, "cited", (citation_of(document, case.cited, 1),), under=_headings(document, case))
        began = time.perf_counter()
        verdict = judge(claim, ground)
        yield Judged(case, verdict, 1000 * (time.perf_counter() - began))


def _headings(document: Document, case: Perturbed) -> str:
    """All headings of the stretch: what is measured is what is said, not under which label it is shown."""
    return " > ".join(citation_of(document, case.cited, 1).section)


def summary(found: Iterable[Judged]) -> dict[str, dict[str, float | dict[str, int]]]:
    """By kind: how many, the share rejected, and by which check."""
    rows: dict[str, dict[str, float | dict[str, int]]] = {}
    everything = list(found)
    for kind in KINDS:
        own = [j for j in everything if j.case.kind == kind]
        if own:
            checks = Counter(j.verdict.check for j in own if not j.verdict.supported)
            rows[kind] = {
                "count": len(own),
                "rejected": round(sum(checks.values()) / len(own), 4),
                "checks": dict(checks.most_common()),
            }
    times = sorted(j.milliseconds for j in everything)
    if times:
        rows["milliseconds"] = {"median": times[len(times) // 2], "p95": times[int(0.95 * (len(times) - 1))]}
    return rows


def main() -> None:
    """Print the table, or with `--show` the sentences of a kind that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True, help="a store that has been ingested")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=200, help="at most so many of a kind")
    parser.add_argument("--show", choices=KINDS, metavar="KIND", help="print what of this kind was judged wrongly")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wiring = Wiring(read_settings(store=options.store))
    with wiring.store() as store:
        documents = {d.id: d for d in stored(store.documents)}
        cases = sample(documents.values(), seed=options.seed, size=options.size)
        found = list(judged(cases, documents, wiring.verifier))
    if options.show:
        _show([j for j in found if j.case.kind == options.show and j.verdict.supported != j.case.supported])
    elif options.json:
        print(json.dumps(summary(found)))
    else:
        _table(summary(found))


def _show(wrong: Iterable[Judged]) -> None:
    for j in wrong:
        print(f"- {j.case.text}\n  was: {j.case.original}\n  {j.verdict.check} {j.verdict.detail}\n")


def _table(rows: Mapping[str, Mapping[str, float | dict[str, int]]]) -> None:
    for kind, row in rows.items():
        if "rejected" in row:
            print(f"{kind:<12}{row['count']:>6}  rejected {row['rejected']:.3f}  {row['checks']}")
        else:
            print(f"a claim takes {row['median']:.1f} ms, p95 {row['p95']:.1f} ms")


if __name__ == "__main__":
    ended(main)
