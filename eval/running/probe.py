"""Sentences put to the sentence contract: gold quotes as they stand, and the same with one thing wrong.

An extractive answer is verbatim, so a contract that lets everything through would not show in it. Here it does: each
gold quote is cited for itself and must pass, and cited for a twin with another number, another name or a negation and
must fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.citations import Citation
from corpus.documents import Document, Span
from corpus.errors import NotFound
from corpus.outline import section_path
from eval.running.record import Probe
from eval.running.world import World
from eval.suites.case import Case, Gold
from service.grounding.claim import Claim, Ground

_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
_NAME = re.compile(r"`([\w./-]{4,})`")


def probes(cases: Sequence[Case], world: World, *, most: int) -> list[Probe]:
    """At most `most` gold quotes with their twins, in the order of the cases."""
    found: list[Probe] = []
    quotes = dict.fromkeys(gold for case in cases for gold in case.gold if len(gold.quote.split()) >= 6)
    taken = 0
    for gold in quotes:
        if taken >= most:
            break
        try:
            document = world.store.read(gold.document)
        except NotFound:
            continue
        cited = _citation(document, gold)
        if cited is None:
            continue
        taken += 1
        for kind, text in twins(" ".join(gold.quote.split())):
            verdict = world.contract(*_put(document, cited, text))
            found.append(Probe(kind=kind, text=text, objected=not verdict.supported, check=verdict.check))
    return found


def twins(quote: str) -> Iterator[tuple[str, str]]:
    """The quote under "", then what is wrong with each twin and the twin."""
    yield "", quote
    number = _NUMBER.search(quote)
    if number:
        other = re.sub(r"\d", lambda m: str((int(m.group()) + 3) % 10 or 7), number.group(), count=1)
        yield "number", quote[: number.start()] + other + quote[number.end() :]
    name = _NAME.search(quote)
    if name:
        yield "identifier", quote[: name.start(1)] + name.group(1) + "_legacy" + quote[name.end(1) :]


def _citation(document: Document, gold: Gold) -> Citation | None:
    """The citation of a gold quote; None where it does not stand in the text."""
    pattern = r"\s+".join(re.escape(word) for word in gold.quote.split())
    match = re.search(pattern, document.text)
    if match is None:
        return None
    return Citation(
        number=1,
        document=document.id,
        title=document.title,
        kind=document.kind,
        revision=document.revision,
        section=section_path(document, match.start()),
        start=match.start(),
        end=match.end(),
        place="",
        quote=match.group(),
    )


def _put(document: Document, cited: Citation, text: str) -> tuple[Claim, Ground]:
    """A claim that rests on the citation, with everything around it shown: only its words are in question."""
    whole = cited.model_copy(update={"start": 0, "end": len(document.text), "quote": document.text, "number": 0})
    ground = Ground(
        {(document.id, document.revision): document}, {document.id: (Span(0, len(document.text)),)}, document.access
    )
    return Claim(text, "cited", (cited,), " > ".join(cited.section), (whole,)), ground
