"""What a document says of itself: title, kind, status, date, owner, what it supersedes.

Three voices, the first that speaks is heard:

1. front matter (common spellings of each key);
2. the lines before the second heading that read `Key: value`, as MADR (`* Status: accepted`), Nygard (`Date: ...`),
   reStructuredText (`:Author: ...`) and RFCs (`Obsoletes: 1234`) write them, also as a two-column table;
3. a section `Status`, as Nygard writes it, and the last date under `Implementation History`, as KEPs do.

Nothing is inferred: a status is one of the words that people use for one, a date is a full date, and what is not
said stays "". What a file's name and folder say is not asked here; see `ingest/describe.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from corpus.documents import Block, Metadata
from corpus.outline import heading_title
from ingest.parse.genre import kind_of

_KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "status": ("status", "state"),
    "date": (
        "last-updated",
        "lastmod",
        "last-modified",
        "modified",
        "updated",
        "last-reviewed-on",
        "date",
        "decision-date",
        "creation-date",
        "created",
    ),
    "owner": (
        "owner",
        "owners",
        "team",
        "owning-team",
        "owning-sig",
        "owner-slack",
        "maintainer",
        "maintainers",
        "deciders",
        "decision-makers",
        "author",
        "authors",
    ),
    "supersedes": ("supersedes", "supercedes", "replaces", "obsoletes"),
    "superseded": ("superseded-by", "superceded-by", "replaced-by", "obsoleted-by", "deprecated-by", "replacement"),
    "service": ("service", "component", "application"),
    "access": ("access",),
    "tier": ("tier",),
}
_FIELD_OF = {key: field for field, keys in _KEYS.items() for key in keys}
_STATUS = re.compile(
    r"(?:proposed|draft|accepted|approved|rejected|declined|deprecated|superseded|replaced|obsolete[d]?|amended|"
    r"implemented|implementable|provisional|withdrawn|deferred|final|active|inactive|done|decided|open|closed|"
    r"in (?:review|progress|discussion)|under review|work in progress|wip|experimental|informational|stable|archived|"
    r"standards track|best current practice|historic|resolved|mitigated|published|current)\b",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"^[\s>*+:|\-]*(?P<key>[A-Za-z][A-Za-z \-]{1,24}?)(?:\s*\*\*|__)?\s*[:|]\s*(?:\*\*|__)?\s*"
    r"(?P<value>\S.*?)[\s|]*$"
)
_TEMPLATE = re.compile(r"\{\{.*?\}\}|<%.*?%>|\{%.*?%\}")
_COLUMNS = re.compile(r"\s{3,}")
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]*)[^)]*\)")
_SUPERSEDED = re.compile(
    r"(?:(?:superseded|replaced|obsoleted) by|(?:deprecated|retired) in favou?r of):?\s+"
    r"(?P<what>\[[^\]]*\]\([^)]*\)|[^\n]+)",
    re.IGNORECASE,
)
_NOTED = re.compile(
    r"^[\W_]*(?:(?:note|warning|important|caution)\W+)?this (?:document|doc|page|runbook|record|adr|guide|design"
    r"|proposal|kep|rfc) (?:is|was|has been) (?:now )?"
    r"(?P<status>superseded|replaced|obsoleted?|deprecated|archived|retired)\b(?=\W*$| (?:by|in favou?r)\b|\.)[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_NONE = re.compile(r"\W*(?:none|n/?a|nothing|tbd)?\W*", re.IGNORECASE)
_SUPERSEDES = re.compile(r"^\W*(?:supersedes|replaces|obsoletes):?\s+(?P<what>[^\n]+)", re.IGNORECASE | re.MULTILINE)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_LONG_DATE = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)? ([A-Z][a-z]{2,8})|([A-Z][a-z]{2,8}) (\d{1,2})(?:st|nd|rd|th)?),? (\d{4})\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 200


def describe(text: str, blocks: Sequence[Block], front: Mapping[str, object], name: str) -> Metadata:
    """What the document says of itself. `front` has lower-case keys; `name` is its file name."""
    headings = [(b, heading_title(text[b.start : b.end])) for b in blocks if b.kind == "heading"]
    said = {**_header(text, blocks), **_front(front)}
    title = _one(said.get("title", ())) or _title(headings)
    section = _section(text, blocks, headings, "status")
    noted = _noted(text, blocks)
    status = _one(said.get("status", ())) or _status(section) or (noted["status"].lower() if noted else "")
    later = [m["what"] for m in _SUPERSEDED.finditer(f"{status}\n{section}\n{noted[0] if noted else ''}")]
    earlier = [m["what"] for m in _SUPERSEDES.finditer(section)]
    history = _section(text, blocks, headings, "implementation history")
    return Metadata(
        title=title,
        kind=kind_of(front, title, [h for _, h in headings]),
        status=_plain(status),
        date=_date(_one(said.get("date", ()))) or max(_dates(history), default=""),
        owner=", ".join(said.get("owner", ())),
        supersedes=_references(said.get("supersedes", ()) or earlier),
        superseded_by=_references(said.get("superseded", ()) or later),
        service=_one(said.get("service", ())),
        access=tuple(said.get("access", ())),
        tier=_one(said.get("tier", ())).lower(),
    )


def _front(front: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Front matter by field of ours; of several spellings the first in `_KEYS` is heard.

    An access set that is there but says nothing becomes ("",), which is refused later, rather than public."""
    spelled = {re.sub(r"[_ ]", "-", key): value for key, value in front.items()}
    found: dict[str, tuple[str, ...]] = {}
    for field, keys in _KEYS.items():
        values = next((v for key in keys if (v := _strings(spelled.get(key)))), ())
        if values:
            found[field] = values
    if "access" in spelled:
        found["access"] = tuple(p for v in found.get("access", ("",)) for p in re.split(r"[,\s]+", v))
    return found


