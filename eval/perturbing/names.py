"""Other names: of products and people, and of flags, paths, variables and fields.

The new name is of the same sort, stands in the cited stretch or else in the document, and neither contains the old
one nor abbreviates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from corpus.documents import Document
from corpus.identifiers import identifiers, stands_in
from eval.perturbing.perturbed import Change
from eval.perturbing.sentences import Sentence, as_read

_NAME = re.compile(
    r"(?<![.!?:`\"'(]\s)(?<=[a-z0-9,)] )[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*(?: [A-Z][A-Za-z0-9]+)*(?![\w`/-])"
)
_NO_NAME = frozenset(
    "The This That These Those There If When While Where It Its In On At As An And Or But For From To By With We You "
    "Your Our They He She I All Any Each Both Some Most Also Note Not No Yes See Use Then Once After Before Because "
    "Since However Only One Two Three First Second New Please Will Would Can May Should Must Is Are Do Does Monday "
    "Tuesday Wednesday Thursday Friday Saturday Sunday Alpha Beta Stable API".split()
)

_PLAINLY_CODE = frozenset(("flag", "flag=", "path", "variable", "_", "upper", "Camel", "camel"))
"""Shapes that only names in code have; others count between backticks."""


def entity(sentence: Sentence, random: Random) -> Iterator[Change]:
    """Another capitalised name in place of each one inside the sentence."""
    here = _names(sentence.elsewhere)
    for match in _NAME.finditer(sentence.text):
        old = match.group()
        if old.split()[0] in _NO_NAME or sentence.text.count("`", 0, match.start()) % 2:
            continue
        for pool in (here, _document_names(sentence.document)):
            fit = [
                name
                for name in pool
                if _distinct(name, old)
                and _alike(name, old, sentence.text[: match.start()])
                and not stands_in(name, sentence.text)
                and (pool is here or name not in here)
            ]
            if fit:
                new = random.choice(fit)
                yield Change(sentence.text[: match.start()] + new + sentence.text[match.end() :], old, new)


def identifier(sentence: Sentence, random: Random) -> Iterator[Change]:
    """Another identifier of the same shape in place of each one in the sentence."""
    here = identifiers(sentence.elsewhere)
    own = identifiers(sentence.text)
    for old in own:
        shape = _shape(old)
        if sentence.text.count(old) != 1 or not (shape in _PLAINLY_CODE or f"`{old}`" in sentence.text):
            continue
        for pool in (here, _document_identifiers(sentence.document)):
            fit = [
                name
                for name in pool
                if _shape(name) == shape
                and _distinct(name, old)
                and name not in own
                and not stands_in(name, sentence.text)
                and (pool is here or name not in here)
            ]
            if fit:
                new = random.choice(fit)
                yield Change(sentence.text.replace(old, new), old, new)


def _shape(name: str) -> str:
    """The sort of an identifier; itself for what is none."""
    if " " in name or len(name) > 60 or "://" in name or name[0].isdigit() or name.lower() in ("e.g", "i.e"):
        return name
    if name.startswith("-"):
        return "flag" + ("=" if "=" in name else "")
    if name.startswith("/"):
        return "path"
    if name.startswith("$"):
        return "variable"
    for mark in ("/", ":", "=", "(", "{", "<", "_", "."):
        if mark in name:
            return mark
    if name.isupper():
        return "upper"
    if name[0].isupper():
        return "Camel" if re.search(r"[a-z][A-Z]", name) else "Word"
    return "camel" if re.search(r"[a-z][A-Z]", name) else "-" if "-" in name else "plain"


@lru_cache(maxsize=4)
def _document_names(document: Document) -> tuple[str, ...]:
    return _names(_read(document))


@lru_cache(maxsize=4)
def _document_identifiers(document: Document) -> tuple[str, ...]:
    return identifiers(_read(document))


def _read(document: Document) -> str:
    return "\n".join(as_read(line) for line in document.visible(0, len(document.text)).splitlines())


def _names(text: str) -> tuple[str, ...]:
    found = (match.group() for match in _NAME.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name.split()[0] not in _NO_NAME))


def _distinct(one: str, other: str) -> bool:
    """Whether two names can name two things: none contains, begins like or abbreviates the other."""
    a, b = (re.sub(r"[^a-z0-9]", "", re.sub(r"(?:ies|es|s|y)$", "", name.lower())) for name in (one, other))
    initials = ("".join(word[0] for word in name.split()).lower() for name in (one, other))
    if not a or not b or a in b or b in a:
        return False
    return all(mark not in (a, b) or len(mark) < 2 for mark in initials)


def _alike(one: str, other: str, before: str) -> bool:
    """Whether the one can stand where the other stands: as long, both plural or neither, and with the same article."""
    article = re.search(r"\b(an?) $", before)
    if article and (one[0] in "AEIO") != (article[1] == "an"):
        return False
    return len(one.split()) == len(other.split()) and one.endswith("s") == other.endswith("s")
