"""What of a text is no evidence: comments, template code, markup tags, navigation marks, invisible characters.

`find_hidden` makes one pass over the text from opener to opener (`<!--`, `<%`, `{%`, `{{`, `{#`, `<tag`). Openers
inside `literal` stretches (code blocks, code spans) are content.

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
    r"^[ \t]*(?:\[\[?_?TOC_?\]\]?|\{:?:?[ \t]*toc[^}\n]{0,80}\}|\{:[^}\n]{0,200}\})[ \t]*$"
    r"|^[ \t]*:{3,}(?:[ \t]*\{?[a-z][\w-]*\}?)?|^(?:!!!|\?\?\?\+?) +[\w-]+|^===\+?(?= +\")",
    re.IGNORECASE | re.MULTILINE,
)
_CONTENTS_START = re.compile(r"<!--\s*(?:toc|START doctoc|begin toc|MarkdownTOC)\b", re.IGNORECASE)
_CONTENTS_END = re.compile(r"<!--\s*(?:/\s*toc|toc\s*stop|END doctoc|end toc|/MarkdownTOC)\b[^>]*-->", re.IGNORECASE)
_ANCHOR_LINKS = re.compile(
    r"(?:^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?\[[^\]\n]{0,300}\]\(#[^)\n]{0,300}\)[ \t]*"
    r"(?:\r\n|\n|\r|\Z)(?:[ \t]*(?:\r\n|\n|\r))?){3,}",
    re.MULTILINE,
)
_RAW_ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "nav")}
_REMARK = re.compile(r"\{%-?\s*comment\b")
_REMARK_END = re.compile(r"\{%-?\s*endcomment\s*-?%\}")
_EDGE = ("", " ", "\t", "\r", "\n", "|")
_LINE_END = re.compile(r"[\r\n]")
_BLANK_LINE = re.compile(r"\n[ \t>]*\r?\n|\r[ \t>]*\r")
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
    closers = _Closers(text)
    at = skip = 0
    while found := _OPENER.search(text, at):
        start, opener = found.start(), found[0]
        while skip < len(literal) and literal[skip].end <= start:
            skip += 1
        if skip < len(literal) and literal[skip].start <= start:
            at = literal[skip].end
            continue
        if opener == "<":
            end, shown = _tags(text, start, closers)
        else:
            end = closers.end_of(opener, start)
            shown = opener in ("{{", "<%") and _is_value(text, start, end)
        if end > start and not shown:
            yield opener, Span(start, end)
        at = max(end, found.end())


class _Closers:
    """Where constructs end. Remembers what was not found, so that looking is linear over the whole text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._barred: dict[str, int] = {}

    def end_of(self, opener: str, start: int) -> int:
        """End of the construct that opens at `start`; `start` where it never ends.

        One that begins inside a line ends within its paragraph, or is no construct.
        """
        closer, whole_lines = _CLOSERS[opener], opener in ("<!--", "<%") and _begins_line(self._text, start)
        if not whole_lines and start < self._barred.get(opener, 0):
            return start
        end = self.after(closer, start + 2)
        if end < 0:
            return start
        if not whole_lines and (blank := _BLANK_LINE.search(self._text, start, end)):
            self._barred[opener] = blank.start()
            return start
        if opener == "<!--" and _CONTENTS_START.match(self._text, start):
            return max(end, self.after(_CONTENTS_END, end))
        if opener == "{%" and _REMARK.match(self._text, start):
            return max(end, self.after(_REMARK_END, end))
        return end

    def after(self, closer: str | re.Pattern[str], start: int) -> int:
        """The offset behind the next `closer` from `start`; -1 where there is none."""
        key = closer if isinstance(closer, str) else closer.pattern
        if key in self._barred:
            return -1
        if isinstance(closer, str):
            at = self._text.find(closer, start)
            end = at + len(closer) if at >= 0 else -1
        else:
            match = closer.search(self._text, start)
            end = match.end() if match else -1
        if end < 0:
            self._barred[key] = len(self._text)
        return end


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but indentation, quote marks and list markers stands before `at` on its line."""
    return not _LINE_END.split(text[max(0, at - 80) : at])[-1].strip(" \t>*+-.)0123456789")


def _tags(text: str, start: int, closers: _Closers) -> tuple[int, bool]:
    """End of the run of tags at `start` (`start` where there is none), and whether words would run together without
    it. The content of scripts, styles and navigation that begin a line belongs to their tags."""
    end, block = start, False
    while (tag := _TAG.match(text, end)) is not None and _is_tag(tag):
        raw = _RAW.match(text, end) if _begins_line(text, start) else None
        end, block = tag.end(), block or tag["block"] is not None
        if raw is not None:
            end = max(end, closers.after(_RAW_ENDS[raw["name"].lower()], end))
    return end, block and start > 0 and not (text[start - 1] in " \t\r\n>|" or text[end : end + 1] in _EDGE)


def _is_tag(tag: re.Match[str]) -> bool:
    """Whether it is no placeholder such as `<link to the issue>`: several bare words are no attributes."""
    return "=" in tag[0] or len(tag[0].split()) <= 2


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
    before, after = _LINE_END.split(before)[-1], _LINE_END.split(after, maxsplit=1)[0]
    if len(before) == _LONG_LINE or len(after) == _LONG_LINE:
        return False
    return not (_TEMPLATE.sub("", before) + _TEMPLATE.sub("", after)).strip(" \t>")
