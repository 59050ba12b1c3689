"""P17: others' work, and what they say of it themselves."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from itertools import pairwise

from corpus.citations import Citation
from service.answer import Sentence
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, plain
from service.persona.rules.origin.sources import SAYS_SO

_DESCRIBED = re.compile(
    r"\b(?:as|is|are) (?:[\w'’]+ ){0,6}(?:describe[ds]?|documented|stated?s?|reported)\b|\bin (?:its"
    r"|their) own (?:documentation|words|paper)\b"
    r"|\baccording to\b|\bper (?:the|its|their)\b|\b(?:documentation|docs|guide|manual|handbook|website|paper"
    r"|report|authors?|vendor|brochure|marketing|preprint)\b"
    r"[^.]{0,60}\b(?:describes?|says?|states?|claims?|reports?|shows?|gives|measures|promises?)\b",
    re.IGNORECASE,
)
_OWN_WORK = re.compile(r"\b(?:we|our|ours|us|the organi[sz]ation['’]s)\b", re.IGNORECASE)
_OWN_PAPERS = re.compile(r" (?:in|by|from) (?:our|the organi[sz]ation['’]s)\b", re.IGNORECASE)
_CLAIMS = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twice|half|double|third|quarter|dozen)\b"
    r"|\b(?:halv|doubl|tripl|quadrupl)\w+|\b(?:cuts|lowers|reduces|raises|saves|improves|speeds|removes|avoids)\b"
    r"|\b(?:best|fastest|most|least|always|never|every|any|guarantee[ds]?|unlimited|linear(?:ly)?)\b"
    r"|\b(?!other|under|over|after|server|number|cluster|never|per\b)\w+er than\b",
    re.IGNORECASE,
)
"""What an outside source says of how good its work is, and not only what it is."""
_MEASURED = re.compile(
    r"\d[\d.,]*\s?(?:%|percent|ms\b|µs|s\b|seconds?|minutes?|x\b|times|fold|[GMT]B|req|qps|rps|tokens?|million"
    r"|billion|k\b|ops|messages|rows|vectors)",
    re.IGNORECASE,
)
_OF_A_CONTRACT = re.compile(
    r"\bvendors?(?:['’]s)?[ -](?:lock-?in|contract\w*|licen[cs]e\w*|support|prices?|pricing|risk|choice|management)\b"
    r"|\b(?:ask|call|from|by|with|to|of) (?:the|a|your|another) vendor\b(?! (?:claims?|says?|reports?|measur\w+))",
    re.IGNORECASE,
)
"""Dealings with a vendor, of whose work nothing is said."""
_STUDY_TO_COME = re.compile(r"\b(?:a|the|any) (?:later|future|further|coming) study\b", re.IGNORECASE)
_EXTERNAL = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Tt]his|[Tt]hat|recent|original|their|its)\s+(?:\w+[\s-]+){0,3}(?:paper|whitepaper"
    r"|white paper|vendor|blog post|case study|benchmark report|study|preprint)\b"
    r"|\bet al\b|\barXiv\b|\b(?:NeurIPS|ICML|USENIX|SIGMOD|VLDB|OSDI|SOSP)\b|\bleader-?boards?\b|\b(?:published|public"
    r"|vendor|third-party) (?:benchmarks?|figures|results|numbers)\b"
    r"|\b[A-Z][\w.-]+ (?:reports|claims|advertises|publishes|published|documentation|benchmarks?)\b",
)
_PAPER = re.compile(r"\b(?:papers?|preprints?|authors?|stud(?:y|ies))\b", re.IGNORECASE)
_VENDOR = re.compile(
    r"\b(?:vendors?|makers?|documentation|docs|manuals?|guides?|brochures?|marketing)\b", re.IGNORECASE
)


def p17(manuscript: Manuscript) -> Finding:
    """External work is introduced as described in its own documentation, with the caveat that results vary.

    A paper of the organization's own is no external work. What the program says of others' work is introduced in its
    sentence; what stands in their words, there or in a notice of the answer; a row of a table, beside the table.
    """
    foreign = {c.number: c for c in manuscript.answer.citations if c.external}
    outside = [s for s in manuscript.answer.sentences if s.citations and set(s.citations) <= foreign.keys()]
    named = list(_named(manuscript, foreign.keys()))
    if not outside and not named:
        return ABSENT
    texts = [s.text for s in manuscript.answer.sentences]
    led = {id(b) for a, b in pairwise(manuscript.answer.sentences) if _introduced(a.text) and _leads(a, b, foreign)}
    bare = [
        s.text
        for s in outside
        if _CLAIMS.search(s.text) and not _introduced(s.text) and id(s) not in led and not _told(s, manuscript, foreign)
    ]
    faults = [f"not introduced as described in its own documentation: {text}" for text in bare]
    if named and not any(_introduced(text) for text in texts):
        faults.append(f"not introduced as described in its own documentation: {named[0]}")
    if not any(varies(piece) for text in (*texts, manuscript.answer.text) for piece in _pieces(text)):
        faults.append(f"without the caveat that results vary by workload: {(*(s.text for s in outside), *named)[0]}")
    return found(faults)


def _named(manuscript: Manuscript, foreign: Container[int]) -> Iterator[str]:
    """What is said of others' work without a citation of it."""
    known = words_of("external work")
    for sentence in manuscript.own:
        text = manuscript.untitled(sentence.text)
        if sentence.kind in ("notice", "question"):
            continue
        if _EXTERNAL.search(_STUDY_TO_COME.sub("", _OF_A_CONTRACT.sub("", text))):
            if not any(number in foreign for number in sentence.citations):
                yield sentence.text
        elif sentence.kind == "judgement" and known.search(text) and _MEASURED.search(sentence.text):
            yield sentence.text


