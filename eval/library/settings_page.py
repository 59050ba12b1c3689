"""The library's page of settings, from `service/settings.py`: `python -m eval.library.settings_page` writes it anew."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from pydantic import SecretStr

from corpus.library import LIBRARY
from eval.cli.ended import ended
from service.settings import Settings

PAGE = LIBRARY / "guides" / "settings.md"
_HEAD = """---
title: Settings of Aether
kind: guide
status: accepted
owner: maintainers
date: 2026-11-25
---

# Settings of Aether

Every setting of Aether is an environment variable that begins with `AETHER_`. A variable that begins so and is no
setting is an error, so a misspelt one cannot be overlooked. `aether settings` prints every setting with its value and
where the value comes from; of a secret it says only whether it is set. This page is made from the settings themselves
by `python -m eval.library.settings_page`, and a test holds the two together.

## Options that stand for a setting

`--store` stands for `AETHER_STORE` and `--index` for `AETHER_INDEX`; an option of the command line comes before the
environment.
"""
_SECTIONS = {
    "Settings of the language model": re.compile(r"composer|llm_.*"),
    "Settings of the service": re.compile(
        r"api_key|serve_.*|ask_seconds|per_minute|tokens_per_day|log_form|mermaid|nights|traces.*|journal.*"
    ),
    "Settings of the store, the index and reading": re.compile(r".*"),
}


def settings_page() -> str:
    """The page as Markdown."""
    left = dict(_described())
    parts = [_HEAD]
    for title, names in _SECTIONS.items():
        here = {name: left.pop(name) for name in list(left) if names.fullmatch(name)}
        rows = [f"| `AETHER_{name.upper()}` | {_default(name)} | {text} |" for name, text in here.items()]
        parts.append("\n".join([f"## {title}\n", "| variable | default | meaning |", "|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _described() -> Iterator[tuple[str, str]]:
    """Names and meanings, as the docstring of the settings lists them."""
    name, said = "", ""
    for line in [*inspect.getdoc(Settings).splitlines(), "end of it"]:  # type: ignore[union-attr]
        if name and line.startswith("   "):
            said += f" {line.strip()}"
            continue
        if name:
            yield name, said.replace("|", "\\|").replace("<", "&lt;")
        first, _, rest = line.partition(" ")
        name, said = (first, rest.strip()) if first in Settings.model_fields else ("", "")


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    shown = value.get_secret_value() if isinstance(value, SecretStr) else value
    return "none" if shown in ("", None, {}) else f"`{shown}`"


def main() -> None:
    """Write the page."""
    PAGE.write_text(settings_page(), "utf-8")
    print(PAGE)


if __name__ == "__main__":
    ended(main)
