"""The commands of `aether`, as they are typed. What each does is in a module of its own, imported when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_command

from corpus.documents import Kind
from service.cli.ending import DONE, ending
from service.cli.options import (
    AsOption,
    ExcludeOption,
    IndexOption,
    JsonOption,
    KindOption,
    SourceOption,
    StoreOption,
    examples,
)

if TYPE_CHECKING:
    from service.wiring import Wiring

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status."""
    return ending(lambda: _call(list(arguments)))


def _call(arguments: list[str]) -> int:
    command = get_command(app)
    with command.make_context("aether", arguments) as context:
        status = command.invoke(context)
    return status if isinstance(status, int) else DONE


def _wiring(store: Path | None, index: str | None = None) -> Wiring:
    from service.settings import read_settings
    from service.wiring import Wiring

    return Wiring(read_settings(store=store, index=index))


@app.command(
    epilog=examples(
        'aether ask "How do I restore the ledger?"',
        'aether ask "What did we decide on retries?" --kind adr --brief',
        "aether ask --batch questions.jsonl --out answers.jsonl",
    )
)
def ask(
    question: Annotated[str, typer.Argument(metavar='"QUESTION"', show_default=False)] = "",
    brief: Annotated[bool, typer.Option("--brief", help="The answer sentence and little more.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Everything that the documents say on it.")] = False,
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    kind: KindOption = None,
    exclude: ExcludeOption = None,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", metavar="FILE", help='Questions, one {"id": ..., "question": ...} a line.'),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the batch's answers go; ids in it are skipped.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Answer the whole batch anew.")] = False,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Answer a question from the documents, every sentence cited; or say why not (exit status 3)."""
    from service.cli.asking import Asked, ask_one, template
    from service.cli.batch import ask_batch

    asked = Asked(question, brief, full, tuple(as_ or ()), tuple(source or ()), tuple(kind or ()), tuple(exclude or ()))
    request = template(asked, batch=batch is not None)
    if batch is not None:
        return ask_batch(_wiring(store, index), request, batch, out, overwrite=overwrite, json=json)
    return ask_one(_wiring(store, index), request, json=json)


@app.command(
    epilog=examples(
        "aether ingest docs",
        "aether ingest ~/runbooks --source payments --kind runbook --exclude 'drafts/'",
        "aether ingest docs --no-dense --json",
    )
)
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders or git work trees.")],
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="Name of the source; else the folder's.")
    ] = "",
    kind: Annotated[Kind | None, typer.Option("--kind", help="Kind of documents that do not say their own.")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="GLOB", help="Leave out, as in .gitignore; may be given again."),
    ] = None,
    no_dense: Annotated[
        bool, typer.Option("--no-dense", help="Only search by words for now; a later ingest adds the vectors.")
    ] = False,
    json: JsonOption = False,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Read documents into the store; run it again whenever they change (exit status 4: some files failed)."""
    from service.cli.ingest import Asked, ingest_paths

    asked = Asked(tuple(paths), source, kind, tuple(exclude or ()), dense=not no_dense, json=json)
    return ingest_paths(_wiring(store, index), asked)
