"""Products, systems, papers and people: a name in a sentence stands in its evidence, and in its own place there.

A name is a word with a capital inside a sentence, or one of several capitals anywhere. What every engineer writes in
capitals (`API`, `CPU`, `TLS`) names nothing in particular.
"""

from __future__ import annotations

import re

from corpus.remembered import remembered
from service.grounding.alignment import align, fold, stands_whole, tokens
from service.grounding.claim import Claim, Ground, Objection, cited_text, quotes
from service.grounding.identifiers import RESTATES
from service.grounding.segment import as_read
from service.grounding.words.saying import same_name

_NAME = re.compile(
    r"(?<![.!?:`\"'(\[/-]\s)(?<=[\w,;)] )[A-Z][A-Za-z0-9+.-]*[A-Za-z0-9+]"
    r"(?: [A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)*(?![\w`/-])"
    r"|(?<![\w`/.-])(?:[A-Z]{2,}[A-Za-z0-9]*|[A-Z][a-z0-9]+[A-Z]\w*)(?![\w`/-])"
)
_CODE = re.compile(r"`[^`\n]+`")
"""Is compared as it stands by the check of identifiers."""
_THING = re.compile(
    r"\b(?i:(?:by|from|into|onto|via|of|in|on|with)\s+(?:(?:the|an?|each|every|its|our|your)\s+)?"
    r"|(?:the|an?|each|every|its|our|your)\s+)(?P<thing>[a-z][a-z0-9]+(?:-[a-z0-9]+)*)(?![\w-])"
    r"|^(?P<opening>[A-Za-z][a-z0-9]+(?:-[a-z0-9]+)*)\s+(?=(?:\w+s|is|are|was|were|will|can|must|should|may|has|have)\b)"
)
_POINTERS = frozenset("it this that these those they them he she which who all each any some such one both".split())
_PLACE = 2
"""Words of an edit up to which the one stands in the place of the other."""
COMMON = frozenset(
    "The This That These Those There If When While Where It Its In On At As An And Or But For From To By With We You"
    " Your Our They He She I All Any Each Both Some Most Also Note Not No Yes See Use Then Once After Before Because"
    " Since However Only One Two Three First Second Please Will Would Can May Should Must Is Are Do Does Monday Tuesday"
    " Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October"
    " November December English OK TODO FAQ".split()
)
GENERIC = frozenset(
    "API APIs CPU CPUs GPU RAM SSD HTTP HTTPS TLS SSL TCP UDP DNS IP SQL JSON YAML XML CSV HTML URL URLs ID IDs UI CLI"
    " OS VM VMs SLO SLOs SLA SLAs SLI SLIs KPI KPIs TCO ADR ADRs RFC RFCs PR PRs CI CD QA UTC TTL RPC REST CRUD I/O IO"
    " ML AI LLM LLMs MVP PII GDPR RBAC SSO MTTR MTTD RTO RPO QPS RPS NOT AND OR NO MUST SHOULD MAY".split()
)


def entities(claim: Claim, ground: Ground) -> Objection | None:
    """The first name that no cited span has, or that stands in the place of another one."""
    if stands_whole(claim.text, quotes(claim)):
        return None
    text = as_read(claim.text)
    cited = cited_text(claim)
    words = {fold(t) for t in tokens(cited)} | {t.lower() for t in tokens(cited)}
    for name in names_of(_CODE.sub("` `", text)):
        if not all(fold(p) in words or p.lower() in words or same_name(p, words) for p in tokens(name)):
            return Objection("entities", "fabricated_reference:entity", name)
    return _misplaced(claim, text) or _exchanged(claim, text)


def names_of(text: str) -> tuple[str, ...]:
    """The names in a text, each once, common words aside."""
    found = (m.group().rstrip(".") for m in _NAME.finditer(text))
    return tuple(dict.fromkeys(n for n in found if n.split()[0] not in COMMON and n not in GENERIC))


def _misplaced(claim: Claim, text: str) -> Objection | None:
    """A name in place of a name of the restated sentence, where neither stands in the other one."""
    found = align(claim.text, quotes(claim))
    if found.covered < RESTATES:
        return None
    told, said = {t.lower() for t in tokens(text)}, {t.lower() for t in tokens(found.sentence)}
    ours = {p for n in names_of(text) for p in tokens(n) if p.lower() not in said}
    theirs = {p for n in names_of(found.sentence) for p in tokens(n) if p.lower() not in told}
    for edit in found.edits:
        put, taken = [t for t in edit.told if t in ours], [t for t in edit.said if t in theirs]
        if put and taken and not _abbreviates(put[0], taken[0]):
            return Objection("entities", "contradiction:entity", f"{put[0]} (the source: {taken[0]})")
    return None


def _exchanged(claim: Claim, text: str) -> Objection | None:
    """A thing with a common name, such as a component, in place of another one of the restated sentence.

    The new name stands elsewhere in the evidence, so it is one of the things that are spoken of there, and not in this
    sentence of it; a synonym that the evidence does not use is left to the verifier.
    """
    found = align(claim.text, quotes(claim))
    if found.covered < RESTATES:
        return None
    told, said = _folded(text), _folded(found.sentence)
    elsewhere = frozenset(name.lower() for stretch in quotes(claim) for name in _things_read(stretch))
    ours, theirs = _things(text), _things(found.sentence)
    for edit in found.edits:
        if max(len(edit.told), len(edit.said)) > _PLACE:
            continue
        put = next((t for t in edit.told if t in ours and fold(t) not in said and t.lower() in elsewhere), "")
        taken = next((t for t in edit.said if t in theirs and fold(t) not in told), "")
        if put and taken and not _akin(put, taken):
            return Objection("entities", "contradiction:entity", f"{put} (the source: {taken})")
    return None


@remembered(512)
def _things_read(stretch: str) -> frozenset[str]:
    return _things(as_read(stretch))


def _things(text: str) -> frozenset[str]:
    """Words that a determiner or a preposition makes a thing, or that open the text before a verb."""
    found = (m["opening"] or m["thing"] for m in _THING.finditer(text))
    return frozenset(word for word in found if word.lower() not in _POINTERS)


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold(t) for t in tokens(text))


def _akin(one: str, other: str) -> bool:
    """Whether two words may name one thing: one is short for the other, or they begin alike."""
    return _abbreviates(one, other) or one[:4].lower() == other[:4].lower()


def _abbreviates(one: str, other: str) -> bool:
    """Whether one name may be short for the other: `K8s` for `Kubernetes`."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    return short in long or (short[0] == long[0] and short[-1] == long[-1] and len(short) <= 4)
