"""An answer on the terminal: the Markdown, then the sources, each with a link to the line it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.citations import Citation
from service.answer import Answer, Usage
from service.cli.terminal import address, clean, console, is_rich, link
from service.standing.label import label

if TYPE_CHECKING:
    from rich.markdown import Markdown


def show_answer(answer: Answer, roots: dict[str, Path]) -> None:
    """Print it. `roots` says where each source's files are."""
    if is_rich():
        _show_rich(answer, roots)
    else:
        print("\n".join(_lines(answer)))


def _lines(answer: Answer) -> Iterator[str]:
    yield clean(answer.text)
    yield from source_lines(answer.citations)
    yield from (f"\n{note}" for note in _notes(answer))


def _show_rich(answer: Answer, roots: dict[str, Path]) -> None:
    out = console()
    out.print(shown_markdown(clean(answer.text)))
    show_sources(answer.citations, roots)
    for note in _notes(answer):
        out.print(f"\n{note}", style="dim")


def source_lines(citations: Sequence[Citation]) -> Iterator[str]:
    """The list of sources as plain text; nothing without any."""
    if citations:
        yield "\nSources:"
    for citation in citations:
        yield f"[{citation.number}] {_title(citation)}"
        yield f"    {address(citation)}"


def show_sources(citations: Sequence[Citation], roots: dict[str, Path]) -> None:
    """Print the list of sources on a terminal, each with a link to the line it stands on."""
    from rich.style import Style
    from rich.text import Text

    out = console()
    if citations:
        out.print("\nSources", style="bold")
    for citation in citations:
        url = link(citation.document, citation.lines[0] if citation.lines else None, roots)
        out.print(Text(f"[{citation.number}] ", "bold").append(_title(citation), Style(bold=False)))
        out.print(Text("    ").append(address(citation), Style(link=url or None, dim=not url, color="blue")))


def shown_markdown(text: str) -> Markdown:
    """Markdown that shows HTML as it is written: left to itself it would drop `<namespace>` without a word."""
    from rich.markdown import Markdown

    made = Markdown(text, hyperlinks=False)
    for token in made.parsed:
        if token.type == "html_block":
            token.type = "code_block"
        for child in token.children or ():
            if child.type == "html_inline":
                child.type = "text"
    return made


def _title(citation: Citation) -> str:
    """Title, section, and in brackets how it stands."""
    path = [part for part in citation.section if part != citation.title]
    return clean(f"{' > '.join([citation.title, *path])} ({label(citation)})")


def _notes(answer: Answer) -> Iterator[str]:
    """What the reader should know beside the answer."""
    if answer.refusal:
        yield f"Searched {answer.refusal.searched}."
    share = answer.fingerprint.dense_share
    if share < 1:
        yield f"{int(100 * share)} % of the index can be searched by meaning so far; the rest by its words."
    if answer.usage:
        yield _spent(answer.usage)
    if answer.dropped:
        count = len(answer.dropped)
        yield f"{count} {'sentence was' if count == 1 else 'sentences were'} left out: a check failed (see --json)."


def _spent(usage: Usage) -> str:
    """What a language model spent, and why it did not finish."""
    cost = "" if usage.cost is None else f", cost {usage.cost:.4f}"
    told = f"{usage.model}: {usage.calls} calls, {usage.tokens_in:,} tokens in, {usage.tokens_out:,} out{cost}."
    return f"{told} Degraded: {clean(usage.degraded)}." if usage.degraded else told
