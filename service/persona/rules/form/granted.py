"""P3: what is taken for granted is listed as an assumption, and shown as one.

Taken for granted is what a sentence calls so, what it tells of the reader that nobody said, a premise from which a
judgement concludes without a source, and what a judgement says of a future that no document knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.answer import Sentence
from service.answering.terms import terms
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import SECTIONS, Manuscript, folded, plain
from service.persona.rules.shape import bodies

_OF_READERS = re.compile(
    r"(?<!whether )(?<!if )(?<!that )(?<!when )(?<!before )(?<!once )\b(?:you (?:already |currently |now |still "
    r"|all |also |only )?(?:have|run|use|operate|own|are|employ|"
    r"host|deploy|rely|store|keep|know)\b|your (?!own )(?:\w+ ){1,3}(?:is|are|has|have|runs?|uses?|knows?|can)\b)",
    re.IGNORECASE,
)
_ASKS_OR_SAYS = re.compile(
    r"\b(?:if|whether|when|once|before|unless|until|where|how|what|should|must|need|may|might|could|you say|you said"
    r"|say that you|tell|ask)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:if|whether|when|once|unless|until|may|might|could|can|should|must|would|depends?|open|unknown|not documented"
    r"|documents?|evidence|no \w+ (?:says|tells|names))\b|\?",
    re.IGNORECASE,
)
"""It does not say that it is so, or says who does."""
_NONE = re.compile(
    r"\b(?:no|none|nothing|not|without)\b[^.]{0,60}\b(?:assum\w*|taken for granted|granted)\b"
    r"|\b(?:assum\w*|taken for granted)\b[^.]{0,60}\b(?:no|none|nothing|not)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:listed|list(?: above| below)|(?:first|last|second|third|above|below|under) (?:\w+ ){0,3}assumptions?"
    r"|assumptions? (?:\w+ ){0,2}(?:above|below|listed))\b",
    re.IGNORECASE,
)
"""It points to the list of assumptions."""
_DENIES = re.compile(
    r"\b(?:not|never|nobody|wrong|no need|without|nothing|rather than|instead of)(?: \w+){0,2}\s*$", re.I
)
_ITEM = re.compile(r"^\W*(?:\d+[.)]\s*)?")
_PREMISES = (
    re.compile(r"^(?:since|because|as|seeing that|now that|given that)\s+(?P<premise>[^,]+),", re.IGNORECASE),
    re.compile(r"(?:\b(?:because|since)|, (?:as|for)) (?P<premise>[^,;:.]+)", re.IGNORECASE),
    re.compile(r"^(?P<premise>[^,;:]+)", re.IGNORECASE),
)
"""Where a sentence says from what it concludes; what it begins with may be all that it says."""
_DETERMINED = (
    r"^(?:(?:the|your|our|its|this|both|all|no|every|each|most|one|two|three|enough|any) (?:(?!of\b)[\w-]+ ){0,2}?)?"
)
_STATES = (
    r"(?: (?:of|on|in|between|at|for|with|from|that|who) [^,;]{1,40}?)?,?(?: \w+)? (?:(?:have|has|had|is|are|was|were)"
    r"(?! to\b| the ones?\b| what\b)|knows?|stays?|remains?|behaves?|mirrors?|matche?s?|fits?|grows?|runs?|resembles?"
    r"|keeps?|holds?|suffices?|changes?|hardly|rarely|seldom|never|always|do(?:es)? not)\b"
)
_AHEAD = re.compile(
    r"\b(?:will(?: not| never)?|won't|(?:is|are)(?: not|n't)? (?:going|bound|set|sure|certain) to|shall)"
    r" (?:\w+ )?(?:grow|stay|remain|keep|hold|change|double|triple|rise|fall|increase|shrink|continue|persist|have|be"
    r"|follow|exceed|outgrow)\b",
    re.IGNORECASE,
)
_UNCITED, _CITED = 0.7, 0.5
"""The share of a premise's words, below which no document says it."""
_FEW = 2


