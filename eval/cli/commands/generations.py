"""Propose cases, and note what a person says of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Document
from corpus.errors import UsageError
from eval.generating.candidate import Candidate, read_candidates, write_candidates
from eval.generating.feedback import feedback_candidates
from eval.generating.generate import generate
from eval.generating.rules import Found
from eval.generating.writing import write_cases
from eval.judging.endpoint import EndpointJudge
from service.cli.app import wiring_of
from service.cli.ending import DONE
from service.cli.terminal import clean, print_json


@dataclass(frozen=True, slots=True)
class Review:
    """What the command line said."""

    accept: tuple[str, ...]
    reject: tuple[str, ...]
    edit: str | None
    question: str
    export: Path | None
    json: bool


@dataclass(frozen=True, slots=True)
class Writer:
    """A model that proposes cases too: where it is asked, its name, and for how many passages."""

    endpoint: str
    model: str
    passages: int


def generate_and_tell(store: Path | None, out: Path, limit: int, writer: Writer | None, *, as_json: bool) -> int:
    """Write candidates, what readers said last; those that a person judged before stay as they were judged.

    Raises `UsageError` on an endpoint without a model, `JudgeFailure` where the model says nothing usable at all.
    """
    judged = [one for one in read_candidates(out) if one.state != "proposed"] if out.exists() else []
    wiring = wiring_of(store)
    with wiring.store() as opened:
        documents = [opened.read(card.id) for card in opened.documents.cards()]
        texts = [[passage.text for passage in opened.passages.of(d.id)] for d in documents] if writer else []
    written = _written(writer, list(zip(documents, texts, strict=True))) if writer else []
    found = [*generate(documents, limit=limit, written=written), *feedback_candidates(wiring.settings.store, documents)]
    known = {one.case.id for one in judged}
    candidates = [*judged, *(one for one in found if one.case.id not in known)]
    write_candidates(out, candidates)
    counts = dict(Counter(one.rule for one in found).most_common())
    if as_json:
        print_json({"out": str(out), "documents": len(documents), "candidates": len(found), "rules": counts})
        return DONE
    print(f"{out}: {len(found)} candidates from {len(documents)} documents")
    for rule, count in counts.items():
        print(f"  {rule:18} {count}")
    print(f"Next: aether-eval review-cases {out}")
    return DONE


def _written(writer: Writer, library: Sequence[tuple[Document, Sequence[str]]]) -> list[tuple[Document, Found]]:
    if not writer.model:
        raise UsageError("the endpoint needs a model", item=writer.endpoint, next_step="Give --model NAME")
    model = EndpointJudge(writer.endpoint, writer.model, key=os.environ.get("OPENAI_API_KEY", ""))
    return list(write_cases(model, library, most=writer.passages))


def review(file: Path, asked: Review) -> int:
    """Note the judgements, or show what waits."""
    candidates = read_candidates(file)
    known = {one.case.id for one in candidates}
    for i in (*asked.accept, *asked.reject, *([asked.edit] if asked.edit else [])):
        if i not in known:
            raise UsageError("no such candidate", item=i, next_step=f"See aether-eval review-cases {file}")
    if asked.edit and not asked.question.strip():
        raise UsageError("an edit needs the new question", item=asked.edit, next_step="Give --question TEXT")
    judged = [_judged(one, asked) for one in candidates]
    if judged != candidates:
        write_candidates(file, judged)
    if asked.export:
        asked.export.write_text(
            "".join(one.case.model_dump_json() + "\n" for one in judged if one.state == "accepted"), "utf-8"
        )
    _tell(judged, as_json=asked.json)
    return DONE


def _judged(one: Candidate, asked: Review) -> Candidate:
    if one.case.id == asked.edit:
        case = one.case.model_copy(update={"question": asked.question.strip()})
        return one.model_copy(update={"case": case, "state": "accepted", "note": "edited"})
    if one.case.id in asked.accept:
        return one.model_copy(update={"state": "accepted"})
    return one.model_copy(update={"state": "rejected"}) if one.case.id in asked.reject else one


def _tell(candidates: Sequence[Candidate], *, as_json: bool) -> None:
    counts = Counter(one.state for one in candidates)
    if as_json:
        print_json({"states": counts, "candidates": [one.model_dump(mode="json") for one in candidates]})
        return
    for one in candidates:
        if one.state == "proposed":
            print(f"{one.case.id}  [{one.rule}] {clean(one.case.question)}")
            for kind, texts in (("says", [f for group in one.case.facts for f in group]), ("not", one.case.banned)):
                if one.rule == "feedback":
                    print("".join(f"    {kind}: {clean(text)[:110]}\n" for text in texts), end="")
            if one.note:
                print(f"    note: {clean(one.note)[:110]}")
            for gold in one.case.gold:
                print(f"    {gold.document}: {clean(gold.quote)[:110]}")
    print(", ".join(f"{count} {state}" for state, count in counts.items()) or "no candidates")
