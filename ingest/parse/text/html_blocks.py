"""HTML inside Markdown: an HTML block is cut at its block-level tags, so that headings, items and rows are what
they look like. The tags themselves are hidden by `hidden.py`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.documents import Block

_CUT = re.compile(
    r"<!--.*?-->|<(?P<close>/?)(?P<name>h[1-6]|li|tr|pre|p|div|summary|details|table|ul|ol|blockquote|dt|dd|figure|center|"
    r"thead)\b(?P<rest>[^<>]*)>",
    re.IGNORECASE | re.DOTALL,
)
_LANGUAGE = re.compile(r"\blang(?:uage)?[=-]\s*[\"']?(?P<name>[\w+#-]+)", re.IGNORECASE)
_WHOLE = {"tr": frozenset({"tr", "table"}), "pre": frozenset({"pre"})}


def html_blocks(source: str, start: int, end: int, new_group: Callable[[], int]) -> list[Block]:
    """The blocks of the HTML block `[start, end)`; `new_group` numbers its tables and lists.

    Edges are rough: they are trimmed to visible characters later, and blocks without any are dropped.
    """
    walk = _Walk(source, new_group)
    at = start
    for tag in _CUT.finditer(source, start, end):
        name = (tag["name"] or "").lower()
        if name and name in _WHOLE.get(walk.within, (name,)) and not (walk.within == "li" and name in ("p", "div")):
            walk.cut(at, tag.start())
            walk.enter(name, opens=not tag["close"], attributes=tag["rest"])
            at = tag.end()
    walk.cut(at, end)
    return walk.blocks


@dataclass(slots=True)
class _Walk:
    """`within` is the tag that the text stands in, `number` that of an ordered list's item, -1 in other lists."""

    source: str
    new_group: Callable[[], int]
    blocks: list[Block] = field(default_factory=list)
    within: str = ""
    label: str = ""
    number: int = -1
    depth: int = 0
    group: int = -1

    def cut(self, start: int, stop: int) -> None:
        """A block for the text between two tags."""
        if not self.source[start:stop].strip():
            return
        if self.within in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.blocks.append(Block("heading", start, stop, int(self.within[1])))
        elif self.within == "li":
            label = f"{self.number}." if self.number > 0 else "-"
            self.blocks.append(Block("item", start, stop, max(self.depth, 1), self.group, label))
        elif self.within == "tr":
            first = not any(b.kind == "row" and b.group == self.group for b in self.blocks[-1:])
            header = first and "<th" in self.source[start:stop].lower()
            self.blocks.append(Block("row", start, stop, 0, self.group, "header" if header else ""))
        else:
            self.blocks.append(Block("code" if self.label else "paragraph", start, stop, label=self.label.strip()))

    def enter(self, name: str, *, opens: bool, attributes: str) -> None:
        """Note that a tag opens or closes."""
        self.within, self.label = name if opens else "", ""
        if name in ("ul", "ol", "table"):
            self.depth = self.depth + 1 if opens else max(0, self.depth - 1)
            self.group = self.new_group() if opens and self.depth == 1 else self.group
            self.number = 0 if name == "ol" and opens else -1
        elif name in ("li", "tr") and opens:
            self.group = self.new_group() if self.group < 0 else self.group
            self.number += self.number >= 0 and name == "li"
        elif name == "pre" and opens:
            language = _LANGUAGE.search(attributes)
            self.label = language["name"] if language else " "
