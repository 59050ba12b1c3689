"""P13: whose word it is, independent measurement or marketing, and whether it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.citations import Citation
from service.answer import Sentence
from service.answering.terms import terms
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript
from service.persona.rules.origin.disputing import averaged, disputed
from service.standing.force import has_ended

_LABEL = 2
"""Words of which a sentence has more, and a label not."""
_WEAK = ("vendor documentation", "marketing")
_INDEPENDENT = re.compile(
    r"\b(?:independent\w*|peer[- ]reviewed|(?:our|its|the) own measurements?|measured (?:by us|in production|here"
    r"|in-house)|neutral|proven|proves?"
    r"|third[- ]party|objective(?:ly)?|established fact|verified|confirmed|shown|demonstrat\w+|evidence shows"
    r"|it is (?:known|a fact)|study|research|scientific\w*)\b",
    re.IGNORECASE,
)
SAYS_SO = re.compile(
    r"\b(?:vendor|marketing|according to|claims?|claimed|advertis\w+|promot\w+|states? of itself"
    r"|its (?:own )?(?:documentation|documents|site|brochure)"
    r"|sales|brochure|docs?|guide|manual|handbook|website|documentation|paper"
    r"|authors?|stor(?:y|ies)|as described|by its maker"
    r"|not independent|unverified)\b",
    re.IGNORECASE,
)
_PROVEN = re.compile(
    r"\bindependent(?:ly)? (?:\w+ )?(?:test|benchmark|stud|evaluat|analys|measure|verif|confirm|review|audit)\w*"
    r"|\b(?:studies|research|science|benchmarks?|experiments?|the industry|experts?|analysts?) (?:\w+ )?(?:shows?"
    r"|proves?|confirms?|finds?|agrees?|says?)\b"
    r"|\bit is (?:well )?(?:known|proven|established)\b|\b(?:is|are|has been) (?:a )?(?:proven|established fact"
    r"|scientifically)\b|\bpeer[- ]reviewed\b",
    re.IGNORECASE,
)
"""What claims evidence, and has to name it."""
_NOT_INDEPENDENT = re.compile(
    r"\b(?:not|no|nobody|none|never|without|un|lacks?|neither|nothing|yet to be|still to be|awaits?|needs?|before"
    r"|until|whether)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
"""What stands before a word of independence that takes it away."""
_DENIED = re.compile(
    r"\b(?:not|no|never|nobody|none|without|lacks?|un|yet to|still to)\b[^.]{0,60}\b(?:independent\w*|verified"
    r"|confirmed|proven|measured"
    r"|peer[- ]reviewed|neutral|third[- ]party|shown|demonstrat\w+)\b|\b(?:claims?|says?|states?|advertis\w+"
    r"|promises?)\b",
    re.IGNORECASE,
)
"""It is said that nobody but the vendor says so."""
_MARKED = re.compile(
    r"\b(?:supersed\w+|deprecat\w+|replac\w+|former(?:ly)?|no longer|old(?:er)?|obsolete|withdrawn|rejected|until"
    r"|was|were|earlier)\b",
    re.I,
)
_IN_FORCE = re.compile(
    r"\b(?:currently|today|nowadays|at present|still|in force|remains?|is the (?:rule|standard|policy"
    r"|current \w+)|as of now"
    r"|up to date|present(?:ly)?|continues?|valid)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\b(?:supersed\w+|deprecat\w+|replaced|former(?:ly)?|no longer|obsolete|withdrawn|rejected|until"
    r"|not in force|ended|out of date"
    r"|used to)\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\b(?:decided|decision|in force|agreed|accepted|approved|adopted|ratified|settled|mandat\w+|chosen|chose"
    r"|ruled|binding|official(?:ly)?"
    r"|has been (?:introduced|made|set|fixed|standardi[sz]ed)|is (?:our|the) (?:standard|policy|rule)|(?:is"
    r"|are) (?:now )?required|already (?:runs?|uses?"
    r"|does|stores?|sends?|is))\b",
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    r"\b(?:propos\w+|draft\w*|suggest\w*|would|planned|plans?|under (?:review|discussion)"
    r"|pending|open|not|rejected|if)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:our own|we (?:measured|found|showed|evaluated)|our (?:evaluation|measurements?|benchmarks?|results?))\b",
    re.IGNORECASE,
)
_NONE_OF_OURS = re.compile(
    r"\b(?:no|not|none|nothing|never|without|lacks?|before|until|against|instead of|rather than"
    r"|with)\b[^.]{0,50}\b(?:our|we|ours)\b"
    r"|\b(?:our|we)\b[^.]{0,50}\b(?:not|no|none|nothing|never|missing|to do|pending)\b|\bour own (?:workload|data"
    r"|traffic|questions|hardware)\b",
    re.IGNORECASE,
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
        weak = bool(tiers) and all(tier in _WEAK for tier in tiers) and not _told_beside(sentence, manuscript, known)
        old = bool(cited) and all(has_ended(c.status, c.superseded_by) and c.number not in told for c in cited)
        spoken |= weak or old or any(t in _WEAK for t in tiers)
        proposed = [c for c in cited if c.tier == "own proposal"]
        if id(sentence) in ours and proposed and _as_decided(sentence.text, proposed):
            faults.append(f"a proposal, told as a decision: {sentence.text}")
        faults += _misplaced(sentence.text, tiers, weak=weak, old=old, own=id(sentence) in ours)
        if (
            id(sentence) in ours
            and not cited
            and sentence.kind not in ("question", "notice")
            and _proven(sentence.text)
        ):
            faults.append(f"proof of which no source is named: {sentence.text}")
        if len(set(tiers)) > 1 and averaged(sentence.text):
            faults.append(f"values of different tiers, averaged: {sentence.text}")
        if sentence.kind == "derived" and any(t in _WEAK for t in tiers) and not weak:
            faults.append(f"a vendor's value and our own, averaged: {sentence.text}")
    first = next((s for s in manuscript.answer.sentences if s.citations), None)
    better = any(c.tier == "own measurement" for c in known.values())
    if first and better and all(known[n].tier in _WEAK for n in first.citations if n in known):
        faults.append(f"a vendor's word leads before our own measurement: {first.text}")
    faults += disputed(manuscript)
    return found(faults) if spoken or faults else ABSENT


def _told_ended(sentences: Iterable[Sentence]) -> frozenset[int]:
    """The numbers of the citations of which a notice says that their time is over."""
    notices = [s.text for s in sentences if s.kind == "notice" and _MARKED.search(s.text)]
    return frozenset(int(number) for text in notices for number in re.findall(r"\[(\d+)\]", text))


def _told_beside(row: Sentence, manuscript: Manuscript, known: Mapping[int, Citation]) -> bool:
    """Whether a sentence beside the table says whose word a row of it is."""
    theirs = {known[n].document for n in row.citations if n in known}
    return row.text.startswith("|") and any(
        SAYS_SO.search(s.text) and theirs & {known[n].document for n in s.citations if n in known}
        for s in manuscript.answer.sentences
        if not s.text.startswith("|")
    )


def _as_decided(text: str, proposed: Sequence[Citation]) -> bool:
    """Whether it says what a proposal says, or that it was decided, and not that it is proposed."""
    for citation in proposed:
        text = text.replace(citation.title, "")
    said, theirs = terms(text), terms(" ".join(c.quote for c in proposed))
    retold = len(said) > _LABEL and len(said & theirs) >= 0.4 * len(said) and " | " not in text
    return (retold or _DECIDED.search(text) is not None) and not _PROPOSED.search(text)


def _proven(text: str) -> bool:
    return any(not _NOT_INDEPENDENT.search(text[: m.start()]) for m in _PROVEN.finditer(text)) and not _DENIED.search(
        text
    )


def _misplaced(text: str, tiers: Sequence[str], *, weak: bool, old: bool, own: bool) -> Iterator[str]:
    """What a sentence makes of its sources that they are not."""
    independent = any(not _NOT_INDEPENDENT.search(text[: m.start()]) for m in _INDEPENDENT.finditer(text))
    if weak and (not SAYS_SO.search(text) or (own and independent and not _DENIED.search(text))):
        yield f"a vendor's word, told {'as independent' if independent else 'not as one'}: {text}"
    if old and (not _MARKED.search(text) or (own and _IN_FORCE.search(text) and not _ENDED.search(text))):
        yield f"what no longer holds, without a mark: {text}"
    if (
        tiers
        and not any(tier.startswith("own") or not tier for tier in tiers)
        and _OURS.search(text)
        and not _NONE_OF_OURS.search(text)
        and not words_of("precedence").search(text)
    ):
        yield f"others' work, told as our own: {text}"
