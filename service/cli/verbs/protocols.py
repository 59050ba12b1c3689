"""Reviews, records and the other protocols."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.app import app, wiring_of
from service.cli.options import (
    AsOption,
    ExcludeOption,
    IndexOption,
    JsonOption,
    SourceOption,
    StoreOption,
    examples,
)

HtmlOption = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page of HTML that needs nothing else.")
]


@app.command(
    epilog=examples(
        "aether review designs/address-book.md",
        "aether review proposal.docx --html review.html",
        "aether review designs/address-book.md --sarif review.sarif --fail-on high",
    )
)
def review(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="The proposal; - reads Markdown.")],
    html: HtmlOption = None,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", metavar="FILE", help="Write SARIF 2.1.0, which annotates a pull request.")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", metavar="SEVERITY", help="Exit with 3 on a finding of high, medium or low or worse."),
    ] = None,
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    exclude: ExcludeOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Review a proposal against the standard lens and the library.

    Every finding cites the proposal and the standard, decision, incident or other document that it meets or violates.
    What the library holds of the very same file is left out. Exit status: 0 reviewed, 1 error, 2 usage, 3 a finding
    that --fail-on asks for.
    """
    from service.cli.commands.protocols import Asking, run_review

    asking = Asking(wiring_of(store, index), tuple(as_ or ()), tuple(source or ()), tuple(exclude or ()), json, html)
    return run_review(asking, file, sarif=sarif, fail_on=fail_on)
