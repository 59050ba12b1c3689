"""Settings and the shell."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from service.cli.app import app, wiring_of
from service.cli.options import IndexOption, JsonOption, StoreOption, examples


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
