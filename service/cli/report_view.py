"""A report on the terminal: its Markdown, then the sources, as answers have them."""

from __future__ import annotations

from pathlib import Path

from service.cli.answer_view import show_sources, shown_markdown, source_lines
from service.cli.terminal import clean, console, is_rich
from service.protocols.report import Report


def show_report(report: Report, roots: dict[str, Path]) -> None:
    """Print it. `roots` says where each source's files are."""
    if not is_rich():
        print("\n".join([as_file(report), *(f"\n{note}" for note in _notes(report))]))
        return
    out = console()
    out.print(shown_markdown(_text(report)))
    show_sources(report.citations, roots)
    for note in _notes(report):
        out.print(f"\n{note}", style="dim")


def as_file(report: Report) -> str:
    """The report as a Markdown file, with its sources."""
    return "\n".join([_text(report), *source_lines(report.citations)]) + "\n"


def _text(report: Report) -> str:
    return clean(f"# {report.title}\n\n{report.text}")


def _notes(report: Report) -> list[str]:
    """What the reader should know beside the report."""
    notes = []
    if report.fingerprint.dense_share < 1:
        share = int(100 * report.fingerprint.dense_share)
        notes.append(f"{share} % of the index can be searched by meaning so far; the rest by its words.")
    if report.dropped:
        count = len(report.dropped)
        said = "sentence was" if count == 1 else "sentences were"
        notes.append(f"{count} {said} left out: a check failed (see --json).")
    return notes
