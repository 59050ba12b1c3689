"""Claims with their evidence and what is known of them, from the sets that people labelled and from our own changes.

Each part is written once, whole, as gzipped JSON lines into the folder of the work; a part that is there is not made
again. Which part a pair belongs to follows from its document alone, by a hash, so that whole documents stay together.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Literal

from corpus.documents import Document
from eval.datasets.clapnq import clapnq
from eval.datasets.judged import Posed
from eval.datasets.nomiracl import nomiracl
from eval.datasets.squad2 import squad2
from eval.perturb import perturb
from eval.perturbing.perturbed import CONTROLS, KINDS, PerturbationKind, Perturbed
from ingest.store.store import Store

Known = Literal["supported", "contradicted", "unknown", "unsupported"]
"""What is known of a pair; "unsupported" leaves open which of the two middle ones it is."""

SIZE = 1000
"""Pairs of a set that are used."""
_TRUE_MORE = 3
_UNKNOWN: tuple[PerturbationKind, ...] = ("citation", "merge")
_OPEN: tuple[PerturbationKind, ...] = ("condition", "scope", "percentile")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim beside its evidence.

    part   where it comes from: a set, or `perturbed/STORE`
    group  what belongs into one fold: a document, an article, a claim
    kind   of a perturbation its kind, else ""
    """

    part: str
    group: str
    kind: str
    claim: str
    evidence: tuple[str, ...]
    known: Known


def share_of(name: str) -> float:
    """A number in [0, 1) that follows from a name: what folds are drawn by."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) / 16**12


def load(folder: Path, part: str) -> list[Labelled]:
    """The pairs of a part that was written."""
    with gzip.open(folder / f"{part.replace('/', '-')}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Labelled(**{**row, "evidence": tuple(row["evidence"])}) for row in rows]


def keep(folder: Path, part: str, make: Callable[[], Iterable[Labelled]]) -> list[Labelled]:
    """The pairs of a part, made and written unless they are there."""
    path = folder / f"{part.replace('/', '-')}.jsonl.gz"
    if not path.exists():
        partial = path.with_suffix(".partial")
        with gzip.open(partial, "wt", encoding="utf-8") as out:
            for pair in make():
                out.write(json.dumps(asdict(pair), ensure_ascii=False) + "\n")
        os.replace(partial, path)
    return load(folder, part)


def claims(data: Path, name: str) -> Iterator[Labelled]:
    """One set of faithfulness_unified, at most `SIZE` of its pairs, drawn by their ids."""
    with gzip.open(data / "faithfulness_unified" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["set"] == name]
    told = {"CONTRADICT": "contradicted", "NOT_ENOUGH_INFO": "unknown"}
    for row in sorted(rows, key=lambda row: share_of(row["id"]))[:SIZE]:
        known: Known = "supported" if row["label"] else told.get(str(row["orig_label"]), "unsupported")  # type: ignore[assignment]
        evidence = tuple(row.get("doc_sentences") or [row["doc"]])
        group = hashlib.sha256(row["doc"].encode()).hexdigest()[:16]
        yield Labelled(name, f"{name}/{group}", "", row["claim"], evidence, known)


def sets(data: Path, wanted: tuple[str, ...]) -> list[str]:
    """The names of the sets that begin with one of those wanted."""
    with gzip.open(data / "faithfulness_unified" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        names = {json.loads(line)["set"] for line in lines}
    return sorted(name for name in names if name.startswith(wanted))


def posed(data: Path, name: str) -> Iterator[Labelled]:
    """A set of questions over passages: `supported` where the passages answer."""
    readers: dict[str, Callable[[], list[Posed]]] = {
        "clapnq": lambda: clapnq(data / "clapnq_dev"),
        "nomiracl": lambda: nomiracl(data / "nomiracl_en"),
        "squad2": lambda: squad2(data / "squad2_dev"),
    }
    found = sorted(readers[name](), key=lambda one: share_of(one.id))[:SIZE]
    for one in found:
        texts = tuple(text.text for text in one.passages)
        yield Labelled(name, one.group, "", one.question, texts, "supported" if one.answerable else "unknown")


def perturbed(store: Path, name: str, *, low: float, high: float, documents: int, size: int) -> Iterator[Labelled]:
    """Perturbations of documents whose share lies in [low, high), at most `size` of a kind, thrice as many true."""
    with Store.open(store) as opened:
        cards = [card.id for card in opened.documents.cards() if low <= share_of(card.id) < high]
        for card in sorted(cards, key=lambda one: share_of(f"order/{one}"))[:documents]:
            yield from _of_document(opened.documents.read(card), name, per_kind=max(2, 2 * size // documents))


def _of_document(document: Document, name: str, *, per_kind: int) -> Iterator[Labelled]:
    """What a document gives, evenly over the kinds."""
    by_kind: dict[str, list[Perturbed]] = defaultdict(list)
    for claim in perturb(document, seed=1):
        by_kind[claim.kind].append(claim)
    random = Random(document.id)
    for kind in KINDS:
        drawn = by_kind[kind]
        most = per_kind * (_TRUE_MORE if kind in CONTROLS else 1)
        for claim in random.sample(drawn, min(most, len(drawn))):
            cited = document.visible(claim.cited.start, claim.cited.end)
            yield Labelled(f"perturbed/{name}", document.id, kind, claim.text, (cited,), _known(kind))


def _known(kind: PerturbationKind) -> Known:
    if kind in CONTROLS:
        return "supported"
    return "unknown" if kind in _UNKNOWN else "unsupported" if kind in _OPEN else "contradicted"
