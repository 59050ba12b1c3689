"""P9: an estimate has its interval, its probability and what it depends on, or is not given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.answering.terms import terms
from service.persona.finding import ABSENT, Finding, found
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
_TIME = r"(?:seconds?|minutes?|hours?|days?|weeks?|weekends?|afternoons?|sprints?|months?|quarters?|years?)"
_DATE = (
    r"(?:Q[1-4]|20\d\d|(?:(?:next|this|early|late|mid) |the end of (?:the |this |next )?)?(?:week|month|quarter"
    r"|year|spring"
    r"|summer|autumn|winter|sprint|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|christmas))"
)
_ESTIMATE = re.compile(
    rf"\b(?:estimat\w+|expect\w*|forecast\w*|project(?:ed|ion)|predict\w*|roughly|approximately|approx\.?|around"
    rf"|about|nearly|some(?= \d)|in the (?:region|ballpark|order|neighbou?rhood) of|ballpark|guess|reckon|est\."
    rf"|should (?:take|need|cost|be (?:done|ready|over)|save|cut|bring|reduce|last|finish|see|land|settle|come|run)"
    rf"|(?:would|will|could|might|may) (?:take|need|cost|save|cut|reduce|bring|require|last|finish|be (?:done|ready"
    rf"|finished|over|through)|grow|double|halve|drop|shrink|add|free|rise|fall|climb|reach|run|come|land|settle|pay"
    rf"|gain|lose|see|use|consume|eat|spare|go)"
    rf"|likely|plan (?:on|for)|budget|pays? (?:off|back|for itself)|amounts? to|comes? to|adds? up to"
    rf"|(?:done|ready|finish(?:ed)?|complete|live|over|through|shipped|migrated) (?:in|by|within)"
    rf"|allow|count on|give it|(?:save|cut|lower|reduce|rais|increas|speed\w* \w+ up"
    rf"|slow\w* \w+ down)\w* [^.]{{0,50}}?by)\b"
    rf"[^.]*?(?:\b{NUMBER}|\$)\s?-?{UNIT}?"
    rf"|\b(?:takes?|needs?|lasts?|costs?|phase \w+|work|effort|migration"
    rf"|rollout)\b[^.]{{0,40}}?\b{NUMBER}[\s-]?(?:{_TIME}|%|percent|dollars?|euros?|person-\w+"
    rf"|FTEs?|engineers?|people)\b|\bcosts?\b[^.]{{0,30}}\$\s?\d"
    rf"|\b(?:{NUMBER}\s?(?:%|percent|x|times|fold)|half|twice|an? (?:third|quarter)"
    rf"|an order of magnitude)\s?(?:of )?(?:as"
    rf" \w+|faster|slower|less|more|cheaper|lower|higher|fewer|better|the \w+)\b"
    rf"|\b(?:falls?|drops?|rises?|shrinks?|grows?|goes|improves?|climbs?|cuts|halves|saves|frees?"
    rf"|adds?) (?:\w+ ){{0,4}}?(?:by |to"
    rf" )?(?:\$\s?)?{NUMBER}[\s-]?(?:%|percent|ms|x\b|times|third|quarter|{_TIME}|dollars?|euros?|\$)"
    rf"|[~≈]\s?\d"
    rf"|\b(?:{NUMBER}|{NUMBER}[- ]to[- ]{NUMBER})[- ]{_TIME}['’]? (?:of )?(?:work|effort|job|project|task"
    rf"|migration|move"
    rf"|rewrite|port|undertaking)\b"
    rf"|\b(?:a matter of|no more than|not more than|less than|under|within"
    rf"|inside) (?:{NUMBER} )?{_TIME} (?:of work|from now)"
    rf"|\ba matter of {_TIME}\b|\b{_TIME},? not {_TIME}\b"
    rf"|\b(?:doubl(?:es|ing)|halv(?:es|ing)|tripl(?:es|ing)|(?:will|would|could|should|can|may|might"
    rf"|to) (?:double|halve"
    rf"|triple|quadruple))\b"
    rf"|\b(?:will|would|should|going to|can be|could be|done|ready|finish\w*|complete\w*|live|over|through"
    rf"|shipped|ships"
    rf"|migrated|expect\w*|likely|pays? (?:off|back)|breaks? even|available|takes?|lasts?|lands?|launch\w*"
    rf"|deliver\w*)\b"
    rf"[^.]{{0,60}}\b(?:by|in|until|before|within|during|this|next) {_DATE}\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    rf"\b(?:half|twice|double|an? (?:day|week|month|quarter|year|hour))\b|{NUMBER}\s?-?{UNIT}|\$\s?\d|Q[1-4]\b"
    rf"|quarter|month|week|\b20\d\d\b|\ba matter of\b|\b(?:january|february|march|april|may|june|july|august"
    rf"|september|october|november|december|monday|tuesday|wednesday|thursday|friday)\b|\ba (?:third|quarter)\b"
    rf"|\b(?:doubl|halv|tripl|quadrupl)\w+",
    re.IGNORECASE,
)
_EFFORT = re.compile(r"\b(?:effort|estimate\w*|duration|time to \w+|when|schedule|savings?|lead time)\b", re.IGNORECASE)
_FIGURE = re.compile(rf"\d[\d.,]*|\b(?!an?\b){NUMBER}[\s-]{UNIT}(?!\w)", re.IGNORECASE)
_QUANTITY = re.compile(rf"\d[\d.,]*\s?-?{UNIT}(?!\w)", re.IGNORECASE)
_SETS = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:set|alert|page|warn|keep|retain|store|review|repeat|run|test|wait|retry|poll|cap"
    r"|limit|rotate"
    r"|expire)\b"
    r"|\b(?:success (?:is|means)|succeeds|objective (?:is|of)|threshold of|time-?out of|retention of|limit of"
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
_FORETELLS = re.compile(
    r"\b(?:will|would|should|might|may|could|likely|expect\w*|going to|estimat\w+|forecast\w*|roughly|approximately"
    r"|reckon|guess|takes?|costs?|saves?)\b",
    re.IGNORECASE,
)
_HORIZON = re.compile(
    r"\b(?:(?:over|for|across|within|in|through) )?(?:the next |a )?(?:18|24|eighteen|twenty-four|two|2)\s?(?:to"
    r"|-|–|and)\s?(?:36"
    r"|thirty-six|three|3)[\s-](?:months?|years?)\b",
    re.IGNORECASE,
)
"""The span over which a recommendation is weighed (P19)."""
_RANGE = re.compile(
    rf"\b(?!an?\b){NUMBER}\s*{UNIT}?\s*(?:-|–|—|to|or)\s*(?:\$\s?)?(?!an?\b){NUMBER}|±|\+/-|\binterval\b"
    rf"|\bbetween {NUMBER}[^.]{{0,25}} and {NUMBER}|\bplus or minus\b"
    rf"|\bfrom {NUMBER}[^.]{{0,25}} (?:up )?to {NUMBER}",
    re.IGNORECASE,
)
_PROBABILITY = re.compile(
    r"\b\d{1,3}\s?(?:%|percent)\s*(?:\w+\s+)?(?:probab\w*|confiden\w*|chance|likelihood|interval|CI\b|sure"
    r"|certain\w*|credible|likely|prior|case)"
    r"|\b(?:probability|confidence|chance|likelihood|odds|certainty|likely|confident)\b[^.]{0,30}\d|\bP[5-9]\d\b"
    r"|\bp\s?=\s?0?\.\d|\b(?:\d+|two|three|four|seven|eight|nine|nineteen) (?:times |chances |cases )?(?:out of"
    r"|in) (?:\d+|three"
    r"|four|five|ten|twenty)\b",
    re.IGNORECASE,
)
_DEPENDS = re.compile(
    r"\b(?:depend\w*|assum\w+|provided|if|given|unless|as long as|subject to|contingent|conditional|requires?|once"
    r"|prerequisite"
    r"|on condition|stable requirements|hinges?|rests? on|driven by|conditioned|when|as soon as|dependenc\w+)\b",
    re.IGNORECASE,
)


def p9(manuscript: Manuscript) -> Finding:
    """An estimate of the program's own has an interval, a probability and what it depends on."""
    estimates = [text for text in _guesses(manuscript) if _estimates(text, manuscript)]
    if not estimates:
        return ABSENT
    faults = []
    for text in estimates:
        near = _HORIZON.sub("", near_by(text, manuscript, behind=2))
        sought = (("interval", _RANGE), ("probability", _PROBABILITY), ("dependencies", _DEPENDS))
        lacks = [name for name, pattern in sought if not pattern.search(near)]
        if lacks:
            faults.append(f"an estimate without {', '.join(lacks)}: {text}")
    return found(faults)


