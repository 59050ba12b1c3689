"""The persona's rules over what was answered."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.app import app
from service.cli.options import JsonOption, examples


@app.command(epilog=examples("aether lint answer.json", 'aether ask "..." --json | aether lint -'))
def lint(
    file: Annotated[str, typer.Argument(metavar="FILE|-", show_default=False)],
    json: JsonOption = False,
    every: Annotated[
        bool, typer.Option("--every", help="Also name the rules that held, and those without a say.")
    ] = False,
) -> int:
    """Hold a saved answer against the rules of the persona.

    They are P0 to P22. Each broken rule is named with the text that breaks it; then the exit status is 3.
    """
    from service.cli.commands.checking.lint import lint_saved

    return lint_saved(file, json=json, every=every)
