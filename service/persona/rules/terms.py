"""P5: acronyms are spelled out, with an expansion that is known; what matters is bold on first mention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.answering.terms import terms
from service.grounding.words.entities import GENERIC
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import acronyms
from service.persona.manuscript import SECTIONS, Manuscript, folded, plain
from service.persona.rules.emphasis import unbold

_ACRONYM = re.compile(r"(?<![\w`/.-])[A-Z][A-Za-z]*[A-Z][A-Z0-9]*s?(?![\w`/])")
_SPELLED = re.compile(
    r"((?:[A-Za-z][\w-]*[ -]+){1,8}?)\(([A-Z][A-Za-z]*[A-Z][A-Z0-9]*)s?\)"
    r"|\b([A-Z]{2,7})s?\s*\(([a-zA-Z][^()]{5,80})\)"
)
_NO_ACRONYMS = frozenset({"OK", "AM", "PM"})
_LONGEST = 6
_WORDS_BEFORE, _INSIDE = 10, 100
"""Words before a bracket, and characters from it on, within which an acronym is spelled out."""


def p5(manuscript: Manuscript) -> Finding:
    """Acronyms are spelled out on first use, as the documents or the glossary do; key terms, decisions and metrics are
    bold."""
    if not manuscript.claims:
        return ABSENT
    text = "\n".join((*manuscript.claims, *_headings(manuscript)))
    known = {**acronyms(), **_spelled_in(manuscript)}
    names = dict.fromkeys(m.group().rstrip("s") for m in _ACRONYM.finditer(_uncoded(text)))
    faults = [
        f"{name} is not spelled out on first use: {known[name]}"
        for name in names
        if name in known and not _spelled(name, known[name], manuscript)
    ]
    faults += _invented(text, known, manuscript)
    notices = _uncoded("\n".join(plain(s.text) for s in manuscript.own if s.kind == "notice"))
    names |= dict.fromkeys(m.group().rstrip("s") for m in _ACRONYM.finditer(notices))
    faults += [f"an acronym that nothing spells out: {name}" for name in names if _obscure(name, known, manuscript)]
    emphasis = list(unbold(manuscript))
    faults += emphasis
    if manuscript.full and not emphasis and not _bold_after_lead(manuscript):
        faults.append("no key term, decision or metric is bold after the lead")
    applies = manuscript.full or _ACRONYM.search(_uncoded(text)) or any("**" in s.text for s in manuscript.own)
    return found(faults) if faults or applies else ABSENT


def _headings(manuscript: Manuscript) -> list[str]:
    """The headings of a full answer, and those of its tables' columns that no document has."""
    heads = [part.heading for part in manuscript.parts if part.heading] if manuscript.full else []
    columns = [head for table in manuscript.tables if not table.quoted for head in table.header]
    return [*heads, *(head for head in columns if folded(head) not in manuscript.evidence)]


def _obscure(name: str, known: Mapping[str, str], manuscript: Manuscript) -> bool:
    """Whether neither the trade, the documents nor the question use the letters, nor the answer explains them."""
    if name in known or name in _NO_ACRONYMS or name in GENERIC or f"{name}s" in GENERIC or len(name) > _LONGEST:
        return False
    said = f"{manuscript.evidence} {folded(manuscript.question)}"
    if re.search(rf"(?<!\w){re.escape(name.casefold())}s?(?!\w)", said):
        return False
    return not re.search(rf"\({re.escape(name)}s?\)|\b{re.escape(name)}s?\s*\(", manuscript.answer.text)


def _uncoded(text: str) -> str:
    """Without code; letters that a stroke joins are told apart."""
    return re.sub(r"(?<=[A-Z]{3})/(?=[A-Z]{3})", " ", re.sub(r"`[^`]*`", " ", text))


def _spelled_in(manuscript: Manuscript) -> Mapping[str, str]:
    """Acronyms that the evidence spells out: `service level objective (SLO)`."""
    quotes = "\n".join([*(c.quote for c in manuscript.answer.citations), *(e.text for e in manuscript.answer.evidence)])
    found_in: dict[str, str] = {}
    for match in _spellings(plain(quotes)):
        name, long = (match[2], match[1]) if match[2] else (match[3], match[4])
        letters = name.lower()
        words = re.split(r"[\s-]+", long.strip())
        for count in range(len(words), 0, -1):
            if "".join(word[:1] for word in words[-count:]).lower() == letters:
                found_in[name] = " ".join(words[-count:])
    return found_in


