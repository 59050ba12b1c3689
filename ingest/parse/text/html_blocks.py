"""HTML inside Markdown: an HTML block is cut at its block-level tags, so that headings, items and rows are what
they look like. The tags themselves are hidden by `hidden.py`."""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.documents import Block

_CUT = re.compile(
    r"<!--.*?-->|<(?P<close>/?)(?P<name>h[1-6]|li|tr|pre|p|div|summary|details|table|ul|ol|blockquote|dt|dd|figure|center|thead)\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)


def html_blocks(source: str, start: int, end: int, new_group: Callable[[], int]) -> list[Block]:
    """The blocks of the HTML block `[start, end)`; `new_group` numbers its tables and lists.

    Edges are rough: they are trimmed to visible characters later, and blocks without any are dropped.
    """
    blocks: list[Block] = []
    within, group, depth, at, number = "", -1, 0, start, -1

    def cut(stop: int) -> None:
        if not source[at:stop].strip():
            return
        level = within[1:]
        if len(within) == 2 and level.isdigit():
            blocks.append(Block("heading", at, stop, int(level)))
        elif within == "li":
            blocks.append(Block("item", at, stop, max(depth, 1), group, f"{number}." if number > 0 else "-"))
        elif within == "tr":
            first = not any(b.kind == "row" and b.group == group for b in blocks)
            header = first and "<th" in source[at:stop].lower()
            blocks.append(Block("row", at, stop, 0, group, "header" if header else ""))
        else:
            blocks.append(Block("code" if within == "pre" else "paragraph", at, stop))

    for tag in _CUT.finditer(source, start, end):
        name, opens = (tag["name"] or "").lower(), not tag["close"]
        if not name or (within in ("tr", "pre") and name != within):
            continue
        cut(tag.start())
        at = tag.end()
        if name in ("ul", "ol", "table"):
            depth = depth + 1 if opens else max(0, depth - 1)
            group = new_group() if opens and depth == 1 else group
            within, number = "", 0 if name == "ol" and opens else -1
        else:
            within = name if opens else ""
            group = new_group() if group < 0 and name in ("li", "tr") else group
            number += name == "li" and opens and number >= 0
    cut(end)
    return blocks
