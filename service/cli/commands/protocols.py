"""The protocols as commands: what is brought along, who asks, where the report goes."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from corpus.access import PUBLIC, access_set
from corpus.errors import UsageError
from service.asker import asker
from service.cli.ending import DONE, REFUSED, notice
from service.cli.report_view import as_file, show_report
from service.cli.terminal import clean, counted, roots_of
from service.protocols.page import as_html
from service.protocols.record.lint import lint
from service.protocols.registry import PROTOCOLS
from service.protocols.report import SEVERITIES, Report, ReviewReport, Severity
from service.protocols.request import Asked, Brought
from service.protocols.review.sarif import dump_sarif
from service.wiring import Wiring

_LEASE = 5.0
_LARGEST_MB = 20
_Request = TypeVar("_Request", bound=Asked)


@dataclass(frozen=True, slots=True)
class Asking:
    """What every protocol's command line says."""

    wiring: Wiring
    principals: tuple[str, ...]
    sources: tuple[str, ...]
    exclude: tuple[str, ...]
    json: bool
    html: Path | None = None


def asking_of(
    wiring: Wiring,
    principals: list[str] | None,
    sources: list[str] | None,
    exclude: list[str] | None,
    *,
    json: bool,
    html: Path | None,
) -> Asking:
    """What the command line says, as it gives it."""
    return Asking(wiring, tuple(principals or ()), tuple(sources or ()), tuple(exclude or ()), json, html)


def run_review(asking: Asking, file: Path, *, sarif: Path | None, fail_on: str | None) -> int:
    """Review a file; the exit status."""
    limit = _severity(fail_on)
    report = run_protocol(asking, "review", brought(asking, "review", file))
    assert isinstance(report, ReviewReport)
    if sarif and not report.refusal:
        write_file(sarif, dump_sarif(report, uri=_address(file)))
    worst = any(SEVERITIES.index(finding.severity) <= limit for finding in report.findings)
    return REFUSED if report.refusal or (limit >= 0 and worst) else DONE


def run_adr(asking: Asking, question: str, options: tuple[str, ...], *, out: Path | None) -> int:
    """Draft a decision record; the exit status."""
    if not question.strip():
        raise UsageError("no question", next_step='Ask one: aether adr "..."; or check records with --lint FOLDER')
    report = run_protocol(asking, "adr", asked(asking, "adr", question=question, options=options))
    if out and not report.refusal:
        write_file(out, as_file(report))
    return ending(report)


def ending(report: Report) -> int:
    """The exit status of a report that was shown."""
    return REFUSED if report.refusal else DONE


def run_lint(folder: Path, *, question: str, fail_on: str, json: bool) -> int:
    """Check a folder of decision records; the exit status."""
    if question.strip():
        raise UsageError("a question beside --lint", next_step="Give one of the two")
    limit = _severity(fail_on)
    found = lint(folder)
    if json:
        print(found.model_dump_json(indent=2))
    else:
        for flaw in found.flaws:
            print(clean(f"{folder / flaw.path}:{flaw.line}: {flaw.severity} {flaw.rule}: {flaw.says}"))
        print(clean(f"{counted(len(found.records), 'record')}, {counted(len(found.flaws), 'flaw')}"))
    worst = any(SEVERITIES.index(flaw.severity) <= limit for flaw in found.flaws)
    return REFUSED if worst else DONE


def run_protocol(asking: Asking, name: str, request: Asked) -> Report:
    """Run a protocol and show its report, or write it where the command line says; a refusal is only shown."""
    caller = access_set([PUBLIC, *asking.principals])
    protocol = PROTOCOLS[name]
    with closing(replace(asking.wiring, lease=_LEASE)) as leased, asker(leased, notice) as who:
        report: Report = protocol.run(who, request, caller)
        roots = roots_of(who.store)
    if asking.html and not report.refusal:
        write_file(asking.html, as_html(report.title, report.body, report.citations))
    if asking.json:
        print(report.model_dump_json(indent=2))
    else:
        show_report(report, roots)
    return report


def brought(asking: Asking, name: str, file: Path) -> Asked:
    """The request about a file, or about Markdown from standard input. Raises `UsageError`."""
    data = sys.stdin.buffer.read() if str(file) == "-" else _read(file)
    if len(data) > _LARGEST_MB * 1_000_000:
        raise UsageError(f"more than {_LARGEST_MB} MB", item=str(file), next_step="Divide it")
    if not data.strip():
        raise UsageError("is empty", item=str(file), next_step="Give a file with text")
    called = "standard-input.md" if str(file) == "-" else _address(file)
    kind = PROTOCOLS[name].request
    assert issubclass(kind, Brought)
    return kind.model_construct(name=called, content=data, sources=asking.sources, exclude=asking.exclude)


def asked(asking: Asking, name: str, **fields: object) -> Asked:
    """The request with these fields. Raises `UsageError` where one of them is malformed."""
    try:
        request: Asked = PROTOCOLS[name].request(sources=asking.sources, exclude=asking.exclude, **fields)
        return request
    except ValidationError as error:
        first = error.errors()[0]
        item = ".".join(str(part) for part in first["loc"])
        raise UsageError(first["msg"], item=item, next_step=f"See aether {name} --help") from error


def _read(file: Path) -> bytes:
    try:
        if file.is_dir():
            raise UsageError("is a folder", item=str(file), next_step="Name the file to be read")
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=str(file), next_step="Check the path") from error


def _address(file: Path) -> str:
    """The file's path from here, where it lies below; else its own."""
    absolute = Path(os.path.abspath(file))
    here = Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else absolute).as_posix()


def write_file(file: Path, text: str) -> None:
    """Write a file whole, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        fresh.write_text(text, "utf-8", errors="backslashreplace")
        os.replace(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)
    notice(f"written: {file}")


def _severity(fail_on: str | None) -> int:
    """The index of the mildest severity that fails; -1 for none."""
    if fail_on is None:
        return -1
    failing: tuple[Severity, ...] = SEVERITIES[:3]
    if fail_on not in failing:
        raise UsageError("not a severity", item=f"--fail-on {fail_on}", next_step=f"Give {', '.join(failing)}")
    return SEVERITIES.index(fail_on)
