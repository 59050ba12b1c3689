"""The `aether` app that commands are added to, and the wiring that they ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from service.wiring import Wiring


class _Sorted(TyperGroup):
    """Commands in the order of their names, wherever they were added."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return sorted(self.commands)


app = typer.Typer(
    cls=_Sorted,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def wiring_of(store: Path | None, index: str | None = None, composer: str | None = None) -> Wiring:
    """What the settings and the given options put together. Raises `UsageError`."""
    from service.settings import read_settings
    from service.wiring import Wiring

    return Wiring(read_settings(store=store, index=index, composer=composer))
