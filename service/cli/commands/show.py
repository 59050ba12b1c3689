"""`aether show`: a passage in its document, as it was when it was cited, and as it is today.

What can be named: `DOCUMENT`, `DOCUMENT#L10-L20`, `DOCUMENT@REVISION`, `DOCUMENT@REVISION:START-END`, or with the JSON
of an answer at hand the number of one of its citations. Where the document has changed since, the lines are followed
through the change, and both are shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from corpus.access import PUBLIC, access_set, may_read
from corpus.documents import Document, Span
from corpus.errors import NotFound, UsageError
from corpus.outline import line_starts, lines_of, place_of, section_path
from ingest.store.documents import Card
from ingest.store.store import Store
from service.answer import Answer
from service.checking.trace import lines_today
from service.cli.ending import DONE
from service.cli.passage_view import show_lines
from service.cli.terminal import clean, link, roots_of
from service.wiring import Wiring

_PLACE = re.compile(
    r"(?P<document>.+?)(?:@(?P<revision>[0-9a-f]{6,64}))?"
    r"(?:#L(?P<first>\d+)(?:-L?(?P<last>\d+))?|:(?P<start>\d+)-(?P<end>\d+))?"
)


@dataclass(frozen=True, slots=True)
class Named:
    """What the reader named. `revision` may be the beginning of one; "" is today's."""

    document: str
    revision: str = ""
    span: Span | None = None
    lines: tuple[int, int] | None = None


def show_passage(wiring: Wiring, citation: str, answer: Path | None, principals: Collection[str], context: int) -> int:
    """Print the passage; the exit status."""
    named = _from_answer(citation, answer) if answer else _parse(citation)
    with wiring.store() as store:
        card = _readable(store, named.document, access_set([PUBLIC, *principals]))
        document = store.read(card.id, _revision(store, card, named.revision))
        span = _span(document, named)
        url = link(card.id, _first_line(document, span), roots_of(store))
        _print(document, span, _heading(document, span), url, context)
        if not card.present:
            print("\nThe document has left its source since; this is its last text.")
        elif document.revision != card.revision:
            _print_today(document, span, store.read(card.id), url, context)
    return DONE


def _parse(citation: str) -> Named:
    if citation.isdecimal():
        raise UsageError(
            "a number alone names no passage", item=citation, next_step=f"Add --answer FILE: aether show {citation} ..."
        )
    match = _PLACE.fullmatch(citation)
    if match is None:
        raise UsageError("not a citation", item=citation, next_step="Write DOCUMENT#L10-L20; see aether show --help")
    first, last, start, end = match["first"], match["last"], match["start"], match["end"]
    span = Span(int(start), int(end)) if start else None
    lines = (int(first), int(last or first)) if first else None
    return Named(match["document"], match["revision"] or "", span, lines)


def _from_answer(number: str, file: Path) -> Named:
    try:
        answer = Answer.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=str(file), next_step="Check the path") from error
    except ValidationError as error:
        raise UsageError(
            "is not one answer in JSON", item=str(file), next_step='Make one with aether ask "..." --json'
        ) from error
    for citation in answer.citations:
        if str(citation.number) == number:
            return Named(citation.document, citation.revision, Span(citation.start, citation.end))
    raise NotFound(
        f"the answer has no citation {number}", item=str(file), next_step=f"It has {len(answer.citations)}, from 1"
    )


def _readable(store: Store, document: str, access: frozenset[str]) -> Card:
    """The document's card; of what the caller may not read nobody says that it exists."""
    try:
        card = store.documents.card(document)
        if may_read(access, card.access):
            return card
    except NotFound:
        pass
    raise NotFound("no such document", item=document, next_step="Find documents with aether search")


def _revision(store: Store, card: Card, wanted: str) -> str:
    if not wanted:
        return card.revision
    found = [revision for revision in store.documents.revisions(card.id) if revision.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(revision[:12] for revision in store.documents.revisions(card.id))
    what = "several revisions begin so" if found else f"no revision {wanted[:12]}"
    raise NotFound(what, item=card.id, next_step=f"It has {known}")


def _span(document: Document, named: Named) -> Span | None:
    """The characters that are meant; None for the whole document."""
    size = len(document.text)
    if named.span:
        if not 0 <= named.span.start < named.span.end <= size:
            raise NotFound("there are no such characters", item=document.id, next_step=f"It has {size:,}")
        return named.span
    if named.lines is None:
        return None
    starts, (first, last) = line_starts(document.text), named.lines
    if not 1 <= first <= last <= len(starts):
        raise NotFound("there are no such lines", item=document.id, next_step=f"It has {len(starts):,}")
    end = starts[last] if last < len(starts) else size
    return Span(starts[first - 1], max(end, starts[first - 1]))


def _first_line(document: Document, span: Span | None) -> int | None:
    if span is None or not document.parsed.native:
        return None
    return lines_of(line_starts(document.text), span.start, span.end)[0]


def _heading(document: Document, span: Span | None) -> Iterator[str]:
    """Title and section, then name, revision and place."""
    path = section_path(document, span.start) if span else ()
    yield " > ".join([document.title, *(part for part in path if part != document.title)])
    about = [document.kind, document.parsed.metadata.status, document.modified_at[:10]]
    if span:
        about.append(place_of(document.parsed.anchors, line_starts(document.text), span.start, span.end))
    yield f"{document.id}@{document.revision[:12]} ({', '.join(part for part in about if part)})"


def _print(document: Document, span: Span | None, heading: Iterator[str], url: str, context: int) -> None:
    show_lines(document.text, span, [clean(line) for line in heading], url=url, context=context)


def _print_today(old: Document, span: Span | None, today: Document, url: str, context: int) -> None:
    print("\nThe document has changed since. Today:\n")
    if span is None:
        _print(today, None, _heading(today, None), url, context)
        return
    now = lines_today(old.text, span, today.text)
    if now is None:
        print(f"{clean(today.id)}@{today.revision[:12]}: the passage is gone")
        return
    _print(today, now, _heading(today, now), url, context)
