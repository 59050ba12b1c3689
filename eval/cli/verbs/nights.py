"""`aether-eval nightly`: the whole night, its history and its page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.app import HOME, DataOption, EvalLimitOption, EvalStoreOption, JsonOption, app
from service.cli.options import examples


@app.command(epilog=examples("aether-eval nightly", "aether-eval nightly --suite smoke --home /var/lib/aether/nightly"))
def nightly(
    suite: Annotated[
        list[str] | None, typer.Option("--suite", metavar="SUITE", help="Else smoke and library; may be given again.")
    ] = None,
    home: Annotated[Path, typer.Option("--home", metavar="DIR", help="Where nights and history are kept.")] = HOME
    / "nightly",
    night: Annotated[
        str | None, typer.Option("--night", metavar="DATE", help="Which night, as 2026-11-25; else today.")
    ] = None,
    keep: Annotated[int, typer.Option("--keep", metavar="N", min=1, help="How many nights are kept.")] = 90,
    saved: Annotated[
        Path | None,
        typer.Option("--saved", metavar="DIR", help="Answers and reports saved as JSON; their citations are followed."),
    ] = None,
    store: EvalStoreOption = None,
    limit: EvalLimitOption = 0,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> int:
    """Run the night and write its report. Exit status 1 when the night was not fine or cannot be trusted."""
    from eval.cli.commands.nights import Wanted, run_night

    return run_night(
        Wanted(tuple(suite or ("smoke", "library")), home, night, keep, saved, store, limit, data, as_json)
    )
