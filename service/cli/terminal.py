"""What stands between us and the reader's terminal: no control characters of others, colours only where wanted."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from corpus.citations import Citation
    from ingest.store.store import Store

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text without characters that would steer a terminal or turn the direction of writing."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def counted(count: int, noun: str) -> str:
    """`1 passage`, `2,000 passages`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def excerpt(text: str, most: int) -> str:
    """The text on one line, cut behind a word where it is longer than `most` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[:most].rsplit(' ', 1)[0]} …"


def is_rich() -> bool:
    """Whether a person is reading on a terminal that can show more than plain text."""
    return sys.stdout.isatty()


def console() -> Console:
    """The terminal. Honours NO_COLOR."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def print_json(value: object) -> None:
    """Pretty JSON on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def roots_of(store: Store) -> dict[str, Path]:
    """Where each source was last ingested from."""
    return {record.name: Path(record.root) for record in store.ledger.sources()}


def address(citation: Citation) -> str:
    """Document and lines, or page: `handbook/deploy.md#L10-L24`."""
    name = clean(citation.document)
    if citation.lines:
        first, last = citation.lines
        return f"{name}#L{first}" if first == last else f"{name}#L{first}-L{last}"
    return f"{name} ({clean(citation.place)})" if citation.place else name


def link(document: str, line: int | None, roots: dict[str, Path]) -> str:
    """A `file:` URL of the document's file at a line; "" when the file is not there any more."""
    source = max((name for name in roots if document.startswith(f"{name}/")), key=len, default="")
    file = roots[source] / document[len(source) + 1 :] if source else None
    if file is None or not file.is_file():
        return ""
    return file.absolute().as_uri() + (f"#L{line}" if line else "")
