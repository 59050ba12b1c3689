"""Front matter: the YAML (`---`) or TOML (`+++`) header of a text document.

It counts only at the very start, closed, and when it parses to a mapping. A header whose YAML is broken but whose
lines all look like `key: value` is read line by line, so that one stray colon does not turn it into prose.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

import yaml

_FENCED = re.compile(
    r"\A\s*?(?P<mark>---|\+\+\+)[ \t]*(?:\r\n|\n|\r)(?P<body>.*?)"
    r"(?:(?<=[\r\n])(?:(?P=mark)|\.\.\.)[ \t]*(?=[\r\n]|\Z))",
    re.DOTALL,
)
_LINE = re.compile(r"^(?P<key>[A-Za-z_][\w .-]{0,60}?)\s*:(?:\s+(?P<value>.*))?$")
_LIMIT = 64 * 1024
_DEEP = 500  # libyaml overflows the C stack some ten thousand levels down; indentation alone cannot get there in _LIMIT
_STACKED = re.compile(r"(?:[-?:][ \t]+){40}")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`values` by lower-case key; `end` is the offset after the closing mark, 0 where there is no front matter."""

    values: dict[str, object] = field(default_factory=dict)
    end: int = 0


def read_front_matter(text: str) -> FrontMatter:
    """The front matter at the start of `text`; an empty one where there is none. Raises nothing."""
    if not text[:256].lstrip().startswith(("---", "+++")):
        return FrontMatter()
    match = _FENCED.match(text[:_LIMIT])
    if match is None:
        return FrontMatter()
    body = match["body"]
    values = _toml(body) if match["mark"] == "+++" else read_yaml_mapping(body)
    if values is None:
        return FrontMatter()
    return FrontMatter({str(k).strip().lower(): v for k, v in values.items()}, match.end())


def read_yaml_mapping(body: str) -> dict[object, object] | None:
    """The mapping that `body` is, also where its YAML is slightly broken; None where it is none."""
    if body.count("[") + body.count("{") > _DEEP or _STACKED.search(body):
        return _by_line(body)
    try:
        loaded = yaml.load(body, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, OverflowError):
        return _by_line(body)
    if loaded is None and not body.strip():
        return {}
    return loaded if isinstance(loaded, dict) else None


def _by_line(body: str) -> dict[object, object] | None:
    values: dict[object, object] = {}
    for line in body.splitlines():
        if not line.strip() or line[0] in " \t-#]}":
            continue
        match = _LINE.match(line)
        if match is None:
            return None
        values[match["key"]] = (match["value"] or "").strip().strip("\"'")
    return values or None


def _toml(body: str) -> dict[object, object] | None:
    try:
        return {key: value for key, value in tomllib.loads(body).items()}  # noqa: C416 - widens the types
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None