def _estimates(text: str, manuscript: Manuscript) -> bool:
    """Whether it guesses at a quantity, and neither sets one nor says what a document or the reader says."""
    said = _HORIZON.sub("", text)
    if not _MEASURED.search(said):
        return False
    guessed = [m for m in _ESTIMATE.finditer(said) if not _CONDITION.search(said[: m.start()])]
    if not guessed or _DECLINES.search(said):
        return False
    if _SETS.search(said) and not _FORETELLS.search(said):
        return False
    return not _documented(said, manuscript)


def _documented(said: str, manuscript: Manuscript) -> bool:
    """Whether a sentence of a quote or of the question has the same quantities of the same thing."""
    quantities = [folded(m.group()) for m in _QUANTITY.finditer(said)]
    about = terms(_QUANTITY.sub(" ", said))
    sources = [c.quote for c in manuscript.answer.citations] + [manuscript.question]
    known = [piece for source in sources for piece in re.split(r"(?<=[.!?|])\s+|\n", source)]
    alike = [p for p in known if len(about & terms(p)) >= 0.5 * len(about) and not _shortened(said, p)]
    return bool(quantities) and any(all(q in folded(piece) for q in quantities) for piece in alike)


def _guesses(manuscript: Manuscript) -> list[str]:
    """What it says in its own words with figures that no cited quote has; cells of tables too."""
    quotes = {c.number: c.quote for c in manuscript.answer.citations}
    told: list[str] = []
    for sentence in manuscript.own:
        figures = [folded(figure).rstrip(".,") for figure in _FIGURE.findall(sentence.text)]
        cited = " ".join(quotes.get(number, "") for number in sentence.citations)
        documented = sentence.kind in ("cited", "derived") and all(f in folded(cited) for f in figures)
        calculated = sentence.kind == "derived" and bool(sentence.formula) and not _FORETELLS.search(sentence.text)
        if (
            sentence.kind not in ("notice", "question", "assumption")
            and not calculated
            and (not documented or _shortened(sentence.text, cited))
        ):
            told += [piece for piece in manuscript.claims if piece in plain(sentence.text)]
    return list(dict.fromkeys((*told, *_cells(manuscript))))


def _cells(manuscript: Manuscript) -> Iterator[str]:
    """Cells of tables that guess, or stand under a heading of effort and hold a quantity that no document has."""
    for table in manuscript.tables:
        for row in table.rows:
            for head, cell in zip(table.header, row, strict=False):
                guessed = re.search(r"\best\b\.?|\babout\b|[~≈]", cell) or (
                    _EFFORT.search(head) and _FIGURE.search(cell)
                )
                if guessed and folded(cell) not in manuscript.evidence:
                    yield f"takes {cell}" if _EFFORT.search(head) else cell


def _shortened(text: str, cited: str) -> bool:
    """Whether a documented estimate lost its interval, its probability, or what it depends on."""
    lost = any(p.search(cited) and not p.search(text) for p in (_RANGE, _PROBABILITY, _DEPENDS))
    return lost and _PROBABILITY.search(cited) is not None


def near_by(claim: str, manuscript: Manuscript, *, behind: int = 1) -> str:
    """The claim and those after it."""
    at = manuscript.claims.index(claim) if claim in manuscript.claims else -1
    return " ".join(manuscript.claims[at : at + 1 + behind]) if at >= 0 else claim
