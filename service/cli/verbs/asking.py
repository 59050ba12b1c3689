"""Questions and what their answers rest on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.app import app, wiring_of
from service.cli.ending import DONE
from service.cli.options import (
    AsOption,
    AudienceOption,
    BatchOption,
    BriefOption,
    ComposerOption,
    ConversationOption,
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


@app.command(
    epilog=examples(
        'aether ask "How do I restore the ledger?"',
        'aether ask "What did we decide on retries?" --kind adr --brief',
        'aether ask "Actually we run 3 replicas, not 5." --conversation queue',
        "aether ask --batch questions.jsonl --out answers.jsonl",
    )
)
def ask(
    question: Annotated[str, typer.Argument(metavar='"QUESTION"', show_default=False)] = "",
    brief: BriefOption = False,
    full: FullOption = False,
    audience: AudienceOption = "",
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    kind: KindOption = None,
    exclude: ExcludeOption = None,
    batch: BatchOption = None,
    out: OutOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Answer the whole batch anew.")] = False,
    composer: ComposerOption = None,
    conversation: ConversationOption = "",
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Answer a question, every sentence cited.

    Where the documents do not answer it, that is said instead, and the exit status is 3.
    """
    from service.cli.commands.ask import Asked, ask_one, length_of, template
    from service.cli.commands.batch import ask_batch

    length = length_of(brief=brief, full=full)
    narrowed = (tuple(as_ or ()), tuple(source or ()), tuple(kind or ()), tuple(exclude or ()))
    asked = Asked(question, length, *narrowed, audience, conversation)
    request = template(asked, batch=batch is not None)
    if batch is not None:
        return ask_batch(wiring_of(store, index, composer), request, batch, out, overwrite=overwrite, json=json)
    return ask_one(wiring_of(store, index, composer), request, json=json, composer=composer, talk=conversation)


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
    return search_passages(wiring_of(store, index), template(asked, batch=False), limit=limit, json=json)


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

    return show_passage(wiring_of(store), citation, answer, tuple(as_ or ()), context)


@app.command(epilog=examples("aether schema > answer.schema.json"))
def schema() -> int:
    """Print the JSON Schema of an answer."""
    from service.answer import Answer
    from service.cli.terminal import print_json

    print_json(Answer.model_json_schema(mode="serialization"))
    return DONE
