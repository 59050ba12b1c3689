"""P9: an estimate has its interval, its probability and what it depends on, or is not given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.citations import Citation
from service.answer import Sentence
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import words_of
from service.persona.manuscript import Manuscript, folded, plain

NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|twice|an?|a third|a quarter|a dozen"
    r"|half a|a few|a couple of|several)"
)
UNIT = (
    r"(?:%|percent|ms|s|seconds?|minutes?|hours?|days?|weeks?|weekends?|afternoons?|sprints?|months?|quarters?|years?"
    r"|engineers?|developers?|hires?|people|users|customers|nodes?|machines?|servers?|replicas?"
    r"|(?:story )?points?|GB|TB|MB|\$|dollars?|euros?|k\b|x\b|times|(?:person|man|engineer)-\w+|FTEs?|USD|EUR"
    r"|req/s|qps|rps"
    r"|tokens?|cores?|GPUs?)"
)
_COUNTED = "two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {word: str(n) for n, word in enumerate(_COUNTED, 2)}
_SPELLED = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_TIME = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|weekends?|afternoons?"
    r"|mornings?|fortnights?|sprints?|iterations?|months?|quarters?|years?)"
)
_DATE = (
    r"(?:Q[1-4]|20\d\d|(?:(?:next|this|early|late|mid) |the end of (?:the |this |next )?)?(?:week|month|quarter"
    r"|year|spring"
    r"|summer|autumn|winter|sprint|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|christmas))"
)
_COUNT = rf"(?:(?!an?\b(?! (?:few|couple|dozen|third|quarter))){NUMBER})"
_LONG = r"(?:minute|hour|morning|afternoon|fortnight|day|night|weekend|week|sprint|month|quarter|year)\b"
_AWHILE = rf"an? {_LONG}"
_WORD = r"(?:(?!(?:an?|per)\b)\w+[\s-])?"
_PEOPLE = (
    r"(?:(?:more |extra |full |full-time |senior |additional )?(?:engineers?|developers?|hires?|people|contractors?"
    r"|heads)|FTEs?)"
)
_EFFORT = (
    rf"(?:{_TIME}|%|percent|(?:person|man|engineer)[- ](?:hours?|days?|weeks?|months?|years?)|dollars?|euros?|USD|EUR)"
)
_MULTIPLE = (
    r"(?:\b(?:half|twice|double|a (?:third|quarter|fifth|tenth)|two thirds|three quarters|an order of magnitude)\b"
    rf"|\b{_COUNT}[- ]?(?:x\b|times|fold)|\b(?:doubl|halv|tripl|quadrupl)(?:es?|ed|ing)\b)"
)
_QUANTITY = re.compile(
    rf"[$€£]\s?\d[\d.,]*(?:\s?(?:k|m|million)\b)?|\b{_COUNT}[\s-]{_WORD}(?:{_EFFORT}|{_PEOPLE})(?!\w)"
    rf"|\b\d[\d.,]*\s?{UNIT}(?!\w)"
    rf"|\b\d[\d.,]*(?: \w+){{1,2}} (?:a|an|per) (?:second|minute|hour|day|week|month|year)\b|{_MULTIPLE}"
    rf"|\b(?:an?|the|this|next) {_LONG}|\bmatter of {_TIME}\b|\b{_TIME},? not {_TIME}\b"
    rf"|\b(?:by|until|before|within|during|in) (?:the )?(?:\d{{1,2}} )?{_DATE}\b|\bnext {_DATE}\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    rf"(?:\b(?:roughly|approximately|approx|around|about|nearly|almost|circa|ca|est|some(?= \d)|in the (?:region"
    rf"|ballpark|order|neighbou?rhood) of)\b\.?\s?|[~≈]\s?)(?:[$€£]\s?)?{NUMBER}|\bgive or take\b|\b{_TIME} or so\b",
    re.IGNORECASE,
)
_SPENT = rf"(?:\b{_COUNT}[\s-]{_WORD}{_EFFORT}(?!\w)|[$€£]\s?\d[\d.,]*(?![\d.,]*(?: \w+)? (?:an?|per) ))"
_CHANGED = rf"(?:\b{_COUNT}[\s-]?{_EFFORT}(?!\w)|[$€£]\s?\d[\d.,]*|{_MULTIPLE})"
_OUTLAY = re.compile(
    rf"(?:\b(?:takes|needs?|lasts?|costs?|requires?)|(?<=\w )take)\b[^.;,]{{0,40}}?{_SPENT}"
    rf"|\b(?:takes|needs?|requires?) (?:\w+ )?(?:{_COUNT} {_PEOPLE}\b|{_AWHILE})"
    r"|\b(?:phase \w+|effort|work|duration|migration|rollout|move)\b(?: is|:|,| of| runs)? (?:\w+ )?"
    rf"{_COUNT}[\s-]{_EFFORT}(?!\w)"
    r"|\b(?:falls?|drops?|rises?|shrinks?|grows?|improves?|climbs?|cuts|halves|saves?|frees?|lowers|reduces|raises"
    rf"|speeds|slows|increases)\b[^.;]{{0,50}}?{_CHANGED}"
    rf"|(?:\b{_COUNT}\s?(?:%|percent)|{_MULTIPLE})\s(?:faster|slower|less|more|cheaper|lower|higher|fewer|better)\b"
    rf"|{_MULTIPLE} (?:of )?the (?:time|cost|price|bill|latency|memory|traffic|load)\b"
    rf"|\b{NUMBER}[- ]{_WORD}{_TIME}['’]? (?:of )?(?:work|effort|job|project|task|migration|move|rewrite|port"
    r"|undertaking)\b"
    rf"|\bmatter of {_TIME}\b|\b{_TIME},? not {_TIME}\b|\((?:\w+ )?{NUMBER}[- ]{_TIME}\)",
    re.IGNORECASE,
)
"""What something takes, costs or changes by."""
_COLUMN = re.compile(
    r"\b(?:effort|estimate\w*|duration|time to (?!first\b)\w+|when|schedule|savings?|lead time|payback|ETA|ready by)\b",
    re.IGNORECASE,
)
_SETS = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:set|alert|page|warn|keep|retain|store|review|repeat|run|test|wait|retry|poll|cap"
    r"|limit|rotate"
    r"|expire)\b"
    r"|\b(?:success (?:is|means)|succeeds|objective (?:is|of)|threshold of|time-?out of|retention of|limit of"
    r"|deadline|approv\w+|assign\w+|capped at|quota of|allotted"
    r""
    r"|every \d)\b",
    re.IGNORECASE,
)
"""A quantity that is set, asked for or aimed at, and not guessed."""
_DECLINES = re.compile(
    r"\b(?:no|not|cannot|can't|nothing|nobody|never|without|neither|instead of|rather than)\b[^.;]{0,60}"
    r"\b(?:estimat\w*|forecast\w*|predict\w*|guess\w*|documented|figures?|measured|promise[ds]?|known)\b"
    r"|\b(?:an? )?(?:estimate|forecast)s? (?:is|are|would be|needs?|has|have|comes?) (?:\w+ ){0,2}(?:not|no|after"
    r"|only|from)\b",
    re.IGNORECASE,
)
"""No estimate is given, and that is said."""
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|once|unless|until|as soon as|where|whether|should)\b[^,;.]*$", re.IGNORECASE
)
"""What stands before a quantity that is only a condition."""
_HORIZON = re.compile(
    r"\b(?:(?:over|for|across|within|in|through) )?(?:the next |a )?(?:18|24|eighteen|twenty-four|two|2)\s?(?:to"
    r"|-|–|and)\s?(?:36"
    r"|thirty-six|three|3)[\s-](?:months?|years?)\b",
    re.IGNORECASE,
)
"""The span over which a recommendation is weighed (P19)."""
_PAST = re.compile(
    r"\b(?:took|was|were|had|ran|held|cost (?:us|it)|measured|lasted|found|grew|fell|rose|spent|billed|needed|handled"
    r"|copied|used)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:\b|\$|€){_COUNT}\s*{UNIT}?\s*(?:-|–|—|to|or)\s*(?:[$€]\s?)?{_COUNT}|±|\+/-|\binterval\b"
    rf"|\bbetween (?:[$€]\s?)?{NUMBER}[^.]{{0,25}} and (?:[$€]\s?)?{NUMBER}|\bplus or minus\b|\bgive or take\b"
    rf"|\bfrom (?:[$€]\s?)?{NUMBER}[^.]{{0,25}} (?:up )?to (?:[$€]\s?)?{NUMBER}",
    re.IGNORECASE,
)
_PROBABILITY = re.compile(
    r"\b\d{1,3}\s?(?:%|percent)\s*(?:\w+\s+)?(?:probab\w*|confiden\w*|chance|likelihood|interval|CI\b|sure"
    r"|certain\w*|positive|credible|likely|prior|case)"
    r"|\b(?:probability|confidence|chance|likelihood|odds|certainty|likely|confident)\b[^.]{0,30}\d|\bP[5-9]\d\b"
    r"|\bp\s?=\s?0?\.\d|\b(?:\d+|two|three|four|seven|eight|nine|nineteen) (?:times |chances |cases )?(?:out of"
    r"|in) (?:\d+|three"
    r"|four|five|ten|twenty)\b",
    re.IGNORECASE,
)
_AIMS = re.compile(r"\b(?:success\w*|succeeds?|targets?|goals?|objectives?|KPIs?|aims?|must)\b", re.IGNORECASE)
"""What is aimed at or demanded is not foretold."""
_REACH = 25
"""How far a quantity may reach behind the first of its words."""
_ANAPHOR = re.compile(
    r"^\W*(?:that|this|these|it|its|both|they|the (?:estimate|range|interval|figures?|span|same)|depend\w*"
    r"|assum\w*|provided|given|probability|confidence|dependenc\w*|interval|range)\b",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"\b(?:depend\w*|assum\w+|provided|hinges?|probab\w+|confidence|holds? only|odds|chances?|likel\w+)\b", re.I
)
_SOUGHT = (("interval", _RANGE), ("probability", _PROBABILITY))


def p9(manuscript: Manuscript) -> Finding:
    """An estimate has an interval, a probability and what it depends on, whoever made it."""
    faults, seen = [], False
    for text, near in (*_told(manuscript), *_cells(manuscript)):
        seen = True
        lacks = [name for name, pattern in _SOUGHT if not pattern.search(near)]
        lacks += [] if words_of("dependency").search(near) else ["dependencies"]
        if lacks:
            faults.append(f"an estimate without {', '.join(lacks)}: {text}")
    return found(faults) if seen else ABSENT


def _told(manuscript: Manuscript) -> Iterator[tuple[str, str]]:
    """The estimates that its own sentences give, each with what stands near it."""
    known = {c.number: c for c in manuscript.answer.citations}
    own = set(map(id, manuscript.own))
    pieces = [(s, piece) for s in manuscript.answer.sentences for piece in _pieces(manuscript.untitled(s.text))]
    for at, (sentence, piece) in enumerate(pieces):
        cited = [known[n] for n in sentence.citations if n in known]
        skipped = sentence.kind == "notice" or "|" in piece or "```" in piece or id(sentence) not in own
        skipped = skipped or manuscript.repeats(piece)
        if not skipped and _estimates(piece, sentence, cited, manuscript):
            yield piece, _near([text for _, text in pieces], at)


def _pieces(text: str) -> list[str]:
    return [piece for piece in re.split(r"(?<=[.!?])\s+(?=[A-Z*`\"(])|\n", plain(text)) if piece]


def _near(pieces: Sequence[str], at: int) -> str:
    """A piece, what leads into it, and what follows if it still speaks of the same."""
    before = [pieces[at - 1]] if at and pieces[at - 1].endswith(":") else []
    behind = [p for p in pieces[at + 1 : at + 3] if _ANAPHOR.search(p.lstrip("-*0123456789.) ")) or _completes(p)]
    return _HORIZON.sub("", " ".join((*before, pieces[at], *behind)))


def _completes(piece: str) -> bool:
    """Whether it says how sure an estimate is or what it rests on, and is none itself."""
    whole = _RANGE.search(piece) and _PROBABILITY.search(piece)
    return _FOLLOWS.search(piece) is not None and not whole


def _estimates(piece: str, sentence: Sentence, cited: Sequence[Citation], manuscript: Manuscript) -> bool:
    """Whether it foretells a quantity, or says what something takes and no document has it as a fact."""
    said = _HORIZON.sub("", piece)
    quantities = [m.group() for m in _QUANTITY.finditer(said)]
    predicts = _found("foretells", said)
    if not quantities or _DECLINES.search(said) or _AIMS.search(said) or (_SETS.search(said) and not predicts):
        return False
    if cited and all(c.external for c in cited):
        return False
    guesses = [] if _PAST.search(said) else [said[m.start() : m.end() + _REACH] for m in _HEDGED.finditer(said)]
    guesses += [m.group() for m in _OUTLAY.finditer(said) if not _CONDITION.search(said[: m.start()])]
    told = [m.group() for guess in guesses for m in _QUANTITY.finditer(guess)]
    novel = any(not _fact(quantity, manuscript, cited) for quantity in told)
    if sentence.kind in ("assumption", "question"):
        return predicts or (novel and _HEDGED.search(said) is not None)
    if sentence.kind == "derived" and sentence.formula:
        return predicts or _of_an_estimate([m.group() for m in _QUANTITY.finditer(sentence.formula)], cited)
    if sentence.kind == "cited":
        foretold = predicts and any(not _fact(quantity, manuscript, cited) for quantity in quantities)
        return novel or foretold or _of_an_estimate(quantities, cited)
    return predicts or novel


def _found(name: str, text: str) -> bool:
    """Whether a word of the list stands in it, and not in a condition."""
    return any(not _CONDITION.search(text[: m.start()]) for m in words_of(name).finditer(text))


def _fact(quantity: str, manuscript: Manuscript, cited: Sequence[Citation]) -> bool:
    """Whether a document that proposes nothing has the quantity; what is cited comes before the rest."""
    settled = [c.quote for c in cited or manuscript.answer.citations if not _proposes(c)]
    return _bare(quantity).strip(" .,") in _bare(" ".join(settled))


def _proposes(citation: Citation) -> bool:
    return citation.tier == "own proposal" or citation.status in ("proposed", "draft")


def in_digits(text: str) -> str:
    """A text with its small numbers in digits."""
    return _SPELLED.sub(lambda m: _NUMBERS[m.group().casefold()], text)


def _bare(text: str) -> str:
    """Folded, without the marks in which the same quantity differs."""
    return re.sub(r"s\b", "", in_digits(folded(text)).replace("-", " ").replace("–", " "))


def _of_an_estimate(quantities: Sequence[str], cited: Sequence[Citation]) -> bool:
    """Whether a proposal has the quantities beside a probability: whoever leaves that out still tells an estimate."""
    pieces = [p for c in cited if _proposes(c) for p in re.split(r"(?<=[.!?])\s+", c.quote) if _PROBABILITY.search(p)]
    spent = [_bare(quantity).strip(" .,") for quantity in quantities if re.search(rf"{_TIME}$|[$€£]", quantity)]
    return any(quantity in _bare(piece) for quantity in spent for piece in pieces)


def _cells(manuscript: Manuscript) -> Iterator[tuple[str, str]]:
    """Cells of tables that guess, or stand under a heading of effort and hold what no document has as a fact."""
    behind = " ".join(
        plain(s.text) for s in manuscript.answer.sentences if "|" not in s.text and _FOLLOWS.search(s.text)
    )
    for table in manuscript.tables:
        for row in () if table.quoted else table.rows:
            for head, cell in zip(table.header, row, strict=False):
                guessed = (
                    _HEDGED.search(cell) or _OUTLAY.search(cell) or (_COLUMN.search(head) and _QUANTITY.search(cell))
                )
                quantities = [m.group() for m in _QUANTITY.finditer(cell)]
                if manuscript.repeats(cell):
                    continue
                if guessed and any(not _fact(quantity, manuscript, ()) for quantity in quantities or [cell]):
                    yield f"{head}: {cell}", f"{' '.join(row)} {behind}"


def near_by(claim: str, manuscript: Manuscript, *, behind: int = 1) -> str:
    """The claim and those after it."""
    at = manuscript.claims.index(claim) if claim in manuscript.claims else -1
    return " ".join(manuscript.claims[at : at + 1 + behind]) if at >= 0 else claim
