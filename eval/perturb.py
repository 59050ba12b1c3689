"""Documents -> claims with known labels: a sentence as it stands or restated is true, a perturbed one is false.

    python -m eval.perturb --store .aether/keps --seed 1 --size 20 --kinds number negation

1. The sentences that make a claim are taken as they are read (`eval.perturbing.sentences`). Each claim cites its
   section, or of a long one the blocks around it.
2. Each kind has a rule that says what may stand where (`eval.perturbing`). A change whose text stands in the document
   already, or which leaves the sentence as it was, is dropped: it might be true.
3. Of every kind at least half of the replacements also stand in the cited stretch, outside the sentence. Without that
   a verifier would learn that a word which is absent is false, and nothing else. What exceeds is dropped.

The same document, seed and kinds give the same claims, in the order of the document; what one kind draws does not
depend on which others are asked for.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

from corpus.documents import Document, Span
from eval.cli.ended import ended
from eval.perturbing.logic import condition, negation, scope
from eval.perturbing.names import entity, identifier
from eval.perturbing.perturbed import KINDS, Change, PerturbationKind, Perturbed
from eval.perturbing.quantities import bound, number, percentile, unit
from eval.perturbing.restatements import restated
from eval.perturbing.sentences import Sentence, sentences_of, words
from eval.perturbing.sources import merge, other_stretch
from ingest.store.documents import Documents
from service.settings import read_settings
from service.wiring import Wiring

Rule = Callable[[Sentence, Random], Iterator[Change]]
_RULES: dict[PerturbationKind, Rule] = {
    "restated": restated,
    "number": number,
    "unit": unit,
    "percentile": percentile,
    "bound": bound,
    "entity": entity,
    "identifier": identifier,
    "negation": negation,
    "condition": condition,
    "scope": scope,
}


def perturb(document: Document, *, seed: int, kinds: Sequence[PerturbationKind] = KINDS) -> list[Perturbed]:
    """The labelled claims that a document gives, at most one of a kind for a sentence, in the document's order."""
    sentences = sentences_of(document)
    if not sentences:
        return []
    said = frozenset(_squeezed(sentence.text) for sentence in sentences)
    found: list[Perturbed] = []
    for kind in KINDS:
        if kind in kinds:
            random = Random(f"{seed}/{kind}/{document.id}/{document.revision}")
            found += _half_elsewhere(list(_of_kind(kind, sentences, said, random)), random)
    return sorted(found, key=lambda p: (p.span.start, KINDS.index(p.kind)))


def sample(
    documents: Iterable[Document], *, seed: int, size: int, kinds: Sequence[PerturbationKind] = KINDS
) -> list[Perturbed]:
    """At most `size` claims of each kind over many documents, drawn evenly, in the order of the documents."""
    drawn: dict[PerturbationKind, list[tuple[float, int, Perturbed]]] = defaultdict(list)
    random = Random(f"{seed}/sample")
    place = 0
    for document in documents:
        for claim in perturb(document, seed=seed, kinds=kinds):
            place += 1
            drawn[claim.kind].append((random.random(), place, claim))
    kept = [entry for entries in drawn.values() for entry in sorted(entries, key=lambda e: e[:2])[:size]]
    return [claim for _, _, claim in sorted(kept, key=lambda entry: entry[1])]


def stored(documents: Documents, source: str = "") -> Iterator[Document]:
    """Today's documents of a store, or of one source in it, by id."""
    for card in list(documents.cards(source)):
        yield documents.read(card.id)


def _of_kind(
    kind: PerturbationKind, sentences: list[Sentence], said: frozenset[str], random: Random
) -> Iterator[Perturbed]:
    """One claim a sentence where the kind has one that is not already said in the document."""
    for at, sentence in enumerate(sentences):
        if kind == "untouched":
            yield _claim(kind, sentence, Change(sentence.text, "", ""))
        elif kind == "citation":
            other = other_stretch(sentence, sentences, random)
            if other:
                yield _miscited(sentence, *other)
        else:
            changes = merge(at, sentences) if kind == "merge" else _RULES[kind](sentence, random)
            options = [c for c in changes if c.text != sentence.text and not _is_said(c.text, sentence, said)]
            near = [c for c in options if _stands(c, sentence)]
            if options:
                yield _claim(kind, sentence, random.choice(near or options))


def _claim(kind: PerturbationKind, sentence: Sentence, change: Change) -> Perturbed:
    return Perturbed(
        kind=kind,
        original=sentence.text,
        text=change.text,
        document=sentence.document.id,
        revision=sentence.document.revision,
        span=sentence.span,
        cited=sentence.cited,
        replaced=change.replaced,
        replacement=change.replacement,
        occurs_elsewhere=_stands(change, sentence),
    )


def _miscited(sentence: Sentence, cited: Span, about_it: bool) -> Perturbed:
    claim = _claim("citation", sentence, Change(sentence.text, "", ""))
    return replace(claim, cited=cited, occurs_elsewhere=about_it)


def _stands(change: Change, sentence: Sentence) -> bool:
    """Whether every word of the replacement stands in the cited stretch outside the sentence."""
    return all(word in sentence.elsewhere_words for word in words(change.replacement))


def _half_elsewhere(claims: list[Perturbed], random: Random) -> list[Perturbed]:
    """The claims, less those whose replacement is absent from the stretch that exceed the half; true ones are kept."""
    absent = [at for at, claim in enumerate(claims) if not claim.supported and not claim.occurs_elsewhere]
    excess = len(absent) - (len(claims) - len(absent))
    dropped = set(random.sample(absent, excess)) if absent and excess > 0 else set()
    return [claim for at, claim in enumerate(claims) if at not in dropped]


def _is_said(text: str, sentence: Sentence, said: frozenset[str]) -> bool:
    """Whether the document has the changed sentence, or the stretch says it within another one."""
    plain = _squeezed(text)
    return plain in said or plain.rstrip(".!") in _squeezed(sentence.elsewhere)


def _squeezed(text: str) -> str:
    return " ".join(text.lower().split())


def main() -> None:
    """Print claims of a store, one JSON object a line, and how many of each kind there are on the error stream."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True, help="a store that has been ingested")
    parser.add_argument("--source", default="", help="only this source")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=100, help="at most so many of a kind")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, metavar="KIND", help=", ".join(KINDS))
    options = parser.parse_args()
    with Wiring(read_settings(store=options.store)).store() as store:
        claims = sample(
            stored(store.documents, options.source), seed=options.seed, size=options.size, kinds=options.kinds
        )
    for claim in claims:
        print(json.dumps({**asdict(claim), "supported": claim.supported}, ensure_ascii=False))
    for kind, count in sorted(Counter(claim.kind for claim in claims).items()):
        elsewhere = sum(claim.occurs_elsewhere for claim in claims if claim.kind == kind)
        print(f"{kind:<12}{count:>6}  elsewhere {elsewhere:>6}", file=sys.stderr)


if __name__ == "__main__":
    ended(main)
