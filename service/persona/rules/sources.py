"""P13, P17: whose word it is: independent measurement or marketing, and what others say of themselves."""

from __future__ import annotations

import re

from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, folded

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
    r"|sales|as described|by its maker|not independent|unverified)\b",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"\b(?:as|is|are) (?:described|documented|stated|reported) (?:in|by)\b|\bin its own (?:documentation|words"
    r"|paper)\b|\baccording to (?:its|their|the)"
    r"(?: \w+){0,3} (?:documentation|documents|paper|docs|report)|\bits (?:own )?documentation (?:says|states"
    r"|describes)",
    re.IGNORECASE,
)
_VARIES = re.compile(
    r"\b(?:results?|figures?|numbers?|performance|mileage)\b[^.]{0,40}\b(?:var(?:y|ies)|differ|depend)"
    r"|\bdepend\w* on (?:the |your )?workload|\bvar(?:y|ies) (?:by|with)",
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
    """A vendor's word is not passed for an independent one."""
    tiers = {c.number: c.tier for c in manuscript.answer.citations}
    faults, weak = [], False
    for sentence in manuscript.own:
        cited = [tiers.get(number, "") for number in sentence.citations]
        mine = bool(cited) and all(tier in _WEAK for tier in cited)
        weak |= mine
        if mine and _INDEPENDENT.search(sentence.text):
            faults.append(f"a vendor's word, told as independent: {sentence.text}")
        elif mine and not _SAYS_SO.search(sentence.text):
            faults.append(f"a vendor's word, not told as one: {sentence.text}")
        if any(tier == "own proposal" for tier in cited) and re.search(
            r"\b(?:decided|decision|in force|agreed|accepted)\b", sentence.text, re.I
        ):
            faults.append(f"a proposal, told as a decision: {sentence.text}")
    return found(faults) if weak or faults or any(t in _WEAK for t in tiers.values()) else ABSENT


def p17(manuscript: Manuscript) -> Finding:
    """External work is introduced as described in its own documentation, with the caveat that results vary."""
    cited = {
        c.number for c in manuscript.answer.citations if c.kind == "paper" or c.tier in (*_WEAK, "peer-reviewed paper")
    }
    outside = [
        s.text for s in manuscript.own if s.kind != "notice" and (_EXTERNAL.search(s.text) or cited & set(s.citations))
    ]
    known = words_of("external work")
    outside += [
        s.text for s in manuscript.own if s.kind == "judgement" and known.search(s.text) and re.search(r"\d", s.text)
    ]
    if not outside:
        return ABSENT
    text = folded(manuscript.answer.text)
    faults = []
    if not _DESCRIBED.search(text):
        faults.append(f"not introduced as described in its own documentation: {outside[0]}")
    if not _VARIES.search(text):
        faults.append(f"without the caveat that results vary by workload: {outside[0]}")
    return found(faults)
