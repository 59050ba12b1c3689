"""What of a text is no evidence: comments, template code, markup tags, navigation marks, invisible characters.

`find_hidden` makes one pass over the text from opener to opener (`<!--`, `<%`, `{%`, `{{`, `{#`, `<tag`). Openers
inside `literal` stretches (code blocks, code spans) are content. A closer that was once not found is never looked
for again, so the pass is linear whatever the input.

What prints a value (`{{ x }}`, `<%= x %>`, a Hugo shortcode) is hidden only where it stands alone on its line or is
one of a pair; inside a sentence it stays, as part of the sentence. A tag stays where hiding it would glue two words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Span

_BLOCK_TAGS = (
    "address|article|aside|blockquote|body|br|button|caption|center|col|colgroup|dd|details|dialog|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|frameset|h[1-6]|head|header|hr|html|iframe|img|input|legend|li|link|main|menu|meta|nav|"
    "noscript|ol|option|p|picture|pre|script|section|select|source|style|summary|svg|path|g|table|tbody|td|textarea|tfoot|"
    "th|thead|title|tr|ul|video"
)
_INLINE_TAGS = (
    "a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|q|rp|rt|ruby|s|samp|small|span|strike|"
    "strong|sub|sup|time|tt|u|var|wbr"
)
_TAG = re.compile(
    rf"<(?:!doctype\b[^<>]*|/?(?:(?P<block>{_BLOCK_TAGS})|{_INLINE_TAGS})"
    r"(?:[\s/](?:[^<>\"']|\"[^\"<]{0,2000}\"|'[^'<]{0,2000}'){0,400})?)>",
    re.IGNORECASE,
)
_RAW = re.compile(r"<(?P<name>script|style|nav)\b", re.IGNORECASE)
_OPENER = re.compile(r"<!--|<%|\{%|\{\{|\{#(?=\s)|<(?=[a-zA-Z/!])")
_CLOSERS = {"<!--": "-->", "<%": "%>", "{%": "%}", "{{": "}}", "{#": "#}"}
_SHORTCODE = re.compile(r"\{\{[<%]\s*(?P<close>/?)\s*(?P<name>[\w.-]+)")
_LAYOUT = re.compile(r"<%=\s*(?:yield|partial|render|wrap_layout|\w+\.render|content_for|current_page)\b")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|<%.*?%>|\{%.*?%\}")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]+"
    "|(?:(?<=[\x00-\x7f])|^)[\u200c\u200d\ufe00-\ufe0f]+|[\ufe00-\ufe0f]{2,}"
)
_NAVIGATION = re.compile(
    r"^[ \t]*(?:\[\[?_?TOC_?\]\]?|\{:?:?[ \t]*toc[^}\n]{0,80}\}|\{:[^}\n]{0,200}\})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_CONTENTS_START = re.compile(r"<!--\s*(?:toc|START doctoc|begin toc|MarkdownTOC)\b", re.IGNORECASE)
_CONTENTS_END = re.compile(r"<!--\s*(?:/\s*toc|toc\s*stop|END doctoc|end toc|/MarkdownTOC)\b[^>]*-->", re.IGNORECASE)
_ANCHOR_LINKS = re.compile(
    r"(?:^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?\[[^\]\n]{0,300}\]\(#[^)\n]{0,300}\)[ \t]*"
    r"(?:\r\n|\n|\r|\Z)(?:[ \t]*(?:\r\n|\n|\r))?){3,}",
    re.MULTILINE,
)
_LONG_LINE = 2_000


@dataclass(frozen=True, slots=True)
class Hidden:
    """`spans` sorted and disjoint; `statements` those of them that are template code (they split paragraphs)."""

    spans: tuple[Span, ...]
    statements: tuple[Span, ...] = ()


def find_hidden(text: str, literal: Sequence[Span], *, markup: bool = True) -> Hidden:
    """The stretches of `text` that are no evidence.

    literal  sorted, disjoint stretches in which only invisible characters are hidden
    markup   whether comments, tags and template code mean anything here (they do not in plain text)
    """
    spans = [Span(*m.span()) for m in _INVISIBLE.finditer(text)]
    statements: list[Span] = []
    if markup:
        for opener, span in _constructs(text, literal):
            spans.append(span)
            if opener not in ("<", "<!--"):
                statements.append(span)
        spans += _outside(literal, (Span(*m.span()) for m in _NAVIGATION.finditer(text)))
        spans += _outside(literal, (Span(*m.span()) for m in _ANCHOR_LINKS.finditer(text)))
    return Hidden(union(spans), union(statements))


def union(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same stretches, sorted and disjoint; touching ones are joined, empty ones dropped."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if span.end <= span.start:
            continue
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _outside(literal: Sequence[Span], spans: Iterator[Span]) -> Iterator[Span]:
    at = 0
    for span in spans:
        while at < len(literal) and literal[at].end <= span.start:
            at += 1
        if at == len(literal) or literal[at].start >= span.end:
            yield span


def _constructs(text: str, literal: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    """Opener and stretch of every hidden construct, in order."""
    lost: set[str] = set()
    at = skip = 0
    while found := _OPENER.search(text, at):
        start, opener = found.start(), found[0]
        while skip < len(literal) and literal[skip].end <= start:
            skip += 1
        if skip < len(literal) and literal[skip].start <= start:
            at = literal[skip].end
            continue
        at = found.end()
        if opener == "<":
            end = _tag_end(text, start, lost)
        else:
            closer = _CLOSERS[opener]
            close = -1 if closer in lost else text.find(closer, start + 2)
            if close < 0:
                lost.add(closer)
                continue
            end = close + len(closer)
            if opener == "<!--" and "toc" not in lost and _CONTENTS_START.match(text, start):
                stop = _CONTENTS_END.search(text, end)
                end = stop.end() if stop else end
                lost |= set() if stop else {"toc"}
            elif opener in ("{{", "<%") and _is_value(text, start, end):
                at = end
                continue
        if end > start:
            yield opener, Span(start, end)
            at = end


def _tag_end(text: str, start: int, lost: set[str]) -> int:
    """End of the tag at `start`, with the content of scripts, styles and navigation; `start` where there is none."""
    tag = _TAG.match(text, start)
    if tag is None:
        return start
    raw = _RAW.match(text, start)
    if raw is not None and raw["name"].lower() not in lost:
        close = re.compile(rf"</{raw['name']}\s*>", re.IGNORECASE).search(text, tag.end())
        if close is not None:
            return close.end()
        lost.add(raw["name"].lower())
    if tag["block"] and _glues(text, start, tag.end()):
        return start
    return tag.end()


def _glues(text: str, start: int, end: int) -> bool:
    """Whether words would run together without `[start, end)`."""
    return start > 0 and end < len(text) and text[start - 1] not in " \t\r\n>|" and text[end] not in " \t\r\n<|"


def _is_value(text: str, start: int, end: int) -> bool:
    """Whether the template construct prints a value that belongs to what stands around it."""
    if text.startswith("<%", start):
        if not text.startswith("<%=", start):
            return False
        return not (_LAYOUT.match(text, start) and _alone(text, start, end))
    shortcode = _SHORTCODE.match(text, start)
    if shortcode is not None:
        if shortcode["close"]:
            return False
        if re.compile(rf"\{{\{{[<%]\s*/\s*{re.escape(shortcode['name'])}\b").search(text, end, end + 20_000):
            return False
    return not _alone(text, start, end)


def _alone(text: str, start: int, end: int) -> bool:
    """Whether nothing but template constructs and quote marks stands on the lines of `[start, end)`."""
    before, after = text[max(0, start - _LONG_LINE) : start], text[end : end + _LONG_LINE]
    before, after = re.split(r"[\r\n]", before)[-1], re.split(r"[\r\n]", after, maxsplit=1)[0]
    if len(before) == _LONG_LINE or len(after) == _LONG_LINE:
        return False
    return not (_TEMPLATE.sub("", before) + _TEMPLATE.sub("", after)).strip(" \t>")
