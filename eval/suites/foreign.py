"""Others' data sets as suites: read from where they lie by `eval.datasets`, never copied into the repository.

What a set calls a text becomes a document of one source. Sets that pose questions over given passages (SQuAD 2.0,
CLAP NQ, NoMIRACL) put all their passages into one library, which makes them harder than they were meant: the passage
has to be found first. Their published figures are therefore not comparable. Claims that come with their evidence
(WiCE) are put to the verifier alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.datasets.chunking_eval import chunking_eval
from eval.datasets.clapnq import clapnq
from eval.datasets.contextual_codebase import contextual_codebase
from eval.datasets.judged import Judged, Posed, Text
from eval.datasets.lines import json_lines
from eval.datasets.mtrag import Domain, Form, mtrag
from eval.datasets.nomiracl import nomiracl
from eval.datasets.scifact import scifact
from eval.datasets.squad2 import squad2
from eval.datasets.wice import Claimed, wice
from eval.suites.case import Case, Gold
from eval.suites.suite import Corpus, Suite

_RETRIEVAL = ("nDCG@10", "Recall@10", "MRR", "SpanRecall@5")
_ARCHQA = ("SpanRecall@5", "FactRecall", "CitationHit", "RefusalF1", "QuoteVerbatim")
_PLAIN = re.compile(r"[^\w.-]+")


def archqa(data: Path, questions: str, corpora: Sequence[str]) -> Suite:
    """ArchQA's questions over some of its document collections."""
    rows = json_lines(data / "archqa" / f"{questions}.jsonl")
    return Suite(
        name=f"archqa-{questions}",
        about="ArchQA: questions by hand over real engineering documents",
        corpora=tuple(Corpus(name, data / "archqa" / "corpora" / name) for name in corpora),
        cases=tuple(map(_archqa_case, rows)),
        measures=_ARCHQA,
    )


def _archqa_case(row: dict[str, Any]) -> Case:
    def gold(one: dict[str, str]) -> Gold:
        return Gold(document=f"{row['corpus']}/{one['doc']}", quote=one["quote"])

    return Case(
        id=row["id"],
        kind="fact" if row["answerable"] else "false_premise" if row.get("corrects") else "unanswerable",
        question=row["question"],
        gold=tuple(map(gold, row.get("gold", ()))),
        any_gold=bool(row.get("alternatives_ok")),
        facts=tuple(tuple(group) for group in row.get("facts", ())),
        refuse=not row["answerable"],
        corrects=gold(row["corrects"]) if row.get("corrects") else None,
        tags=(row["type"],),
    )


def judged_suite(name: str, about: str, judged: Judged) -> Suite:
    """A retrieval set: any relevant text counts, and ranks are measured over texts."""
    cases = tuple(
        Case(
            id=query.id,
            kind="claim" if name == "scifact" else "fact",
            question=query.text,
            gold=tuple(Gold(document=f"{name}/{_path(i)}") for i in sorted(judged.relevant[query.id])),
            any_gold=True,
        )
        for query in judged.queries
    )
    return Suite(name, about, (_corpus(name, judged.texts),), cases, _RETRIEVAL)


def posed_suite(name: str, about: str, posed: Sequence[Posed]) -> Suite:
    """Questions over given passages, half of them without an answer there."""
    texts = {text.id: text for one in posed for text in one.passages}
    cases = tuple(
        Case(
            id=one.id,
            kind="fact" if one.answerable else "unanswerable",
            question=one.question,
            gold=tuple(Gold(document=f"{name}/{_path(t.id)}") for t in one.passages) if one.answerable else (),
            any_gold=True,
            refuse=not one.answerable,
        )
        for one in posed
    )
    return Suite(name, about, (_corpus(name, texts.values()),), cases, ("Recall@5", "RefusalF1", "Coverage"))


def chunking_suite(data: Path) -> Suite:
    """Chroma's questions with the characters that answer them."""
    folder = data / "chunking_eval"
    texts = {place.name: place.read_text("utf-8") for place in sorted((folder / "corpora").glob("*.md"))}
    cases = tuple(
        Case(
            id=f"chunking-{number}",
            kind="fact",
            question=one.question,
            gold=tuple(
                Gold(document=f"chunking_eval/{one.document}", quote=texts[one.document][span.start : span.end])
                for span in one.excerpts
            ),
        )
        for number, one in enumerate(chunking_eval(folder))
    )
    return Suite(
        "chunking_eval", "Chroma's chunking evaluation", (Corpus("chunking_eval", texts=texts),), cases, _RETRIEVAL
    )


