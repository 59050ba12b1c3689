"""P13, P17: whose word it is: independent measurement or marketing, and what others say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from service.answer import Sentence
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, folded
from service.standing.force import has_ended

_WEAK = ("vendor documentation", "marketing")
_INDEPENDENT = re.compile(
    r"\b(?:independent\w*|peer[- ]reviewed|(?:our|its|the) own measurements?|measured (?:by us|in production|here"
    r"|in-house)|neutral|proven|proves?"
    r"|third[- ]party|objective(?:ly)?|established fact|verified|confirmed|shown|demonstrat\w+|evidence shows"
    r"|it is (?:known|a fact)|study|research|scientific\w*)\b",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"\b(?:vendor|marketing|according to|claims?|claimed|advertis\w+|promot\w+|states? of itself"
    r"|its (?:own )?(?:documentation|documents|site|brochure)"
    r"|sales|brochure|docs?|guide|documentation|paper|authors?|stor(?:y|ies)|as described|by its maker"
    r"|not independent|unverified)\b",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"\b(?:as|is|are) (?:[\w'’]+ ){0,6}(?:describe[ds]?|documented|stated?s?|reported)\b|\bin (?:its"
    r"|their) own (?:documentation|words|paper)\b"
    r"|\baccording to\b|\bper (?:the|its|their)\b|\b(?:documentation|docs|guide|paper|report|authors?|vendor"
    r"|brochure|marketing|preprint)\b"
    r"[^.]{0,60}\b(?:describes?|says?|states?|claims?|reports?|shows?|gives?|measures?|promises?)\b",
    re.IGNORECASE,
)
_VARIES = re.compile(
    r"\b(?:results?|figures?|numbers?|performance|mileage|yours)\b[^.]{0,60}\b(?:var(?:y|ies)|differ|depend)"
    r"|\bdepend\w* on (?:the |your )?workload"
    r"|\bvar(?:y|ies) (?:by|with)|\bwill vary\b|\bmay not (?:see|get|have) the same\b|\bnot certain to\b"
    r"",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"\b(?:supersed\w+|deprecat\w+|replac\w+|former(?:ly)?|no longer|old(?:er)?|obsolete|withdrawn|rejected|until"
    r"|was|were|earlier)\b",
    re.I,
)
_DECIDED = re.compile(r"\b(?:decided|decision|in force|agreed|accepted)\b", re.IGNORECASE)
_OURS = re.compile(
    r"\b(?:our own|we (?:measured|found|showed|evaluated)|our (?:evaluation|measurements?|benchmarks?|results?))\b",
    re.IGNORECASE,
)
_EXTERNAL = re.compile(
    r"\b(?:the|a|an|this|that|recent|original|their|its)\s+(?:\w+[\s-]+){0,3}(?:paper|whitepaper|white paper|vendor"
    r"|blog post|case study|benchmark report|study|article"
    r"|preprint)\b|\bet al\b|\barXiv\b|\b(?:NeurIPS|ICML|USENIX|SIGMOD|VLDB|OSDI|SOSP)\b|\b(?:published|public"
    r"|vendor|third-party) (?:benchmarks?|figures|results|numbers)\b"
    r"|\b[A-Z][\w.-]+ (?:reports?|claims?|advertises?|promises|publishes|published|documentation|benchmarks?)\b",
)


def p13(manuscript: Manuscript) -> Finding:
    """A vendor's word is not passed for an independent one, nor a proposal for a decision, nor the old for the new."""
    known = {c.number: c for c in manuscript.answer.citations}
    faults: list[str] = []
    spoken = False
    told = _told_ended(manuscript.answer.sentences)
    ours = set(map(id, manuscript.own))
    for sentence in manuscript.answer.sentences:
        cited = [known[number] for number in sentence.citations if number in known]
        tiers = [c.tier for c in cited]
        weak = bool(tiers) and all(tier in _WEAK for tier in tiers)
        old = bool(cited) and all(has_ended(c.status, c.superseded_by) and c.number not in told for c in cited)
        spoken |= weak or old or any(t in _WEAK for t in tiers)
        faults += _misplaced(sentence.text, tiers, weak=weak, old=old, own=id(sentence) in ours)
        if sentence.kind == "derived" and any(t in _WEAK for t in tiers) and not weak:
            faults.append(f"a vendor's value and our own, averaged: {sentence.text}")
    first = next((s for s in manuscript.answer.sentences if s.citations), None)
    better = any(c.tier == "own measurement" for c in known.values())
    if first and better and all(known[n].tier in _WEAK for n in first.citations if n in known):
        faults.append(f"a vendor's word leads before our own measurement: {first.text}")
    return found(faults) if spoken or faults else ABSENT


def _told_ended(sentences: Iterable[Sentence]) -> frozenset[int]:
    """The numbers of the citations of which a notice says that their time is over."""
    notices = [s.text for s in sentences if s.kind == "notice" and _MARKED.search(s.text)]
    return frozenset(int(number) for text in notices for number in re.findall(r"\[(\d+)\]", text))


def _misplaced(text: str, tiers: Sequence[str], *, weak: bool, old: bool, own: bool) -> Iterator[str]:
    """What a sentence makes of its sources that they are not."""
    if weak and not _SAYS_SO.search(text):
        told = "as independent" if _INDEPENDENT.search(text) else "not as one"
        yield f"a vendor's word, told {told}: {text}"
    if old and not _MARKED.search(text):
        yield f"what no longer holds, without a mark: {text}"
    if (
        own
        and "own proposal" in tiers
        and _DECIDED.search(text)
        and not re.search(r"\bpropos\w+|\bnot\b", text, re.IGNORECASE)
    ):
        yield f"a proposal, told as a decision: {text}"
    if tiers and not any(tier.startswith("own") or not tier for tier in tiers) and _OURS.search(text):
        yield f"others' work, told as our own: {text}"


def p17(manuscript: Manuscript) -> Finding:
    """External work is introduced as described in its own documentation, with the caveat that results vary.

    A paper of the organization's own is no external work. What the program says of others' work is introduced in its
    sentence; what stands in their words, there or in a notice of the answer.
    """
    foreign = {c.number for c in manuscript.answer.citations if c.external}
    outside = [s.text for s in manuscript.answer.sentences if s.citations and set(s.citations) <= foreign]
    named = [
        s.text
        for s in manuscript.own
        if s.kind != "notice" and _EXTERNAL.search(s.text) and not set(s.citations) & foreign
    ]
    known = words_of("external work")
    named += [
        s.text for s in manuscript.own if s.kind == "judgement" and known.search(s.text) and re.search(r"\d", s.text)
    ]
    if not outside and not named:
        return ABSENT
    text = folded(manuscript.answer.text)
    own = {s.text for s in manuscript.own}
    measured = [t for t in outside if re.search(r"\d|\b(?:best|most|every|always|never)\b", t)]
    told = any(s.kind == "notice" and _DESCRIBED.search(s.text) for s in manuscript.own)
    bare = [t for t in measured if not _introduced(t) and (t in own or not told)]
    faults = [f"not introduced as described in its own documentation: {t}" for t in bare]
    if named and not _introduced(text):
        faults.append(f"not introduced as described in its own documentation: {named[0]}")
    if not _VARIES.search(text):
        faults.append(f"without the caveat that results vary by workload: {(outside or named)[0]}")
    return found(faults)


def _introduced(text: str) -> bool:
    return bool(_DESCRIBED.search(text) or _SAYS_SO.search(text))
