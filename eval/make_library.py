"""Builds the library's binary documents from the sources in `eval/library/`.

    python -m eval.make_library [FOLDER]

The technical report (PDF) takes its figures from `measurements.toml`; the operators' handbook (DOCX) and the overview
of the foundation (PPTX) are plain. The same sources give the same documents. Needs the extra `dev` (reportlab).
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from corpus.library import LIBRARY
from eval.cli.ended import ended
from eval.library.deck import write_deck
from eval.library.figures import as_markdown, read_groups
from eval.library.handbook import write_handbook
from eval.library.pages import pages
from eval.library.report import write_report

_SOURCES = Path(__file__).with_name("library")
_MARK = "[figures]"
_DATE = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_library(sources: Path = _SOURCES) -> dict[str, bytes]:
    """The documents by their path in the library. Raises `ValueError` on figures without date or machine."""
    report = (sources / "technical-report.md").read_text("utf-8")
    report = report.replace(_MARK, as_markdown(read_groups(sources / "measurements.toml")))
    handbook = (sources / "operators-handbook.md").read_text("utf-8")
    overview = (sources / "foundation-overview.md").read_text("utf-8")
    return {
        "reports/technical-report.pdf": write_report(
            pages(report), title="Technical report of Aether", subject="What was measured, and how"
        ),
        "guides/operators-handbook.docx": write_handbook(
            pages(handbook), title="Operators' handbook of Aether", date=_DATE
        ),
        "reports/foundation-overview.pptx": write_deck(pages(overview), date=_DATE),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Build the library's PDF, DOCX and PPTX.")
    parser.add_argument("folder", type=Path, nargs="?", default=LIBRARY)
    folder = parser.parse_args().folder
    for name, content in make_library().items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        print(f"{place}: {len(content):,} bytes")


if __name__ == "__main__":
    ended(main)