def _spellings(text: str) -> Iterator[re.Match[str]]:
    """What `_SPELLED` finds, looked for around brackets only: it costs much to try at every word."""
    end = 0
    for bracket in re.finditer(r"\(", text):
        if bracket.start() < end:
            continue
        near = bracket.start()
        for _ in range(_WORDS_BEFORE):
            near = max(text.rfind(" ", 0, near), end)
        match = _SPELLED.search(text, near, bracket.start() + _INSIDE)
        if match:
            end = match.end()
            yield match


def _spelled(name: str, long: str, manuscript: Manuscript) -> bool:
    """Whether the long form stands beside the first use, or before it in the same sentence."""
    text = _read_before(name, manuscript)
    first = re.search(rf"(?<![\w`]){re.escape(name)}s?(?![\w`])", text)
    if first is None:
        return True
    if _meant(name, text[: first.end() + 1], long) or _meant(
        name, text[first.start() : first.end() + len(long) + 4], long
    ):
        return True
    behind = re.split(r"(?<=[.!?])\s", text[first.end() : first.end() + len(long) + 20])[0]
    near = folded(text[text.rfind("\n", 0, first.start()) + 1 : first.end()] + behind)
    return folded(long) in near or folded(long).rstrip("s") in near.replace("-", " ")


def _read_before(name: str, manuscript: Manuscript) -> str:
    """All that is read up to the first of its own sentences with the acronym, and its own ones from there on."""
    own, before, rest = set(map(id, manuscript.own)), list[str](), list[str]()
    for sentence in manuscript.answer.sentences:
        text = plain(sentence.text)
        begun = bool(rest) or (id(sentence) in own and re.search(rf"(?<![\w`]){re.escape(name)}s?(?![\w`])", text))
        if not begun and not re.search(rf"(?<![\w(`]){re.escape(name)}s?(?![\w`)])", text):
            before.append(text)
        elif begun and id(sentence) in own:
            rest.append(text)
    return "\n".join((*before, *rest)) if rest else manuscript.voice


def _meant(name: str, text: str, long: str) -> bool:
    """Whether the words beside the acronym begin with its letters and share most words with its expansion."""
    for match in _SPELLED.finditer(text):
        said, spelled = (match[2], match[1]) if match[2] else (match[3], match[4])
        if said == name:
            mine, known = set(folded(spelled).split()), set(folded(long).split())
            return len(mine & known) >= 0.6 * min(len(known), len(name))
    return False


def _invented(text: str, known: Mapping[str, str], manuscript: Manuscript) -> list[str]:
    """Expansions that neither the evidence nor the glossary has."""
    faults = []
    for match in _SPELLED.finditer(text):
        name, long = (match[2], match[1]) if match[2] else (match[3], match[4])
        said = folded(long)
        right = folded(known[name]) if name in known else ""
        if right and any(_same(_spelling(name, said), one) for one in (right, folded(acronyms().get(name, right)))):
            continue
        spelled = "".join(w[:1] for w in re.split(r"[\s-]+", said))
        looks = spelled.endswith(name.lower()) or (match[2] is not None and len(said.split()) >= len(name) - 1)
        if (right or looks) and said not in manuscript.evidence and said not in folded(manuscript.question):
            faults.append(f"an expansion that no document has: {match.group()}")
    return faults


def _spelling(name: str, said: str) -> str:
    """The last words that give the letters of the name; all of them where none do."""
    words = said.split()
    tails = (words[-count:] for count in range(1, len(words) + 1))
    letters = name.casefold()
    return next(
        (" ".join(t) for t in tails if "".join(w[0] for w in re.split(r"[\s-]+", " ".join(t)) if w) == letters), said
    )


def _same(said: str, known: str) -> bool:
    """Whether words and an expansion hold each other, or are of the same stems."""
    mine, right = terms(said.replace("-", " ")), terms(known.replace("-", " "))
    return known in said or said in known or right <= mine


def _bold_after_lead(manuscript: Manuscript) -> bool:
    """Whether something after the first section is bold."""
    rest = [p.body for p in manuscript.parts if p.heading.casefold() not in ("", SECTIONS[0].casefold())]
    return any(re.search(r"\*\*\S", body) for body in rest)