def _strings(value: object) -> tuple[str, ...]:
    match value:
        case None | bool():
            return ()
        case datetime():
            return (value.date().isoformat(),)
        case date():
            return (value.isoformat(),)
        case str() | int() | float():
            line = " ".join(str(value).split())
            return (line,) if 0 < len(line) <= _LONGEST else ()
        case list() | tuple():
            return tuple(s for v in value[:20] if not isinstance(v, list | tuple) for s in _strings(v))
        case _:
            return ()


def _header(text: str, blocks: Sequence[Block]) -> dict[str, tuple[str, ...]]:
    """`Key: value` lines before the second heading. Titles and access sets are never read from prose."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in _header_lines(text, blocks):
        field = _FIELD_OF.get(re.sub(r"[_ ]", "-", key.lower()), "")
        if key.lower() == "category" and _STATUS.match(value):
            field = "status"
        if field in ("", "title", "access", "service", "tier") or field in found or len(value) > _LONGEST:
            continue
        if field == "status" and not _STATUS.match(_plain(value)):
            continue
        if field == "date" and not _date(value):
            continue
        found[field] = (value,) if field in ("status", "date", "supersedes", "superseded") else (_plain(value),)
    return found


def _header_lines(text: str, blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    headings = 0
    for block in blocks[:30]:
        headings += block.kind == "heading"
        if headings > 1:
            return
        if block.kind in ("paragraph", "item", "row", "other"):
            for line in text[block.start : block.end].splitlines()[:20]:
                if (match := _LINE.match(line[:400])) is not None:
                    yield match["key"].strip(), _COLUMNS.split(match["value"].strip())[0]


def _title(headings: Sequence[tuple[Block, str]]) -> str:
    """The first heading if it is of the first level, or the only one of that level near the top."""
    tops = [at for at, (block, _) in enumerate(headings) if block.depth == 1]
    if tops and (tops[0] == 0 or (len(tops) == 1 and tops[0] < 3)):
        return " ".join(_TEMPLATE.sub("", headings[tops[0]][1]).split())
    return ""


def _section(text: str, blocks: Sequence[Block], headings: Sequence[tuple[Block, str]], title: str) -> str:
    """The text under the first heading so titled, up to the next heading."""
    for at, (block, name) in enumerate(headings):
        if name.strip(" :").lower() == title:
            stop = headings[at + 1][0].start if at + 1 < len(headings) else len(text)
            inside = [b for b in blocks if block.end <= b.start < stop]
            return "\n".join(text[b.start : b.end] for b in inside)
    return ""


def _status(section: str) -> str:
    first = section.strip().split("\n", 1)[0][:_LONGEST].strip(" *_-")
    return first if _STATUS.match(_plain(first)) else ""


def _noted(text: str, blocks: Sequence[Block]) -> re.Match[str] | None:
    """The line before the second heading that says that the document's time is over."""
    tops = [b.start for b in blocks[:30] if b.kind == "heading"]
    inside = [b for b in blocks[:30] if b.kind != "code" and (len(tops) < 2 or b.start < tops[1])]
    return next((found for b in inside if (found := _NOTED.match(text[b.start : b.end]))), None)


def _plain(value: str) -> str:
    """Without links' targets and emphasis, on one line, without a full stop."""
    bare = re.sub(r"<!--.*?-->|</?\w+[^>]*>", "", _LINK.sub(lambda m: m["text"], value))
    return " ".join(re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", bare).split()).rstrip(" .,;")


def _references(values: Sequence[str]) -> tuple[str, ...]:
    """Targets of links, else the words between commas."""
    found: list[str] = []
    for value in values:
        targets = [m["target"] or m["text"] for m in _LINK.finditer(value)]
        found += targets or [_plain(part) for part in re.split(r",|;|\band\b", value)]
    return tuple(dict.fromkeys(reference for reference in found if not _NONE.fullmatch(reference)))


def _one(values: Sequence[str]) -> str:
    return values[0] if values else ""


def _date(value: str) -> str:
    return next(_dates(value), "")


def _dates(value: str) -> Iterator[str]:
    """Full dates, as ISO 8601, that exist in the calendar. `03/04/2020` is no date: nobody knows which."""
    found = [(m.start(), *(int(g) for g in m.groups())) for m in _ISO.finditer(value)]
    for m in _LONG_DATE.finditer(value):
        name = (m[2] or m[3])[:3].lower()
        if name in _MONTHS:
            found.append((m.start(), int(m[5]), _MONTHS.index(name) + 1, int(m[1] or m[4])))
    for _, year, month, day in sorted(found):
        try:
            yield date(year, month, day).isoformat()
        except ValueError:
            continue
