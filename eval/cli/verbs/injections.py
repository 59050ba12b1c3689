"""`aether-eval injections`: what attacks in documents and questions achieve."""

from __future__ import annotations

from typing import Annotated

import typer

from eval.cli.app import DataOption, EvalLimitOption, JsonOption, app
from service.cli.options import examples


@app.command(
    epilog=examples(
        "aether-eval injections",
        "aether-eval injections --shared --limit 30",
        "aether-eval injections --shared --poisoned --json",
    )
)
def injections(
    shared: Annotated[bool, typer.Option("--shared", help="Others' attacks too, from ../shared/data.")] = False,
    poisoned: Annotated[
        bool, typer.Option("--poisoned", help="And passages that contradict the library on purpose.")
    ] = False,
    limit: EvalLimitOption = 0,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> int:
    """Attack answers through documents and questions.

    Exit status: 0 held, 1 an attack was said as the assistant's own, acted, or changed a quoted answer.
    """
    from eval.cli.commands.injections import Wanted, attack_and_tell

    return attack_and_tell(Wanted(shared, poisoned, limit, data, as_json))
