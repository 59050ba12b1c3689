"""What another wrote, and what was answered before, held against today's documents."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.app import app, wiring_of
from service.cli.options import AsOption, ExcludeOption, IndexOption, JsonOption, SourceOption, StoreOption, examples


@app.command(
    epilog=examples(
        "aether check draft.md",
        "pbpaste | aether check -",
        "aether check draft.md --source handbook --json > checked.json",
    )
)
def check(
    file: Annotated[str, typer.Argument(metavar="FILE|-", show_default=False)],
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    exclude: ExcludeOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Hold a text against the documents, sentence by sentence.

    Each sentence comes back with its verdict and its evidence. Where one says what the documents do not, the exit
    status is 3.
    """
    from service.cli.commands.checking.check import asked_by, check_text

    return check_text(wiring_of(store, index), file, asked_by(as_, source, exclude), json=json)


@app.command(
    epilog=examples("aether verify answer.json", 'aether ask "How do I restore the ledger?" --json | aether verify -')
)
def verify(
    file: Annotated[str, typer.Argument(metavar="FILE|-", show_default=False)],
    json: JsonOption = False,
    as_: AsOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Hold a saved answer or report against today's documents.

    Each citation holds, has moved, has changed or is gone. Where one has changed or is gone, the exit status is 3.
    """
    from service.cli.commands.checking.verify import verify_saved

    return verify_saved(wiring_of(store, index), file, tuple(as_ or ()), json=json)
