"""The words that the rules look for, as data: `lexicon.toml` beside this file."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from corpus.library import LIBRARY

_ROW = re.compile(r"^\| ([A-Za-z0-9]{2,8}) \| ([^|,]+?)(?:, [^|]*)? \|$", re.MULTILINE)


@cache
def words_of(*names: str) -> re.Pattern[str]:
    """A pattern that finds any word or phrase of the lists. A phrase is a regular expression between word borders."""
    phrases = [phrase for name in names for phrase in _lexicon()["words"][name]]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(phrases)})(?![\w])", re.IGNORECASE)


@cache
def dangers() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of code that is known to be vulnerable, each with what is wrong with it."""
    return tuple((re.compile(d["pattern"], re.IGNORECASE | re.MULTILINE), d["why"]) for d in _lexicon()["danger"])


@cache
def packages() -> frozenset[str]:
    """Packages of Python that are known to exist, by the names that code imports them under."""
    return frozenset(_lexicon()["packages"]["python"])


@cache
def acronyms() -> dict[str, str]:
    """Reviewed expansions: those of the glossary of the bundled library, and of the trade."""
    glossary = (LIBRARY / "glossary.md").read_text("utf-8").partition("## Acronyms")[2]
    ours = {m[1]: m[2] for m in _ROW.finditer(glossary) if m[1] != "acronym"}
    return {**_lexicon()["acronyms"], **ours}


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text("utf-8"))
