"""The commands of `aether`, as they are typed. What each does is in `commands/`, imported when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.main import get_command

from corpus.documents import Kind
from service.cli.commands.completion import complete, is_asked
from service.cli.ending import DONE, ending
from service.cli.options import (
    AsOption,
    BatchOption,
    BriefOption,
    ExcludeOption,
    FullOption,
    IndexOption,
    JsonOption,
    KindOption,
    OutOption,
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
    if is_asked():
        return complete(command)
    with command.make_context("aether", arguments) as context:
        status = command.invoke(context)
    return status if isinstance(status, int) else DONE


def _wiring(store: Path | None, index: str | None = None) -> Wiring:
    from service.settings import read_settings
    from service.wiring import Wiring

    return Wiring(read_settings(store=store, index=index))


@app.callback(
    invoke_without_command=True,
    epilog=examples("aether ingest docs", 'aether ask "How do I restore the ledger?"', "aether ask --help"),
)
def aether(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> int:
    """Answers from your own documents: every sentence quoted, cited and checked."""
    if version:
        from importlib.metadata import version as version_of

        print(f"aether {version_of('aether-assistant')}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        return DONE
    from service.cli.commands.status import greet

    return greet(_wiring(None))


@app.command(
    epilog=examples(
        'aether ask "How do I restore the ledger?"',
        'aether ask "What did we decide on retries?" --kind adr --brief',
        "aether ask --batch questions.jsonl --out answers.jsonl",
    )
)
def ask(
    question: Annotated[str, typer.Argument(metavar='"QUESTION"', show_default=False)] = "",
    brief: BriefOption = False,
    full: FullOption = False,
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    kind: KindOption = None,
    exclude: ExcludeOption = None,
    batch: BatchOption = None,
    out: OutOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Answer the whole batch anew.")] = False,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Answer a question, every sentence cited.

    Where the documents do not answer it, that is said instead, and the exit status is 3.
    """
    from service.cli.commands.ask import Asked, ask_one, length_of, template
    from service.cli.commands.batch import ask_batch

    length = length_of(brief=brief, full=full)
    asked = Asked(question, length, tuple(as_ or ()), tuple(source or ()), tuple(kind or ()), tuple(exclude or ()))
    request = template(asked, batch=batch is not None)
    if batch is not None:
        return ask_batch(_wiring(store, index), request, batch, out, overwrite=overwrite, json=json)
    return ask_one(_wiring(store, index), request, json=json)


@app.command(epilog=examples("source <(aether completion bash)", "aether completion zsh > ~/.zfunc/_aether"))
def completion(shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(show_default=False)]) -> int:
    """Print a shell's completion script."""
    from service.cli.commands.completion import show_script

    return show_script(shell)


@app.command(epilog=examples("aether doctor", "aether doctor --rebuild"))
def doctor(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew, whatever its state; nothing is embedded again.")
    ] = False,
    json: JsonOption = False,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Examine store and index, and repair them.

    Proves that the store is whole and that the index holds exactly what the store holds, byte by byte. What is wrong
    with the index is repaired from the store; the exit status is 1 where something could not be.
    """
    from service.cli.commands.doctor import examine_store

    return examine_store(_wiring(store, index), anew=rebuild, json=json)


@app.command(epilog=examples("aether forget handbook/people.md", "aether forget handbook --yes"))
def forget(
    name: Annotated[str, typer.Argument(metavar="DOCUMENT|SOURCE", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Erase a document or a whole source.

    Its text leaves every place of the store: revisions, passages, vectors, index. The files themselves stay.
    """
    from service.cli.commands.forget import forget_name

    return forget_name(_wiring(store, index), name, yes=yes)


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
    """Read documents into the store.

    Run it again whenever they change: only what changed is read again. Questions can be asked as soon as the words are
    indexed; the vectors follow. The exit status is 4 where some files failed.
    """
    from service.cli.commands.ingest import Asked, ingest_paths

    asked = Asked(tuple(paths), source, kind, tuple(exclude or ()), dense=not no_dense, json=json)
    return ingest_paths(_wiring(store, index), asked)


@app.command(epilog=examples("aether schema > answer.schema.json"))
def schema() -> int:
    """Print the JSON Schema of an answer."""
    from service.answer import Answer
    from service.cli.terminal import print_json

    print_json(Answer.model_json_schema(mode="serialization"))
    return DONE


@app.command(epilog=examples('aether search "ledger_lag_seconds"', 'aether search "retry policy" --kind adr --limit 5'))
def search(
    question: Annotated[str, typer.Argument(metavar='"WORDS"', show_default=False)],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="Passages at most.")] = 10,
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    kind: KindOption = None,
    exclude: ExcludeOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Show the best passages, without an answer."""
    from service.cli.commands.ask import Asked, template
    from service.cli.commands.search import search_passages

    asked = Asked(question, "normal", tuple(as_ or ()), tuple(source or ()), tuple(kind or ()), tuple(exclude or ()))
    return search_passages(_wiring(store, index), template(asked, batch=False), limit=limit, json=json)


@app.command(epilog=examples("aether serve", "AETHER_API_KEY=... aether serve --host 0.0.0.0 --port 8080"))
def serve(
    host: Annotated[str, typer.Option("--host", help="Address; any but loop-back needs AETHER_API_KEY.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Answer over HTTP.

    POST /v1/ask and GET /livez, on this machine alone unless AETHER_API_KEY is set.
    """
    from service.api.server import serve as serve_http

    serve_http(_wiring(store, index), host=host, port=port)
    return DONE


@app.command(epilog=examples("aether settings", "AETHER_WAIT=30 aether settings"))
def settings(json: JsonOption = False, store: StoreOption = None, index: IndexOption = None) -> int:
    """List the settings and where each comes from."""
    from service.cli.commands.settings import show_settings

    given = {name for name, value in (("store", store), ("index", index)) if value is not None}
    return show_settings(_wiring(store, index).settings, given=frozenset(given), json=json)


@app.command(
    epilog=examples(
        "aether show handbook/deploy.md#L10-L20",
        "aether show handbook/deploy.md@1f3a5b7c9d0e:420-610",
        "aether show 2 --answer answer.json",
    )
)
def show(
    citation: Annotated[str, typer.Argument(metavar="CITATION", show_default=False)],
    answer: Annotated[
        Path | None, typer.Option("--answer", metavar="FILE", help="An answer's JSON: CITATION is a number in it.")
    ] = None,
    context: Annotated[int, typer.Option("--context", min=0, help="Lines before and after.")] = 5,
    as_: AsOption = None,
    store: StoreOption = None,
) -> int:
    """Show a cited passage in its document.

    CITATION is DOCUMENT, DOCUMENT#L10-L20 or DOCUMENT@REVISION:START-END. The passage is shown at its revision; where
    the document has changed since, also as it is today.
    """
    from service.cli.commands.show import show_passage

    return show_passage(_wiring(store), citation, answer, tuple(as_ or ()), context)


@app.command(epilog=examples("aether status", "aether status --json"))
def status(json: JsonOption = False, store: StoreOption = None) -> int:
    """Say what the store holds and how the last run went."""
    from service.cli.commands.status import show_status

    return show_status(_wiring(store), json=json)
