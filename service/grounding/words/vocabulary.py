"""Words that turn, bind, generalise or destroy, read from `vocabulary.toml` beside this file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from service.grounding.alignment import fold

_FILE = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text("utf-8"))


def _opposites() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for left, right in _FILE["opposites"]["pairs"]:
        for one, other in ((left, right), (right, left)):
            found.setdefault(fold(one), set()).add(fold(other))
    return {word: tuple(sorted(others - {word})) for word, others in found.items()}


OPPOSITES: dict[str, tuple[str, ...]] = _opposites()
"""By folded word, the folded words that mean its opposite."""

CLASSES: dict[str, dict[str, re.Pattern[str]]] = {
    name: {of: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) for of, words in classes.items()}
    for name, classes in _FILE["degrees"].items()
}
"""By degree (modality, extent, frequency), the classes of it that exclude each other, weakest to strongest."""

DESTRUCTIVE: tuple[re.Pattern[str], ...] = tuple(re.compile(words) for words in _FILE["destructive"]["patterns"])
"""Commands that destroy data or interrupt a service."""
