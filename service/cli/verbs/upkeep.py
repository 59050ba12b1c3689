"""Backups, settings and the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from service.cli.app import app, wiring_of
from service.cli.options import IndexOption, JsonOption, StoreOption, examples


@app.command(epilog=examples("aether backup aether.tar.gz", "aether backup /backups/$(date +%F).tar.gz"))
def backup(file: Annotated[Path, typer.Argument(show_default=False)], store: StoreOption = None) -> int:
    """Write the store into one file.

    Also while a service or an ingest uses it: the file holds the store as it was at one moment. It holds keys and every
    document, so keep it as safe as they are.
    """
    from service.cli.commands.backup import back_up

    return back_up(wiring_of(store), file)


@app.command(epilog=examples("aether restore aether.tar.gz --store .aether"))
def restore(
    file: Annotated[Path, typer.Argument(show_default=False)], store: StoreOption = None, index: IndexOption = None
) -> int:
    """Make a store out of a backup.

    The folder has to be new or empty. Everything is checked before it is there; the index is made anew without
    embedding anything.
    """
    from service.cli.commands.backup import bring_back

    return bring_back(wiring_of(store, index), file)


@app.command(epilog=examples("aether settings", "AETHER_WAIT=30 aether settings"))
def settings(json: JsonOption = False, store: StoreOption = None, index: IndexOption = None) -> int:
    """List the settings and where each comes from."""
    from service.cli.commands.settings import show_settings

    given = {name for name, value in (("store", store), ("index", index)) if value is not None}
    return show_settings(wiring_of(store, index).settings, given=frozenset(given), json=json)


@app.command(epilog=examples("source <(aether completion bash)", "aether completion zsh > ~/.zfunc/_aether"))
def completion(shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(show_default=False)]) -> int:
    """Print a shell's completion script."""
    from service.cli.commands.completion import show_script

    return show_script(shell)
