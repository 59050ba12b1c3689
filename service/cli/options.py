"""The options that several commands share or that take room, and how examples are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.documents import KINDS


def _kinds(given: list[str] | None) -> list[str] | None:
    """Typer takes no list of literals."""
    for kind in given or ():
        if kind not in KINDS:
            raise typer.BadParameter(f"{kind!r} is not one of {', '.join(KINDS)}", param_hint="--kind")
    return given


StoreOption = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="Folder of the store; else $AETHER_STORE, else ./.aether."),
]
IndexOption = Annotated[
    str | None,
    typer.Option("--index", metavar="URL", help="A Qdrant server instead of the embedded index."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
AsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--as", metavar="PRINCIPAL", help="Ask as user:NAME or group:NAME, beside public; may be given again."
    ),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="SOURCE", help="Only documents of this source; may be given again."),
]
KindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        callback=_kinds,
        autocompletion=lambda: list(KINDS),
        help=f"Only documents of this kind ({', '.join(KINDS)}); may be given again.",
    ),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="DOCUMENT", help="Leave this document out; may be given again."),
]
BriefOption = Annotated[bool, typer.Option("--brief", help="The answer sentence and little more.")]
AudienceOption = Annotated[
    str,
    typer.Option(
        "--audience",
        metavar="executive|engineer",
        show_default=False,
        help="Decision, cost and risk first, in fewer words; or the steps first.",
    ),
]
FullOption = Annotated[
    bool, typer.Option("--full", help="Seven sections: options, decision, steps, risks, open questions.")
]
ComposerOption = Annotated[
    str | None,
    typer.Option(
        "--composer",
        metavar="COMPOSER",
        autocompletion=lambda: ["extractive", "openai-like", "ollama", "anthropic"],
        help="extractive, or a language model that the settings describe: openai-like, ollama, anthropic.",
    ),
]
ConversationOption = Annotated[
    str,
    typer.Option(
        "--conversation",
        metavar="NAME",
        help="Go on with the conversation of this name; kept for a day.",
        show_default=False,
    ),
]
BatchOption = Annotated[
    Path | None,
    typer.Option("--batch", metavar="FILE", help='Questions, one {"id": ..., "question": ...} a line.'),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where the batch's answers go; ids in it are skipped."),
]


def examples(*commands: str) -> str:
    """An epilog that shows commands as they are typed."""
    return "\n".join(["\b", "Examples:", *(f"  {command}" for command in commands)])
