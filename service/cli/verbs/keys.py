"""Keys of callers."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from service.cli.app import app, wiring_of
from service.cli.options import JsonOption, StoreOption, examples

keys = typer.Typer(
    help="Make, list and revoke the keys of callers.",
    no_args_is_help=True,
    epilog=examples("aether keys create ci --days 90", "aether keys list"),
)
app.add_typer(keys, name="keys")


@keys.command(
    epilog=examples(
        "aether keys create ci --days 90",
        "aether keys create payments-bot --access group:payments --access public",
        "aether keys create docs-sync --role editor",
    )
)
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="Who gets it.")],
    role: Annotated[
        Literal["reader", "editor", "admin"],
        typer.Option("--role", help="reader: ask and read; editor: also add and forget; admin: see how it all stands."),
    ] = "reader",
    access: Annotated[
        list[str] | None,
        typer.Option("--access", metavar="PRINCIPAL", help="public, user:NAME or group:NAME; may be given again."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=0, max=36500, help="Days until it expires; 0 = never.")] = 0,
    per_minute: Annotated[int, typer.Option("--per-minute", min=0, help="Requests a minute; 0 = as set.")] = 0,
    tokens_per_day: Annotated[int, typer.Option("--tokens-per-day", min=0, help="Model tokens; 0 = as set.")] = 0,
    json: JsonOption = False,
    store: StoreOption = None,
) -> int:
    """Make a key. It is shown once: nobody can read it back.

    Without --access its bearer sees what is public.
    """
    from service.access.keys import Wish
    from service.cli.commands.keys import create_key

    wish = Wish(name, role, tuple(access or ["public"]), days, per_minute, tokens_per_day)
    return create_key(wiring_of(store), wish, json=json)


@keys.command("list", epilog=examples("aether keys list", "aether keys list --json"))
def list_(json: JsonOption = False, store: StoreOption = None) -> int:
    """List the keys, also those that no longer open."""
    from service.cli.commands.keys import list_keys

    return list_keys(wiring_of(store), json=json)


@keys.command(epilog=examples("aether keys revoke ci", "aether keys revoke 3f9a1c77b2d0"))
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME|ID", show_default=False)], store: StoreOption = None
) -> int:
    """End a key. A running service knows at once."""
    from service.cli.commands.keys import revoke_key

    return revoke_key(wiring_of(store), name)
