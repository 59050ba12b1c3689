"""Reviews, measured: `python -m eval.review_report --store STORE [--plants 20] [--proposals 10]`.

Ten real proposals are reviewed against the rest of their library, and twenty with one planted defect each. Printed are
the share of plants that are found with both sides cited, and every "contradicts" of the real proposals, to be judged
by hand. The documents are drawn by a fixed seed from the half that nothing was developed on; `--development` draws from
the other half.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.documents import Document
from eval.cli.ended import ended
from eval.review_report.plants import SUBJECTS, Plant, facts, is_reported, shared, with_another_number, without_section
from service.asker import Asker, asker
from service.protocols.report import ReviewReport
from service.protocols.request import ReviewRequest
from service.protocols.review.review import review
from service.settings import read_settings
from service.wiring import Wiring

SEED = 20261125
_CALLER = frozenset({"public"})
_LEAST = 6000


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is reviewed: real proposals, and documents with a defect."""

    proposals: tuple[Document, ...]
    plants: tuple[Plant, ...]


def draw(documents: Sequence[Document], *, proposals: int, plants: int, reported: bool = True) -> Drawn:
    """The documents, by the seed. A quarter of the plants are numbers, the rest sections in equal shares."""
    rng = random.Random(SEED)
    mine = [d for d in documents if is_reported(d.id) == reported and len(d.text) >= _LEAST and _is_proposal(d)]
    rng.shuffle(mine)
    chosen, rest = mine[:proposals], mine[proposals:]
    numbers = _numbers(documents, {d.id: d for d in rest}, plants // 4, rng)
    used = {plant.document for plant in numbers}
    sections: list[Plant] = []
    rules = list(SUBJECTS)
    for document in rest:
        if len(sections) == plants - len(numbers):
            break
        planted = without_section(document, rules[len(sections) % len(rules)]) if document.id not in used else None
        if planted:
            sections.append(planted)
    return Drawn(tuple(chosen), (*sections, *numbers))


def _is_proposal(document: Document) -> bool:
    """Whether the document is a proposal, and not a licence or a form that lies in the same folders."""
    return document.kind == "design" and document.path.endswith("/README.md") and "template" not in document.path


def _numbers(library: Sequence[Document], rest: dict[str, Document], many: int, rng: random.Random) -> list[Plant]:
    pairs = [pair for pair in shared(facts(library)) if pair[0].document in rest]
    rng.shuffle(pairs)
    planted: dict[str, Plant] = {}
    for fact, other in pairs:
        if len(planted) < many and fact.document not in planted:
            planted[fact.document] = with_another_number(rest[fact.document], fact, other, rng)
    return list(planted.values())


def found(plant: Plant, report: ReviewReport) -> bool:
    """Whether the review has the plant with both sides cited, the right ones for a number."""
    cited = {c.number: c for c in report.citations}
    for finding in report.findings:
        if not finding.own or not finding.library or finding.rule != plant.rule:
            continue
        if plant.rule != "quantity":
            return True
        at = any(cited[n].start <= plant.at < cited[n].end for n in finding.own)
        if at and any(cited[n].document == plant.other for n in finding.library):
            return True
    return False


def measure(who: Asker, drawn: Drawn) -> Iterator[dict[str, Any]]:
    """One row a review."""
    for plant in drawn.plants:
        report = _reviewed(who, plant.document, plant.text)
        yield {"plant": plant.rule, "document": plant.document, "found": found(plant, report), "change": plant.change}
    for document in drawn.proposals:
        report = _reviewed(who, document.id, document.text)
        cited = {c.number: c for c in report.citations}
        said = [
            {"says": f.says, "own": [cited[n].quote for n in f.own], "library": [_shown(cited[n]) for n in f.library]}
            for f in report.findings
            if f.kind == "contradicts"
        ]
        kinds = {kind: sum(f.kind == kind for f in report.findings) for kind in {f.kind for f in report.findings}}
        missing = sorted(f"{f.rule} ({f.severity})" for f in report.findings if f.kind == "not_addressed")
        yield {"proposal": document.id, "contradicts": said, "findings": kinds, "not_addressed": missing}


def _shown(citation: Any) -> str:  # noqa: ANN401
    return f"{citation.document}: {citation.quote}"


def _reviewed(who: Asker, document: str, text: str) -> ReviewReport:
    request = ReviewRequest(name=document.rsplit("/", 1)[-1], text=text, exclude=(document,))
    return review(who, request, _CALLER)


def main() -> None:
    """Print a row a review, then the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--store", type=Path, required=True, help="a store with kubernetes-enhancements")
    parser.add_argument("--plants", type=int, default=20)
    parser.add_argument("--proposals", type=int, default=10)
    parser.add_argument("--development", action="store_true", help="draw from the half that is not reported")
    given = parser.parse_args()
    wiring = replace(Wiring(read_settings(store=given.store)), lease=5.0)
    with closing(wiring), asker(wiring, print) as who:
        documents = [who.store.read(card.id, card.revision) for card in who.store.documents.cards()]
        drawn = draw(documents, proposals=given.proposals, plants=given.plants, reported=not given.development)
        rows = []
        for row in measure(who, drawn):
            rows.append(row)
            print(json.dumps(row, ensure_ascii=False), flush=True)
    plants = [row for row in rows if "plant" in row]
    hits = sum(row["found"] for row in plants)
    said = sum(len(row["contradicts"]) for row in rows if "proposal" in row)
    print(f"plants found with both sides cited: {hits} of {len(plants)} ({hits / max(1, len(plants)):.3f})")
    print(f"contradicts over {len(drawn.proposals)} real proposals, to be judged by hand: {said}")


if __name__ == "__main__":
    ended(main)