def p3(manuscript: Manuscript) -> Finding:
    """What is taken for granted is listed as an assumption, and shown as one."""
    assumed = [s for s in manuscript.answer.sentences if s.kind == "assumption"]
    faults = [*_hidden(manuscript, listed=bool(assumed)), *_unmarked(assumed, manuscript)]
    if manuscript.full:
        body = bodies(manuscript)[SECTIONS[1]]
        misplaced = [s for s in assumed if s.section and s.section.casefold() != SECTIONS[1].casefold()]
        faults += [f"outside of {SECTIONS[1]}: {s.text}" for s in misplaced]
        if not assumed and not _NONE.search(body):
            faults.append(f"{SECTIONS[1]} lists no assumption and does not say that there is none")
        run_on = [x for x in body.splitlines() if x.casefold().count("assumption:") > 1]
        run_on += [s.text for s in assumed if len(re.findall(r";|\([a-d1-5]\)|\b(?:second|third)(?:ly)?,", s.text)) > 1]
        run_on += [s.text for s in assumed if len(parts := re.split(r", (?:and )?", s.text)) > _FEW and _clauses(parts)]
        faults += [f"assumptions run on instead of being listed: {line}" for line in run_on]
    return found(faults) if assumed or faults or manuscript.full else ABSENT


def _clauses(parts: list[str]) -> bool:
    """Whether each part could stand alone."""
    return all(len(part.split()) > _FEW for part in parts)


def _hidden(manuscript: Manuscript, *, listed: bool) -> Iterator[str]:
    """What is taken for granted outside of the list."""
    granted = words_of("taken for granted")
    known = terms(" ".join([manuscript.evidence, *_asked(manuscript)]))
    for sentence in manuscript.own:
        text = plain(sentence.text)
        if sentence.kind in ("assumption", "question") or (listed and _POINTS.search(text)):
            continue
        told = granted.search(text)
        if told and not _DENIES.search(text[: told.start()]) and not (sentence.kind == "notice" and _NONE.search(text)):
            yield f"taken for granted in passing: {text}"
        elif sentence.kind != "notice" and _of_readers(text, manuscript):
            yield f"taken for granted of the reader: {text}"
        elif sentence.kind == "judgement" and sentence is not manuscript.answer.sentences[0]:
            yield from _stated(sentence, known)


def _stated(sentence: Sentence, known: frozenset[str]) -> Iterator[str]:
    """What a judgement says to be so, or to become so, and nobody knows."""
    most = _CITED if sentence.citations else _UNCITED
    for piece in re.split(r"(?<=[.!?])\s+", plain(sentence.text)):
        text = _ITEM.sub("", piece)
        ahead = _AHEAD.search(text)
        if ahead and words_of("the reader's side").search(text[: ahead.start()]) and not _OPEN.search(text):
            yield f"a future that nobody knows: {text}"
        premises = (m["premise"] for p in _PREMISES if (m := p.search(text)))
        if any(_is_ours(premise, known, most) for premise in premises):
            yield f"a premise that nothing supports: {text}"


def _is_ours(premise: str, known: frozenset[str], most: float) -> bool:
    """Whether a premise tells of the reader's side what neither the evidence nor the question has."""
    said = terms(premise)
    return (
        len(said) >= _FEW and not _OPEN.search(premise) and len(said & known) < most * len(said) and _of_side(premise)
    )


def _of_side(premise: str) -> bool:
    """Whether it says of something on the reader's side, and not of such things at large, what it is like."""
    side = words_of("the reader's side").pattern
    found_in = re.search(rf"{_DETERMINED}{side}{_STATES}", premise, re.IGNORECASE)
    plural = re.match(r"(?:[\w-]+s|data|traffic|people)\b", premise)
    return found_in is not None and plural is None


def _unmarked(assumed: list[Sentence], manuscript: Manuscript) -> Iterator[str]:
    """Assumptions that the text does not show as such."""
    text = folded(manuscript.answer.text)
    own_word = any(re.match(r"\W*assum", s.text, re.IGNORECASE) for s in assumed)
    rest = re.sub("|".join(re.escape(folded(s.text)) for s in assumed), "", text) if assumed else text
    if assumed and "assum" not in rest and not own_word:
        yield f"not marked as an assumption: {assumed[0].text}"
    yield from (f"not in the text: {s.text}" for s in assumed if folded(s.text) not in text)


def _asked(manuscript: Manuscript) -> list[str]:
    return [manuscript.question, *(one.question for one in manuscript.earlier)]


def _of_readers(text: str, manuscript: Manuscript) -> bool:
    """Whether it tells of the reader what the reader did not say."""
    match = _OF_READERS.search(text)
    if match is None or _ASKS_OR_SAYS.search(text):
        return False
    return len(terms(text) & terms(" ".join(_asked(manuscript)))) < 0.5 * len(terms(text))
