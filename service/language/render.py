"""Settled sentences -> Markdown: the answer first and in bold, then its evidence, then what is the assistant's own.

Cited and derived sentences run on in paragraphs, list items keep their lines. What is no fact of a document stands
under a name of its own, so that a reader never takes it for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.answer import SentenceKind
from service.language.settle import Settled

_ITEM = re.compile(r"^(?:[-*+]|\d+[.)])\s+")
_PARTS: tuple[tuple[SentenceKind, str], ...] = (
    ("assumption", "Assumptions"),
    ("judgement", "Judgement"),
    ("question", "Questions"),
)


def markdown(settled: Sequence[Settled]) -> str:
    """The answer's text."""
    blocks = _facts([s for s in settled if s.sentence.kind in ("cited", "derived")])
    for kind, name in _PARTS:
        said = [s.sentence.text for s in settled if s.sentence.kind == kind]
        if said:
            blocks.append(f"*{name}:*\n\n" + "\n".join(f"- {_ITEM.sub('', text)}" for text in said))
    return "\n\n".join(blocks)


def _facts(facts: Sequence[Settled]) -> list[str]:
    """Paragraphs and lists, each sentence with its marks."""
    blocks: list[str] = []
    for i, item in enumerate(facts):
        before = facts[i - 1] if i else None
        shown = _label(before, item) + _marked(item, lead=i == 0)
        listed = bool(_ITEM.match(item.sentence.text))
        after_list = before is not None and bool(_ITEM.match(before.sentence.text))
        if before is None or i == 1 or before.under != item.under or listed != after_list:
            blocks.append(shown)
        else:
            blocks[-1] += ("\n" if listed else " ") + shown
    return blocks


def _marked(item: Settled, *, lead: bool) -> str:
    """The sentence with its citation marks; a derived one with its formula; the first one bold."""
    text = item.sentence.text.strip()
    marker = _ITEM.match(text)
    head = marker.group() if marker else ""
    body = text[len(head) :]
    if lead and "**" not in body and "\n" not in body:
        body = f"**{body}**"
    if item.sentence.formula:
        body += f" ({item.sentence.formula})"
    return head + body + "".join(f"[{n}]" for n in item.sentence.citations)


def _label(before: Settled | None, item: Settled) -> str:
    """The restrictive heading that a sentence must be shown under, where it changes."""
    return f"*{item.under}:* " if item.under and (before is None or before.under != item.under) else ""
