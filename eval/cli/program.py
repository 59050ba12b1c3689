"""The program `aether-eval`: suites, runs, judges, comparisons, and the nightly run."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from typer.main import get_command

from eval.cli.app import app
from service.cli.ending import DONE, ending

for _group in ("gates", "generations", "injections", "judges", "nights", "runs", "suites"):
    import_module(f"eval.cli.verbs.{_group}")


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status."""
    return ending(lambda: _call(list(arguments)))


def _call(arguments: list[str]) -> int:
    command = get_command(app)
    with command.make_context("aether-eval", arguments) as context:
        status = command.invoke(context)
    return status if isinstance(status, int) else DONE
