"""`aether lint`: a saved answer against the rules of the persona."""

from __future__ import annotations

from pydantic import ValidationError

from corpus.errors import UsageError
from service.answer import Answer
from service.cli.commands.checking.check import given
from service.cli.ending import DONE, REFUSED
from service.cli.terminal import clean, counted
from service.persona.lint import Linted, lint

_LARGEST_MB = 50


def lint_saved(file: str, *, json: bool, every: bool) -> int:
    """Lint and show it; the exit status. Raises `UsageError`."""
    content = given(file, largest_mb=_LARGEST_MB)
    try:
        answer = Answer.model_validate_json(content)
    except ValidationError as error:
        raise UsageError(
            "is not an answer in JSON", item=file, next_step='Make one with aether ask "..." --json'
        ) from error
    found = lint(answer)
    if json:
        print(found.model_dump_json(indent=2))
    else:
        _show(found, every=every)
    return REFUSED if found.violations else DONE


def _show(found: Linted, *, every: bool) -> None:
    for violation in found.violations:
        print(clean(f"{violation.rule}: {violation.detail}"))
    if every:
        print(f"held: {', '.join(found.clean) or 'none'}")
        print(f"no say: {', '.join(found.absent) or 'none'}")
    applied = len(found.clean) + len(found.broken)
    print(f"{counted(applied, 'rule')} applied, {len(found.broken)} broken, {len(found.absent)} had nothing to say.")
