"""Reviews, records and the other protocols."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.app import app, wiring_of
from service.cli.options import (
    AsOption,
    ExcludeOption,
    IndexOption,
    JsonOption,
    SourceOption,
    StoreOption,
    examples,
)

HtmlOption = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page of HTML that needs nothing else.")
]


@app.command(
    epilog=examples(
        "aether review designs/address-book.md",
        "aether review proposal.docx --html review.html",
        "aether review designs/address-book.md --sarif review.sarif --fail-on high",
    )
)
def review(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="The proposal; - reads Markdown.")],
    html: HtmlOption = None,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", metavar="FILE", help="Write SARIF 2.1.0, which annotates a pull request.")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", metavar="SEVERITY", help="Exit with 3 on a finding of high, medium or low or worse."),
    ] = None,
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    exclude: ExcludeOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Review a proposal against the standard lens and the library.

    Every finding cites the proposal and the standard, decision, incident or other document that it meets or violates.
    What the library holds of the very same file is left out. Exit status: 0 reviewed, 1 error, 2 usage, 3 a finding
    that --fail-on asks for.
    """
    from service.cli.commands.protocols import asking_of, run_review

    asking = asking_of(wiring_of(store, index), as_, source, exclude, json=json, html=html)
    return run_review(asking, file, sarif=sarif, fail_on=fail_on)


@app.command(
    epilog=examples(
        'aether adr "Which queue carries the events?" --option Kafka --option "Redis Streams"',
        'aether adr "How long are backups kept?" --out docs/adr/0007-backups.md',
        "aether adr --lint docs/adr",
    )
)
def adr(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", show_default=False, help="What has to be decided.")
    ] = "",
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="TEXT", help="An option to be weighed; may be given again.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the record as Markdown, its sources at the end.")
    ] = None,
    html: HtmlOption = None,
    lint: Annotated[
        Path | None, typer.Option("--lint", metavar="FOLDER", help="Check a folder of records instead; needs no store.")
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option("--fail-on", metavar="SEVERITY", help="With --lint: exit with 3 on a flaw of this or worse."),
    ] = "medium",
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    exclude: ExcludeOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Draft a decision record, or check a folder of them.

    Context, drivers, options and what speaks for and against each are quoted from the library and cited; what nobody
    has said stays a place to fill, [NEEDS INPUT: ...]. A decision in force on the same question is told first. --lint
    checks the statuses of a folder of records and who supersedes whom. Exit status: 0 done, 1 error, 2 usage, 3 flaws,
    or refused.
    """
    from service.cli.commands.protocols import asking_of, run_adr, run_lint

    if lint is not None:
        return run_lint(lint, question=question, fail_on=fail_on, json=json)
    asking = asking_of(wiring_of(store, index), as_, source, exclude, json=json, html=html)
    return run_adr(asking, question, tuple(option or ()), out=out)


@app.command(
    epilog=examples(
        "aether intake ideas/ticket-answers.md",
        "echo 'We want to answer tickets with a model by May.' | aether intake -",
        "aether intake ideas/ticket-answers.md --html intake.html",
    )
)
def intake(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="What is wanted; - reads Markdown.")],
    html: HtmlOption = None,
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    exclude: ExcludeOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Take in a new initiative: what it states, what to ask.

    Outcome, success metrics, budget, timeline, team, compliance, data and risk tolerance are quoted from the text or
    asked for; the maturity level rests on what is said of today; decisions, earlier work and incidents on the subject
    come from the library.
    """
    from service.cli.commands.protocols import asking_of, brought, ending, run_protocol

    asking = asking_of(wiring_of(store, index), as_, source, exclude, json=json, html=html)
    return ending(run_protocol(asking, "intake", brought(asking, "intake", file)))


@app.command(
    epilog=examples(
        'aether assess "order queue"',
        "aether assess etcd --source openshift-runbooks --json",
        'aether assess "order queue" --html state.html',
    )
)
def assess(
    system: Annotated[
        str, typer.Argument(metavar="SYSTEM", show_default=False, help="The system, as the documents call it.")
    ],
    html: HtmlOption = None,
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    exclude: ExcludeOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Assess the current state of a system, in figures.

    What the library states in numbers comes first: measured, promised or seen in incidents, each sentence cited with
    its date; then where documents disagree, and what has no figure at all.
    """
    from service.cli.commands.protocols import asked, asking_of, ending, run_protocol

    asking = asking_of(wiring_of(store, index), as_, source, exclude, json=json, html=html)
    return ending(run_protocol(asking, "assess", asked(asking, "assess", system=system)))


@app.command(
    epilog=examples(
        "aether premortem designs/batch-consumer.md",
        "echo 'order queue' | aether premortem -",
        "aether premortem designs/batch-consumer.md --html premortem.html",
    )
)
def premortem(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A proposal or a subject's name; - reads it.")
    ],
    html: HtmlOption = None,
    json: JsonOption = False,
    as_: AsOption = None,
    source: SourceOption = None,
    exclude: ExcludeOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Say how a proposal may fail, as others did.

    Incidents on record come first, then what other documents warn of; each with what is done against it, the signal
    that it begins and the way back, and where the proposal deals with it. What is lacking becomes a question.
    """
    from service.cli.commands.protocols import asking_of, brought, ending, run_protocol

    asking = asking_of(wiring_of(store, index), as_, source, exclude, json=json, html=html)
    return ending(run_protocol(asking, "premortem", brought(asking, "premortem", file)))
