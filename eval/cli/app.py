"""The `aether-eval` app that commands are added to, and the options that they share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import examples

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Measures the engine that is served: suites, judges, comparisons, gates and the nightly run.",
    epilog=examples("aether-eval run smoke", "aether-eval gate", "aether-eval nightly"),
)

HOME = Path(".aether/eval")
"""Where stores, logs and reports go unless somebody says otherwise."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", exists=True, file_okay=False, help="Where others' data sets lie; else ../shared/data."
    ),
]
EvalStoreOption = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="Ask this store as it is; else one is made of the suite's documents."),
]
EvalLimitOption = Annotated[
    int, typer.Option("--limit", metavar="N", min=0, help="Only N cases, taken from every kind in turn; 0 = all.")
]
MeasureOption = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="NAME", help="Show this measure, such as nDCG@10; may be given again."),
]
