"""Markdown that loads and runs nothing, whoever renders it.

An answer quotes documents, and a chat client may render what they hold. So outside of code an image, an HTML element, a
comment and a link that is more than a web, mail or relative address are escaped and show as they are written. Words in
angle brackets that are no element, `<pod-name>`, stay where they are not alone on a line; so do links to the web, which
load nothing until somebody follows them.
"""

from __future__ import annotations

import re

_PREFIX = r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])[ \t])*+"
_OPENS = re.compile(
    rf"^(?P<before>{_PREFIX})(?P<fence>(?P<sign>[`~])(?P=sign){{2,}}+)(?:(?<=~).*|[^`\n]*)$",
    re.MULTILINE,
)
_PLAIN = re.compile(r" *|(?:> ?)+")
_BLANK = re.compile(r"(\n[ \t]*(?=\n))")
_TICKS = re.compile(r"`+")
_PUZZLING = re.compile(r"\\`|<[a-z][\w+.-]*:[^\s>]*`", re.IGNORECASE)
_ELEMENTS = (
    "a|abbr|address|animate|applet|area|article|aside|audio|b|base|bdi|bdo|big|blink|blockquote|body|br|button|canvas"
    "|caption|center|circle|cite|code|col|colgroup|command|data|datalist|dd|del|details|dfn|dialog|dir|div|dl|dt|em"
    "|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|g|h[1-6]|head|header|hgroup|hr|html|i|iframe"
    "|image|img|input|ins|isindex|kbd|keygen|label|layer|legend|li|link|listing|main|map|mark|marquee|math|menu|meta"
    "|meter|nav|nobr|noembed|noframes|noscript|object|ol|optgroup|option|output|p|param|path|picture|plaintext|portal"
    "|pre|progress|q|rect|rp|rt|ruby|s|samp|script|section|select|set|slot|small|source|span|strike|strong|style|sub"
    "|summary|sup|svg|table|tbody|td|template|text|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|use|var|video"
    "|wbr|xml|xmp|xss"
)
_SAFE = r"\s*<?(?:(?:https?:|mailto:)[^\s<>&]*|[\w./%#?=~+@,-]*)>?(?:\s+[\"'(]|\s*\))"
_ACTS = re.compile(
    r"(?<!\\)(?P<escapes>\\*)(?P<sign>"
    rf"<(?=/?(?:{_ELEMENTS})(?![\w-])|[!?]|/?[A-Za-z][\w-]*[\s/\"'][^<>]*=|(?!https?:|mailto:)[A-Za-z][\w+.-]*:)"
    rf"|!(?=\[)|\](?=\((?!{_SAFE}))|\[(?=[^\[\]]{{1,999}}\]:))",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"^(?P<before>{_PREFIX})(?P<sign></?[A-Za-z][^<>\n]*>[ \t]*$)", re.MULTILINE)
"""A tag alone on its line begins a block of HTML in which nothing is escaped, whatever its name."""


def inert(markdown: str) -> str:
    """The Markdown with whatever could load or run escaped."""
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    parts: list[str] = []
    at = 0
    while opens := _OPENS.search(markdown, at):
        end = _closed(markdown, opens)
        if end is None:
            break  # behind a fence whose end renderers may see elsewhere, what is code is not certain
        parts += [_prose(markdown[at : opens.start()]), markdown[opens.start() : end]]
        at = end
    return "".join([*parts, _prose(markdown[at:])])


def _closed(text: str, opens: re.Match[str]) -> int | None:
    """Where the fenced block ends that begins there; None where that depends on what it stands in.

    It is certain where each of its lines stands at least as far in as the first, or behind the same `>`, and the fence
    that ends it as far in. Further in than three columns it is a list's or, behind a blank line, indented code.
    """
    before, fence = opens["before"], rf"{opens['fence']}{opens['sign']}*[ \t]*"
    in_quote = ">" in before
    behind_blank = not text[: opens.start()].rpartition("\n")[0].rpartition("\n")[2].strip(" \t")
    if not _PLAIN.fullmatch(before) or (len(before) > 3 and not in_quote and not behind_blank):
        return None
    ends = re.compile(f"{re.escape(before)}{fence}" if before else f" {{0,3}}{fence}")
    may_end = re.compile(rf"[ \t>]*{fence}")
    blank = before.rstrip() if in_quote else ""
    at = opens.end()
    while at < len(text):
        until = text.find("\n", at + 1)
        until = until if until >= 0 else len(text)
        line = text[at + 1 : until]
        if ends.fullmatch(line):
            return until
        inside = line.startswith(before) or line.rstrip(" \t") == blank
        if not inside or (before and may_end.fullmatch(line)):
            return None
        at = until
    return len(text)


def _prose(text: str) -> str:
    return "".join(_paragraph(part) for part in _BLANK.split(text))


def _paragraph(text: str) -> str:
    """The paragraph, escaped but for its code."""
    parts: list[str] = []
    at = 0
    for start, end in _code(text):
        parts += [_escaped(text[at:start]), text[start:end]]
        at = end
    return "".join([*parts, _escaped(text[at:])])


def _code(text: str) -> list[tuple[int, int]]:
    """The spans of code; none where a stray backtick or a table's border could let them begin and end elsewhere."""
    found: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        ticks = _TICKS.finditer(line)
        for opening in ticks:
            closing = next((t for t in ticks if len(t.group()) == len(opening.group())), None)
            if closing is None or "|" in line[opening.start() : closing.end()]:
                return []
            found.append((at + opening.start(), at + closing.end()))
        at += len(line)
    return [] if _PUZZLING.search(text) else found


def _escaped(prose: str) -> str:
    prose = _ALONE.sub(r"\g<before>\\\g<sign>", prose)
    return _ACTS.sub(lambda m: m["escapes"] + ("" if len(m["escapes"]) % 2 else "\\") + m["sign"], prose)
