"""What is in the library, and its care."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.documents import Kind
from service.cli.app import app, wiring_of
from service.cli.options import IndexOption, JsonOption, StoreOption, examples


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
    return ingest_paths(wiring_of(store, index), asked)


@app.command(epilog=examples("aether status", "aether status --json"))
def status(json: JsonOption = False, store: StoreOption = None) -> int:
    """Say what the store holds and how the last run went."""
    from service.cli.commands.status import show_status

    return show_status(wiring_of(store), json=json)


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

    Proves that the store is whole, that the index holds exactly what the store holds, byte by byte, and that no
    conversation or journal shows a document that was forgotten. What is wrong with the index is repaired from the
    store; the exit status is 1 where something could not be.
    """
    from service.cli.commands.doctor import examine_store

    return examine_store(wiring_of(store, index), anew=rebuild, json=json)


@app.command(epilog=examples("aether forget handbook/people.md", "aether forget handbook --yes"))
def forget(
    name: Annotated[str, typer.Argument(metavar="DOCUMENT|SOURCE", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Erase a document or a whole source.

    Its text leaves every place of the store: revisions, passages, vectors, index, conversations, journal, feedback.
    The files themselves stay.
    """
    from service.cli.commands.forget import forget_name

    return forget_name(wiring_of(store, index), name, yes=yes)
