"""`aether-eval judge`: RAGAS over a run, and how far its judge can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.app import DataOption, EvalStoreOption, JsonOption, app
from service.cli.options import examples


@app.command(
    epilog=examples(
        "aether-eval judge .aether/eval/smoke.jsonl",
        "aether-eval judge LOG --endpoint http://127.0.0.1:8000/v1 --model NAME --record said.jsonl",
        "aether-eval judge --agreement",
    )
)
def judge(
    log: Annotated[Path | None, typer.Argument(metavar="LOG", help="What aether-eval run wrote.")] = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", metavar="URL", help="An OpenAI-compatible server judges.")
    ] = None,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="The server's model.")] = "",
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Keep, and use again, what the judge says.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Score the embedded judge on known sentences.")] = False,
    agreement: Annotated[bool, typer.Option("--agreement", help="Spearman with people, on MTRAG.")] = False,
    store: EvalStoreOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> int:
    """Score a run with RAGAS 0.4.3 (extra [eval]), or judge the judge."""
    from eval.cli.commands.judges import Wanted, judge_and_tell

    wanted = Wanted(log, endpoint, model, record, check, agreement, store, data, as_json)
    return judge_and_tell(wanted)
