"""`aether search`: the ranked passages, without an answer."""

from __future__ import annotations

from dataclasses import asdict

from retrieval.evidence import Evidence
from service.asker import asker
from service.cli.ending import DONE, notice
from service.cli.terminal import clean, console, excerpt, is_rich, link, print_json, roots_of
from service.engine import Request
from service.wiring import Wiring

_EXCERPT = 240


def search_passages(wiring: Wiring, request: Request, *, limit: int, json: bool) -> int:
    """Search and show; the exit status."""
    with asker(wiring, notice) as who:
        found = who.search(request, limit=limit)
        roots = roots_of(who.store)
    if json:
        print_json([asdict(item) for item in found.evidence])
    elif not found.evidence:
        print("Nothing found.")
    else:
        for number, item in enumerate(found.evidence, start=1):
            _show(number, item, link(item.passage.document, None, roots))
    return DONE


def _show(number: int, item: Evidence, url: str) -> None:
    passage = item.passage
    title = clean(" > ".join([passage.title, *(part for part in passage.section if part != passage.title)]))
    place = clean(f"{passage.document}@{passage.revision[:12]}:{passage.start}-{passage.end}")
    shown = excerpt(clean(passage.text), _EXCERPT)
    if not is_rich():
        print(f"{number}. {title} ({item.score:.3f}, {passage.place})\n   {place}\n   {shown}")
        return
    from rich.style import Style
    from rich.text import Text

    out = console()
    out.print(Text(f"{number}. ").append(title, "bold").append(f" ({item.score:.3f}, {passage.place})", "dim"))
    out.print(Text("   ").append(place, Style(link=url or None, color="blue")))
    out.print(Text(f"   {shown}"))
