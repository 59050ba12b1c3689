"""`aether-eval generate` and `review-cases`: cases out of a corpus, and what a person says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.app import HOME, JsonOption, app
from service.cli.options import StoreOption, examples

_File = Annotated[Path, typer.Argument(metavar="FILE", help="Candidates, as generate writes them.")]


@app.command(epilog=examples("aether-eval generate --store .aether", "aether-eval generate --limit 100"))
def generate(
    store: StoreOption = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where candidates go.")] = HOME
    / "candidates.jsonl",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="At most N, of every rule in turn.")] = 0,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", metavar="URL", help="A server whose model proposes cases too.")
    ] = None,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="The model of --endpoint.")] = "",
    passages: Annotated[
        int, typer.Option("--passages", metavar="N", min=1, help="For how many passages the model is asked.")
    ] = 40,
    as_json: JsonOption = False,
) -> int:
    """Propose cases from a store's documents by rules, each with its gold span. What was judged before is kept."""
    from eval.cli.commands.generations import Writer, generate_and_tell

    writer = Writer(endpoint, model, passages) if endpoint else None
    return generate_and_tell(store, out, limit, writer, as_json=as_json)


@app.command(
    "review-cases",
    epilog=examples(
        "aether-eval review-cases candidates.jsonl",
        "aether-eval review-cases candidates.jsonl --accept gen-0a1b2c3d4e",
        "aether-eval review-cases candidates.jsonl --export accepted.jsonl",
    ),
)
def review_cases(
    file: _File,
    accept: Annotated[list[str] | None, typer.Option("--accept", metavar="ID", help="It is a good case.")] = None,
    reject: Annotated[list[str] | None, typer.Option("--reject", metavar="ID", help="It is not.")] = None,
    edit: Annotated[str | None, typer.Option("--edit", metavar="ID", help="Accept with another question.")] = None,
    question: Annotated[str, typer.Option("--question", metavar="TEXT", help="The question for --edit.")] = "",
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write what was accepted as cases of a suite.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Accept, edit or reject candidates; without an option, show what waits."""
    from eval.cli.commands.generations import Review, review

    return review(file, Review(tuple(accept or ()), tuple(reject or ()), edit, question, export, as_json))