def multi_suite(data: Path, ending: str = "md") -> Suite:
    """RAG-Multi-Corpus: the documents of three invented organisations in one format; gold is by document."""
    folder = data / "rag_multi_corpus"
    corpora: list[Corpus] = []
    known: dict[str, str] = {}
    for place in sorted((folder / "datasets").iterdir()):
        source = _PLAIN.sub("-", place.name)
        corpora.append(Corpus(source, place / ending))
        known |= {file.stem: f"{source}/{file.name}" for file in (place / ending).rglob(f"*.{ending}")}
    cases = []
    for number, row in enumerate(json_lines(folder / "queries.jsonl")):
        gold = [known[name] for f in row["supporting_facts"] if (name := Path(f["filename"]).stem) in known]
        if gold:
            told = tuple(Gold(document=name) for name in dict.fromkeys(gold))
            cases.append(Case(id=f"multi-{number}", kind="fact", question=row["query"], gold=told, any_gold=True))
    about = f"RAG-Multi-Corpus, as {ending}"
    return Suite("rag_multi_corpus", about, tuple(corpora), tuple(cases), ("Recall@5", "MRR", "Coverage"))


def claimed_suite(name: str, about: str, claims: Sequence[Claimed]) -> Suite:
    """Claims with their evidence, put to the verifier; nothing is looked for, so there are no documents."""
    cases = tuple(
        Case(id=one.id, kind="claim", question=one.claim, evidence=one.evidence, supported=one.supported)
        for one in claims
    )
    return Suite(name, about, (), cases, ("ClaimAccuracy", "ClaimAUROC"))


def _corpus(name: str, texts: Iterable[Text]) -> Corpus:
    written = {_path(t.id): f"# {t.title or t.id}\n\n{t.text.strip()}\n" for t in texts if t.text.strip()}
    return Corpus(name, texts=written)


def _path(identity: str) -> str:
    return f"{_PLAIN.sub('_', identity)}.md"


def _mtrag(domain: Domain, form: Form) -> Callable[[Path], Suite]:
    told = {"rewrite": "rewritten to stand alone", "lastturn": "in the user's words alone"}
    about = f"MTRAG: last turns of conversations, {told[form]}, over a pool of passages"

    def read(data: Path) -> Suite:
        suite = judged_suite(f"mtrag-{domain}", about, mtrag(data / "mtrag", domain, form))
        return suite if form == "rewrite" else replace(suite, name=f"{suite.name}-{form}")

    return read


_KEPS = "kubernetes-enhancements"
_OPERATIONS = ("openshift-runbooks", "prometheus-operator-runbooks", "govuk-developer-docs")
ADAPTERS: dict[str, Callable[[Path], Suite]] = {
    "archqa-operations": lambda data: archqa(data, "operations", _OPERATIONS),
    "archqa-kubernetes-enhancements": lambda data: archqa(
        data, "kubernetes-enhancements", ("kubernetes-enhancements",)
    ),
    "mtrag-cloud": _mtrag("cloud", "rewrite"),
    "mtrag-cloud-lastturn": _mtrag("cloud", "lastturn"),
    "mtrag-clapnq": _mtrag("clapnq", "rewrite"),
    "mtrag-clapnq-lastturn": _mtrag("clapnq", "lastturn"),
    "squad2": lambda data: posed_suite("squad2", "SQuAD 2.0, ten articles", squad2(data / "squad2_dev")),
    "clapnq": lambda data: posed_suite("clapnq", "CLAP NQ, development part", clapnq(data / "clapnq_dev")),
    "nomiracl": lambda data: posed_suite("nomiracl", "NoMIRACL, English", nomiracl(data / "nomiracl_en")),
    "chunking_eval": chunking_suite,
    "contextual_codebase": lambda data: judged_suite(
        "contextual_codebase", "Questions on a code base", contextual_codebase(data / "contextual_codebase")
    ),
    "scifact": lambda data: judged_suite("scifact", "SciFact: claims to abstracts", scifact(data / "scifact")),
    "wice": lambda data: claimed_suite("wice", "WiCE: claims that people held to a cited page", wice(data / "wice")),
    "rag_multi_corpus": multi_suite,
}
"""Adapters by name; each takes the folder that holds the data sets."""
