"""Documents -> candidates: what the rules read off, its variants without an answer, each once.

unanswerable  the same question, its document left out of the search: a twin that must be refused
swapped       the subject replaced by a name that the corpus lacks
conflicting   two documents that state the same subject with different numbers
stale         the question of a superseded document, whose answer must come from the one that superseded it

Two candidates are the same when their questions share nine tenths of their words, or their gold is the same quote.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.documents import Document
from eval.generating.candidate import Candidate
from eval.generating.rules import Found, read_off, telling
from eval.running.trace import fold
from eval.suites.case import Case, Gold

_SAME, _TOLD = 0.9, 0.6
_EVERY = 5
STRANGERS = ("Quillmark", "Brindleport", "Osterhaven", "Tamberlin", "Velloria")
_ENDED = ("superseded", "deprecated", "obsolete")


def generate(
    documents: Iterable[Document], *, limit: int = 0, written: Iterable[tuple[Document, Found]] = ()
) -> list[Candidate]:
    """The candidates, documents and rules taken in turn; 0 = all. The same documents give the same candidates.

    written  what a model proposed; it is held to the same and has the same variants
    """
    library = sorted(documents, key=lambda document: document.id)
    found = [*((document, one) for document in library for one in read_off(document)), *written]
    kept = _distinct([_case(document, one) for document, one in found])
    known = {document.id: document.text.lower() for document in library}
    variants = [variant for n, one in enumerate(kept) for variant in _variants(n, one, known)]
    chosen = _distinct([*kept, *variants, *_conflicts(found)])
    return _in_turn(chosen)[:limit] if limit else chosen


def _case(document: Document, found: Found) -> Candidate:
    principals = tuple(sorted(name for name in document.access if name != "public")[:1])
    ended = document.parsed.metadata.status.lower() in _ENDED
    case = Case(
        id=_id(found.question, document.id),
        kind="stale" if ended else found.kind,  # type: ignore[arg-type]
        question=found.question,
        gold=tuple(Gold(document=document.id, quote=fold(quote)) for quote in found.quotes),
        facts=tuple((fact,) for fact in found.facts),
        principals=principals if "public" not in document.access else (),
        tags=("generated", found.rule),
    )
    return Candidate(case=case, rule=f"stale {found.rule}" if ended else found.rule)


def _variants(number: int, one: Candidate, known: Mapping[str, str]) -> Iterator[Candidate]:
    """Every fifth case also without its document, if no other tells a fact of it; or with a stranger as subject."""
    if number % _EVERY == 0 and not _elsewhere(one, known):
        case = one.case.model_copy(
            update={
                "id": _id(one.case.question, "unanswerable"),
                "kind": "unanswerable",
                "exclude": (one.case.gold[0].document,),
                "gold": (),
                "facts": (),
                "refuse": True,
                "tags": ("generated", "unanswerable"),
            }
        )
        yield Candidate(case=case, rule="unanswerable")
    stranger = STRANGERS[number // _EVERY % len(STRANGERS)]
    if number % _EVERY == 1 and one.rule != "number" and not any(stranger.lower() in text for text in known.values()):
        name = re.search(r'"[^"]+"|\b[A-Z]{2,}\b', one.case.question)
        if name:
            question = one.case.question.replace(name.group(), stranger, 1)
            case = Case(
                id=_id(question, "swapped"),
                kind="unanswerable",
                question=question,
                refuse=True,
                tags=("generated", "swapped"),
            )
            yield Candidate(case=case, rule="swapped")


def _elsewhere(one: Candidate, known: Mapping[str, str]) -> bool:
    """Whether a paragraph of another document has most of the words that say something in one of the facts."""
    own = {gold.document for gold in one.case.gold}
    wanted = [telling(fact) for group in one.case.facts for fact in group]
    paragraphs = [telling(p) for i, text in known.items() if i not in own for p in re.split(r"\n\s*\n", text)]
    return any(len(words & said) >= _TOLD * len(words) for words in wanted for said in paragraphs)


def _conflicts(found: Sequence[tuple[Document, Found]]) -> Iterator[Candidate]:
    """Pairs of documents that tell another number of the same subject."""
    told: dict[str, list[tuple[Document, Found]]] = {}
    for document, one in found:
        if one.rule == "number":
            told.setdefault(one.question.rsplit(": ", 1)[-1], []).append((document, one))
    for subject, group in told.items():
        first = group[0]
        for other in group[1:]:
            if other[0].id != first[0].id and other[1].facts != first[1].facts:
                golds = tuple(Gold(document=d.id, quote=fold(f.quotes[0])) for d, f in (first, other))
                case = Case(
                    id=_id(subject, "conflict"),
                    kind="conflict",
                    question=subject[0].upper() + subject[1:],
                    gold=golds,
                    facts=(first[1].facts, other[1].facts),
                    tags=("generated", "conflicting"),
                )
                yield Candidate(case=case, rule="conflicting")


def _distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The first of each set of the same."""
    kept: list[Candidate] = []
    seen: list[frozenset[str]] = []
    quotes: set[tuple[object, ...]] = set()
    for one in candidates:
        asked = re.sub("|".join(STRANGERS), "", one.case.question)
        words = frozenset(re.findall(r"\w+", asked.lower())) | {f"refuse={one.case.refuse}"}
        quote = tuple((g.document, g.quote) for g in one.case.gold)
        if (quote and quote in quotes) or any(len(words & other) >= _SAME * len(words | other) for other in seen):
            continue
        kept.append(one)
        seen.append(words)
        quotes.add(quote)
    return kept


def _in_turn(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One of every rule, then the next of every rule, and so on; within a rule spread over the documents."""
    piles: dict[str, list[Candidate]] = {}
    for one in sorted(candidates, key=lambda candidate: candidate.case.id):
        piles.setdefault(one.rule, []).append(one)
    found: list[Candidate] = []
    while any(piles.values()):
        found += [pile.pop(0) for pile in piles.values() if pile]
    return found


def _id(question: str, place: str) -> str:
    return "gen-" + hashlib.sha256(f"{question}\0{place}".encode()).hexdigest()[:10]
