"""P1: the recommendation or answer leads, in bold.

What leads is held against what was asked: a question of quantity wants a figure, a choice wants one of its options, a
question for advice wants advice. Only a lead in the program's own words is judged so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.answer import Sentence
from service.answering.terms import terms
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, plain

_LABEL = re.compile(r"^(?:#{1,6} .*|\*[^*\n]+:\*)\s*", re.MULTILINE)
_OPENS = re.compile(
    r"^(?:[-*+]\s+|\d+[.)]\s+|>\s*|\|\s*)*(?:\*[^*\n]+:\*\s*)?"
    r"(?:(?:[Yy]es|[Nn]o|In short|[Ss]hort answer|Answer|Recommendation|Decision|Verdict"
    r"|Bottom line)\s?[:.,–—]\s*)?(?=(?:\*\*|__)\S)"
)
_SPAN = re.compile(r"(\*\*|__)(\S.*?)\1")
_BARE = re.compile(
    r"(?:(?:short |my |the |our |executive |key )?(?:recommendation|decision|answer|verdict|summary|conclusion|results?"
    r"|findings|overview|introduction|background|context)|in (?:short|brief)|tl;?dr|at a glance)\W*",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?:warning|risks?|caution|caveats?|disclaimer|background|context)\b\s*:", re.IGNORECASE)
"""A label of what is not the answer, whoever writes it."""
_LABELLED = re.compile(
    r"(?:note|important|preliminar\w+|scope|sources?|history|introduction|overview|motivation|question|problem|situation"
    r"|definitions?|method\w*|limitations?|status|confidence|audience|topic|subject|title|purpose|assumptions?|preface"
    r"|preamble|abstract|agenda|contents|findings?|observations?|analysis|evidence|pros?|cons?)\b\s*[:–—]",
    re.IGNORECASE,
)
"""The same, where the program writes it."""
_SETTLED = re.compile(
    r"[:;–—,.].*\b(?:with|without|if|when|above|below|under|unless|until|otherwise|for)\b.*\b(?:with|without|if|when"
    r"|above|below|under|unless|until|otherwise|only|else)\b",
    re.IGNORECASE,
)
"""What it depends on, with what follows in either case."""
_DEPENDS = re.compile(r"\W*(?:[\w-]+ ){0,8}(?:depends?|varies)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:chang|revers|revis|withdr|correct\w* my|replac|overtak|no longer|not hold|not stand|wrong)", re.IGNORECASE
)
_LATE = re.compile(
    r"^\W*(?:(?:so|therefore|hence|thus|overall|all in all|to (?:sum up|conclude)|in (?:short|sum|summary|conclusion"
    r"|the end))\b\s*(?:[:,]|is\b)"
    r"|(?:the )?bottom line\b|tl;?dr\b"
    r"|(?:the |my |our )?(?:short )?(?:answer|recommendation|conclusion|verdict)\b\s*(?:[:,]|is\b)"
    r"|(?:we|I) (?:therefore |thus |hence )?recommend\b|(?:recommended|recommendation)\b:)",
    re.IGNORECASE,
)
"""The answer, where it is announced as one."""
_SUMS_UP = re.compile(
    r"^\W*(?:so|therefore|hence|thus|overall|all in all|in the end|to (?:sum up|conclude))\b", re.IGNORECASE
)
_ASKED_ADVICE = re.compile(
    r"\b(?:should|shall|ought|recommend\w*|advi[cs]e|better|best|worth|prefer\w*)\b"
    r"|\bwhich\b.*\b(?:use|choose|pick|take|adopt|buy)\b",
    re.IGNORECASE,
)
_ADVISES = re.compile(
    r"\b(?:should|ought to|recommend\w*|advis\w+|prefer\w*|choose|go (?:with|for)|stay with|better (?:choice|start"
    r"|option|way|one)|worth|(?:best|right) (?:choice|option|way|one)|is the one to)\b",
    re.IGNORECASE,
)
_TAKES_SIDES = re.compile(r"\b(?:yes|no|not|never|both|neither|none|only|must|keep|stays?|better|best)\b", re.I)
_TELLS = re.compile(
    r"\b(?:was|were|had|has been|have been|began|measured|took|showed|is an?|are (?:two|three))\b"
    r"|\d[\d.,]* ?(?:ms|s|min|h|%|[KMGT]i?B)\b|\$ ?\d",
    re.IGNORECASE,
)
"""What happened, what was measured, or what a thing is."""
_CLAUSE = re.compile(r"[:;,–—]|\b(?:until|if|when|because|that|which|where|unless|once|while|since)\b", re.IGNORECASE)
_STATEMENT = re.compile(
    r"\W*(?:the|an?|this|that|these|those|there|it|its|our|your|one|each|some|both|all|many|most|on|in|at|for|by|with"
    r"|(?:[\w-]+ ){1,5}(?:is|are|was|were|has|have|had|does|do))\b",
    re.IGNORECASE,
)
"""It says how something is; advice begins with a verb, or with a name."""
_QUANTITY = re.compile(
    r"^\W*(?:how (?:many|much|long|large|big|often|old|high|fast|far|soon)"
    r"|(?:what|which) (?:is|are|was|were) (?:the|our|its) (?:[\w-]+ ){0,3}(?:targets?|limits?|sizes?|numbers?|costs?"
    r"|prices?|rates?|thresholds?|quotas?|timeouts?|budgets?|durations?|periods?))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|twice|once|hundreds?|thousands?|every"
    r"|each|daily|hourly|weekly|monthly|yearly|nightly|never|always|no|none|not|nothing|unlimited|forever|as \w+ as)\b",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(r"^\W*what (?:is|are|was|were)\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are|was|were|be|means?|stands? for)\b|[:=–—]", re.IGNORECASE)
_BE = re.compile(r"\b(?:is|are|was|were)\b", re.IGNORECASE)
_SOME_OF = re.compile(r"^\W*(?:which|who|whom|whose|what|where)\b|\bor\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?\"”)`]$")
_SHARE, _SHORT, _SAME = 0.3, 3, 0.5


def p1(manuscript: Manuscript) -> Finding:
    """The recommendation or answer leads, in bold."""
    answer = manuscript.answer
    if not answer.sentences or not answer.text.strip():
        return ABSENT
    lines = [line for line in _LABEL.sub("", answer.text).splitlines() if line.strip()]
    if answer.refusal:
        displaced = lines and not _OPENS.match(lines[0].strip()) and _SPAN.search("\n".join(lines))
        return found([f"something leads before the refusal: {lines[0]}"]) if displaced else ABSENT
    if lines and lines[0].lstrip().startswith(("```", "~~~")):
        bold = "**" in "\n".join(lines) and not manuscript.fences[0].quoted if manuscript.fences else False
        return found([f"code or a drawing comes before the answer: {lines[0]}"]) if bold else ABSENT
    if not lines or (lines[0].lstrip().startswith("|") and not manuscript.claims):
        return ABSENT
    faults = [] if _is_bold(lines[0], manuscript) else [f"the first line is not bold: {lines[0]}"]
    return found((*faults, *_led_astray(plain(lines[0]).lstrip("-*+ "), manuscript)))


def _is_bold(line: str, manuscript: Manuscript) -> bool:
    """Whether the answer is what is bold in a first line: not its label alone, and not its topic alone."""
    line = line.strip()
    opens, spans = _OPENS.match(line), [m[2] for m in _SPAN.finditer(line)]
    first = re.split(r"(?<=[.!?])\s", plain(line))[0]
    if opens is None or not spans:
        return any(re.search(r"\d", span) and plain(span) in first for span in spans) or opens is not None
    if _BARE.fullmatch(spans[0]) and len(spans) == 1 and re.search(r"\w", line[opens.end() :].split("**")[-1]):
        return False
    said = spans[0].split()
    topic = len(said) <= _SHORT and len(said) < _SHARE * len(first.split()) and not _FIGURE.search(spans[0])
    asked = terms(manuscript.question)
    return not (topic and not _SOME_OF.search(manuscript.question) and terms(spans[0]) and terms(spans[0]) <= asked)


def _led_astray(first: str, manuscript: Manuscript) -> Iterator[str]:
    """What leads in the place of the answer."""
    lead = manuscript.answer.sentences[0]
    own = any(s is lead for s in manuscript.own)
    if _ASIDE.match(first) or (own and _LABELLED.match(first)) or (own and _clears_its_throat(first, manuscript)):
        yield f"not the answer leads: {first}"
    again = terms(lead.text) <= terms(manuscript.question) and terms(lead.text)
    if lead.kind in ("question", "assumption") or ((own or again) and plain(lead.text).strip("*_ ").endswith("?")):
        yield f"no answer leads, but {lead.kind}: {lead.text}"
    after, text = _after(manuscript), plain(lead.text).strip("*_ ")
    titled = lead.kind == "notice" or _BARE.fullmatch(text) or (own and text.endswith(":"))
    if after and not _ENDS.search(text) and titled:
        yield f"a title leads: {text}"
    if own:
        yield from _beside_the_question(lead, after, manuscript)
    known = terms(lead.text)
    named = not _TELLS.search(text) and any(known & option for option in _options(manuscript.question))
    own_after = [s for s in after if any(s is mine for mine in manuscript.own)]
    late = [s for s in own_after if _announced(plain(s.text)) and _repeats(s, known) < _SAME]
    if late and not named and not (own and _advises(text)):
        yield f"the answer comes late: {late[0].text}"


def _after(manuscript: Manuscript) -> list[Sentence]:
    """The sentences behind the lead, in the section of the lead."""
    lead, *rest = manuscript.answer.sentences
    return [s for s in rest if s.section == lead.section and s.kind != "notice"]


def _announced(text: str) -> bool:
    """Whether a sentence calls itself the answer, or sums up what should be done."""
    return bool(_LATE.match(text) or (_SUMS_UP.match(text) and _ADVISES.search(text)))


def _repeats(sentence: Sentence, known: frozenset[str]) -> float:
    said = terms(sentence.text)
    return len(said & known) / len(said) if said else 1.0


def _clears_its_throat(first: str, manuscript: Manuscript) -> bool:
    """Whether a lead takes no position, tells what comes, what was done, or what is no longer said."""
    thanks = manuscript.earlier and re.match(r"(?:thank|sorry|apolog)", first, re.IGNORECASE)
    if (_DEPENDS.match(first) and _SETTLED.search(first)) or (thanks and _CHANGES.search(first)):
        return False
    if re.search(r"\d", first) and _INDIRECT.match(first):
        return False
    return any(words_of(name).match(first) for name in ("preamble", "no answer", "recommends nothing"))


_INDIRECT = re.compile(r"(?:what|how|which|whether|why)\b", re.IGNORECASE)


def _beside_the_question(lead: Sentence, after: list[Sentence], manuscript: Manuscript) -> Iterator[str]:
    """What leads and is not of the kind that was asked for, where a later sentence is."""
    asked, text = manuscript.question, plain(lead.text).strip("*_ ")
    if _QUANTITY.match(asked) and not _FIGURE.search(text) and any(re.search(r"\d", s.text) for s in after):
        yield f"no figure leads: {text}"
    named = any(terms(text) & option for option in _options(asked)) and not _TELLS.search(text)
    if _ASKED_ADVICE.search(asked) and _only_tells(lead) and not named:
        late = [s for s in after if s.kind == "judgement" and _sides(plain(s.text), asked)]
        yield from (f"facts lead, and the advice follows: {s.text}" for s in late[:1])
    options = _options(asked)
    if options and not (terms(text) & frozenset().union(*options)) and not _TAKES_SIDES.search(text):
        late = [s for s in after if sum(bool(terms(s.text) & option) for option in options) == 1]
        yield from (f"none of what was asked leads, and one follows: {s.text}" for s in late[:1])
    if _WHAT_IS.match(asked) and not _IS.search(text):
        late = [s for s in after if (told := _BE.split(s.text, 1))[1:] and len(terms(told[0]) & terms(asked)) > 1]
        yield from (f"something else leads than what was asked: {text}" for s in late[:1])


def _only_tells(lead: Sentence) -> bool:
    """Whether a lead says how something is or was, and advises nothing; what is cited may be the decision asked for."""
    text = plain(lead.text)
    stated = _STATEMENT.match(_CLAUSE.split(text)[0]) is not None and not _advises(text)
    return stated and (lead.kind == "judgement" or _TELLS.search(text) is not None)


def _sides(text: str, asked: str) -> bool:
    """Whether a sentence advises, says yes or no, or bids what was asked about."""
    first = re.match(r"\W*([a-z]+)", text, re.IGNORECASE)
    bids = first is not None and bool(terms(first[1]) & terms(asked))
    return bool(_ADVISES.search(text) or re.match(r"\W*(?:yes|no)\b", text, re.IGNORECASE)) or bids


def _advises(text: str) -> bool:
    return bool(_ADVISES.search(text) or _TAKES_SIDES.search(text))


def _options(asked: str) -> list[frozenset[str]]:
    """The words by which the two sides of a choice differ; none where it is no choice of two."""
    sides = re.split(r",? or ", asked.rstrip("?"))
    if len(sides) != 2:
        return []
    left, right = (terms(side) for side in sides)
    tail = terms(" ".join(sides[0].split()[-max(2, len(sides[1].split())) :]))
    return [tail - right, right - left] if tail - right and right - left else []
