"""`aether-eval compare`, `gate`, `baseline` and `planted`: is it worse, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.app import HOME, JsonOption, app
from service.cli.options import examples

_Log = Annotated[Path, typer.Argument(metavar="LOG", help="A run's log, or a baseline.")]


@app.command(epilog=examples("aether-eval compare eval/baselines/smoke.json .aether/eval/smoke.jsonl"))
def compare(before: _Log, after: _Log, as_json: JsonOption = False) -> int:
    """Compare two runs: paired intervals, flipped cases, and where each change began."""
    from eval.cli.commands.gates import compare_and_tell

    return compare_and_tell(before, after, as_json=as_json)


@app.command(epilog=examples("aether-eval gate smoke", "aether-eval gate smoke --junit gate.xml --markdown gate.md"))
def gate(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="Whose floors and baseline hold.")] = "smoke",
    log: Annotated[Path | None, typer.Option("--log", metavar="LOG", help="The run; else that of the suite.")] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Else eval/baselines/SUITE.json.")
    ] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML for a CI.")] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write a summary for a pull request.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Exit with status 1 on a broken floor or a significant regression, and say why."""
    from eval.cli.commands.gates import gate_and_tell

    return gate_and_tell(
        suite, log or HOME / f"{suite}.jsonl", baseline, junit=junit, markdown=markdown, as_json=as_json
    )


@app.command(epilog=examples("aether-eval baseline .aether/eval/smoke.jsonl"))
def baseline(
    log: _Log,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Else eval/baselines/SUITE.json.")] = None,
) -> int:
    """Make a run the baseline that gates compare with."""
    from eval.cli.commands.gates import keep_baseline

    return keep_baseline(log, out)


@app.command(epilog=examples("aether-eval planted", "aether-eval planted --limit 40 --json"))
def planted(
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="Only N cases; 0 = all.")] = 0,
    as_json: JsonOption = False,
) -> int:
    """Plant six regressions one after the other: does the gate catch each, and name the right cause?"""
    from eval.cli.commands.gates import plant_and_tell

    return plant_and_tell(limit, as_json=as_json)
