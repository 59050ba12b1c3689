"""The fixed sentences by which an answer says how its sources stand. They state no fact: they name sources by marks."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from service.answer import Sentence


def notice(name: str, **told: str) -> Sentence:
    """The sentence of that name in `notices.toml`."""
    return Sentence.notice(_texts()[name].format(**told))


def marks(numbers: Sequence[int]) -> str:
    """Marks of citations: `[1]`, `[1] and [3]`."""
    shown = [f"[{number}]" for number in numbers]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


@cache
def _texts() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("notices.toml").read_text("utf-8"))
