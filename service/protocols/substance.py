"""Whether a stretch of a document says something: an empty section, "TBD" and "N/A" do not, nor does an unfilled form.

A word counts when it stands in a unit that is more than a placeholder, a bare check box, a bracketed instruction or an
entry of the form that the document was made from.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from corpus.documents import Document, Span
from corpus.units import units

ENOUGH = 8
"""Words from which a section has substance."""

_PLACEHOLDER = re.compile(
    r"^\W*(?:\[[ x]\]\s*)?(?:tb[dac]|to ?do|n\s?/\s?a|not (?:yet )?(?:applicable|available|defined|decided)|none|nil"
    r"|null|wip|to be (?:determined|decided|defined|discussed|written|added|filled|done|announced)"
    r"(?: (?:in|later|out|by)\b[\w ]*)?|(?:will be )?(?:added|filled in|written|decided) later|coming soon|pending"
    r"|work in progress|fill (?:me |this )?in|placeholder|lorem ipsum.*|xxx+|see (?:above|below)|unknown)\W*$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"^\W*(?:[\[{<][^\]}>]{2,200}[\]}>])\W*$")
_WORD = re.compile(r"\w[\w'-]*")


def is_placeholder(text: str) -> bool:
    """Whether a unit's text only keeps a place."""
    flat = " ".join(text.split())
    return not _WORD.search(flat) or bool(_PLACEHOLDER.match(flat) or _BRACKETED.match(flat))


def folded(text: str) -> str:
    """The text's words, by which an unfilled entry of a form is recognized."""
    return " ".join(_WORD.findall(text.lower()))


def said_in(document: Document, span: Span, form: Collection[str] = ()) -> int:
    """How many words of substance the stretch has; `form` holds the folded units of the form it was made from."""
    count = 0
    for unit in units(document, span):
        start, end = max(unit.start, span.start), min(unit.end, span.end)
        text = document.visible(start, end)
        if not is_placeholder(text) and folded(text) not in form:
            count += len(_WORD.findall(text))
    return count
