"""`aether-eval run` and `score`: ask a suite, and score a log again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.app import HOME, DataOption, EvalLimitOption, EvalStoreOption, JsonOption, MeasureOption, app
from service.cli.options import examples

LogArgument = Annotated[Path, typer.Argument(metavar="LOG", help="What aether-eval run wrote, or a baseline.")]


@app.command(epilog=examples("aether-eval run smoke", "aether-eval run library --limit 40 --json"))
def run(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="A suite's name (see suites), or its TOML file.")],
    store: EvalStoreOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The log; a run that is there already goes on.")
    ] = None,
    composer: Annotated[
        str | None, typer.Option("--composer", metavar="NAME", help="What writes the answers, as AETHER_COMPOSER.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="NAME", help='Score with RAGAS too: "embedded", or the URL of a server.'),
    ] = None,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="The model of --judge URL.")] = "",
    limit: EvalLimitOption = 0,
    data: DataOption = None,
    again: Annotated[bool, typer.Option("--again", help="Throw a finished or begun log away first.")] = False,
    measure: MeasureOption = None,
    as_json: JsonOption = False,
) -> int:
    """Ask every case of a suite and score the answers. Killed, it goes on where it stopped."""
    from eval.cli.commands.runs import Asked, run_and_tell

    log = out or HOME / f"{suite.removesuffix('.toml').rsplit('/', 1)[-1]}.jsonl"
    return run_and_tell(
        Asked(
            suite=suite,
            store=store,
            out=log,
            composer=composer,
            limit=limit,
            data=data,
            again=again,
            measures=tuple(measure or ()),
            judge=judge or "",
            model=model,
            json=as_json,
        )
    )


@app.command(epilog=examples("aether-eval score .aether/eval/smoke.jsonl", "aether-eval score LOG --measure nDCG@5"))
def score(log: LogArgument, measure: MeasureOption = None, as_json: JsonOption = False) -> int:
    """Score a log again, without asking anything."""
    from eval.cli.commands.runs import score_and_tell

    return score_and_tell(log, tuple(measure or ()), as_json=as_json)