def _told(sentence: Sentence, manuscript: Manuscript, foreign: Mapping[int, Citation]) -> bool:
    """Whether a notice introduces sources of its kind, or a sentence beside the table the document of a row."""
    for other in manuscript.answer.sentences:
        if other.kind == "notice" and _DESCRIBED.search(other.text) and _of_its_kind(other.text, sentence, foreign):
            return True
        beside = "|" in sentence.text and "|" not in other.text and other.citations
        if beside and _introduced(other.text) and _leads(other, sentence, foreign):
            return True
    return False


def _leads(before: Sentence, behind: Sentence, foreign: Mapping[int, Citation]) -> bool:
    """Whether one sentence speaks of the source of another: it cites the same document, or names its kind."""
    if not before.citations:
        return _of_its_kind(before.text, behind, foreign)
    theirs = {foreign[n].document for n in behind.citations if n in foreign}
    return bool(theirs & {foreign[n].document for n in before.citations if n in foreign})


def _of_its_kind(text: str, sentence: Sentence, foreign: Mapping[int, Citation]) -> bool:
    kinds = {_PAPER if foreign[n].kind == "paper" else _VENDOR for n in sentence.citations if n in foreign}
    return all(kind.search(text) for kind in kinds)


def _introduced(text: str) -> bool:
    """Whether it says whose word it is, and not that it is our own."""
    said = [m for pattern in (_DESCRIBED, SAYS_SO) for m in pattern.finditer(text)]
    others = [m for m in said if not _OWN_WORK.search(text[max(0, m.start() - 12) : m.end()])]
    return any(not _OWN_PAPERS.match(text, m.end()) for m in others)


def varies(text: str) -> bool:
    """Whether a sentence says that a result may come out otherwise under other circumstances."""
    if not words_of("circumstances").search(text):
        return False
    if words_of("does not transfer").search(text):
        return True
    return bool(words_of("varies").search(text)) and not words_of("whatever the circumstances").search(text)


def _pieces(text: str) -> list[str]:
    return re.split(r"(?<=[.!?;])\s+", plain(text))
