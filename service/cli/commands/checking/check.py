"""`aether check`: a text, sentence by sentence, with verdicts and evidence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from corpus.access import PUBLIC, access_set
from corpus.errors import UsageError
from service.asker import asker
from service.checking.check import check
from service.checking.record import Checked, CheckedSentence
from service.cli.answer_view import show_sources, source_lines
from service.cli.ending import DONE, REFUSED, notice
from service.cli.progress import progress
from service.cli.terminal import clean, console, counted, is_rich, roots_of
from service.cli.through import check_through
from service.desk.beacon import beacon_of
from service.engine import Request
from service.wiring import Wiring

_LEASE = 5.0
_LARGEST_MB = 2


def asked_by(principals: list[str] | None, sources: list[str] | None, exclude: list[str] | None) -> Request:
    """Who asks, and what counts as evidence. Raises `AccessError`."""
    return Request(
        "", access_set([PUBLIC, *(principals or ())]), frozenset(sources or ()), exclude=frozenset(exclude or ())
    )


def check_text(wiring: Wiring, file: str, asked: Request, *, json: bool) -> int:
    """Check and show it; the exit status. Raises `UsageError`."""
    text = given(file, largest_mb=_LARGEST_MB).decode("utf-8", "replace")
    if "\0" in text:
        raise UsageError("is not text", item=file, next_step="Give Markdown or plain text")
    beacon = beacon_of(wiring.settings.store)
    if beacon:
        with wiring.store() as store:
            checked, roots = check_through(beacon, text, asked), roots_of(store)
    else:
        with (
            closing(replace(wiring, lease=_LEASE)) as leased,
            asker(leased, notice) as who,
            progress(silent=json) as shown,
        ):
            checked, roots = check(who, text, asked, leased.asking, progress=shown), roots_of(who.store)
    if json:
        print(checked.model_dump_json(indent=2))
    else:
        _show(checked, roots)
    return REFUSED if checked.failed else DONE


def given(file: str, *, largest_mb: int) -> bytes:
    """The file's bytes, `-` being standard input. Raises `UsageError`."""
    most = largest_mb * 1_000_000
    try:
        if file == "-":
            content = sys.stdin.buffer.read(most + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(most + 1)
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=file, next_step="Check the path") from error
    if len(content) > most:
        raise UsageError(f"is larger than {largest_mb} MB", item=file, next_step="Give it in parts")
    return content


def _show(checked: Checked, roots: dict[str, Path]) -> None:
    lines = [line for sentence in checked.sentences for line in _lines(sentence)]
    parts = (f"{checked.supported} supported", f"{checked.failed} not", f"{checked.unclaimed} without a claim")
    total = f"{counted(len(checked.sentences), 'sentence')}: {', '.join(parts)}."
    if not is_rich():
        print("\n".join([*(line for line, _ in lines), *source_lines(checked.citations), "", total]))
        return
    out = console()
    for line, style in lines:
        out.print(line, style=style, markup=False, highlight=False)
    show_sources(checked.citations, roots)
    out.print(f"\n{total}", style="bold")


def _lines(sentence: CheckedSentence) -> Iterator[tuple[str, str]]:
    """The sentence with its mark, and why it does not hold; each line with its style."""
    text = clean(" ".join(sentence.text.split()))
    verdict = sentence.verdict
    if verdict is None:
        yield f"-    {text}", "dim"
    elif verdict.supported:
        yield f"ok   {text} {''.join(f'[{n}]' for n in sentence.citations)}", ""
        if verdict.caution:
            yield f"     careful: {clean(verdict.caution)}", "yellow"
    else:
        near = f"; the nearest is [{sentence.closest}]" if sentence.closest else ""
        yield f"NOT  {text}", "red"
        lost = "" if near and verdict.check == "support" else f": {clean(' '.join(verdict.detail.split()))}"
        yield f"     {verdict.failure}, {verdict.check}{lost}{near}", "dim"
