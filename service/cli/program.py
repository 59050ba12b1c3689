"""The program `aether`: its commands, and what it does without one."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated

import typer
from typer.main import get_command

from service.cli.app import app, wiring_of
from service.cli.commands.completion import complete, is_asked
from service.cli.ending import DONE, ending
from service.cli.options import examples

__all__ = ["app", "run"]

for _group in sorted(module.name for module in iter_modules([str(Path(__file__).with_name("verbs"))])):
    import_module(f"service.cli.verbs.{_group}")


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status."""
    return ending(lambda: _call(list(arguments)))


def _call(arguments: list[str]) -> int:
    command = get_command(app)
    if is_asked():
        return complete(command)
    with command.make_context("aether", arguments) as context:
        status = command.invoke(context)
    return status if isinstance(status, int) else DONE


@app.callback(
    invoke_without_command=True,
    epilog=examples("aether ingest docs", 'aether ask "How do I restore the ledger?"', "aether ask --help"),
)
def aether(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> int:
    """Answers from your own documents: every sentence quoted, cited and checked."""
    if version:
        from importlib.metadata import version as version_of

        print(f"aether {version_of('aether-assistant')}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        return DONE
    from service.cli.commands.status import greet

    return greet(wiring_of(None))
