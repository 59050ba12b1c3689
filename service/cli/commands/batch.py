"""`aether ask --batch`: questions from a file, answers to a file, one a line.

The questions are read and checked before the first is asked. Each answer is written whole and flushed as soon as it is
there, so an interrupted batch goes on where it stopped: what --out holds already is skipped, and a line that a kill
left half written is cut off. A question that crashes is reported at the end and does not hold up the others.
"""

from __future__ import annotations

import json as json_text
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from corpus.errors import AetherError, UsageError
from service.answer import Answer
from service.asker import Asker, asker
from service.cli.ending import DONE, ERROR, notice
from service.cli.progress import progress
from service.engine import Request
from service.wiring import Wiring

_SHOWN = 5
_LEASE = 2.0


def ask_batch(wiring: Wiring, request: Request, batch: Path, out: Path | None, *, overwrite: bool, json: bool) -> int:
    """Answer every question of the file that has no answer yet; the exit status."""
    if out is None:
        raise UsageError("no place for the answers", next_step="Name one with --out FILE")
    questions = _questions(batch, request)
    done = set() if overwrite else _answered(out)
    todo = [question for question in questions if question.id not in done]
    with closing(replace(wiring, lease=_LEASE)) as leased, asker(leased, notice) as who, progress(silent=json) as shown:
        shown.stage("Asking", len(todo), "questions")
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("wb" if overwrite else "ab", buffering=0) as file:
            failed = []
            for question in todo:
                line = _answer(who, question)
                if isinstance(line, Answer):
                    _write(file.fileno(), f"{line.model_dump_json()}\n".encode("utf-8", "backslashreplace"))
                else:
                    failed.append(f"{question.id}: {line}")
                shown.advance(1)
    _tell(len(questions), len(todo), failed, out, json=json)
    return ERROR if failed else DONE


def _answer(who: Asker, question: Request) -> Answer | str:
    """The answer, or in one line what kept it from us."""
    try:
        return who.ask(question)
    except AetherError as error:
        return str(error)
    except Exception as error:  # one crashed question must not lose the rest
        return f"{type(error).__name__}: {' '.join(str(error).split())} (a bug in Aether)"


def _write(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]


def _questions(path: Path, request: Request) -> list[Request]:
    """The file's questions as requests. Raises `UsageError` naming the line."""
    found: dict[str, Request] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        question = _question(line, f"{path}:{number}", request)
        if question.id in found:
            raise UsageError(f"a second question {question.id!r}", item=f"{path}:{number}", next_step=_NEXT)
        found[question.id] = question
    return list(found.values())


_NEXT = 'Write one {"id": ..., "question": ...} a line'


def _question(line: str, item: str, request: Request) -> Request:
    try:
        value = json_text.loads(line)
    except ValueError as error:
        raise UsageError(f"not JSON ({error})", item=item, next_step=_NEXT) from error
    if not isinstance(value, dict):
        raise UsageError("not a JSON object", item=item, next_step=_NEXT)
    name, question, exclude = value.get("id"), value.get("question"), value.get("exclude", [])
    if not isinstance(name, str | int) or isinstance(name, bool) or not str(name):
        raise UsageError("no id", item=item, next_step=_NEXT)
    if not isinstance(question, str) or not question.strip():
        raise UsageError("no question", item=item, next_step=_NEXT)
    if not isinstance(exclude, list) or not all(isinstance(document, str) for document in exclude):
        raise UsageError("exclude is not a list of documents", item=item, next_step='Write "exclude": ["SOURCE/PATH"]')
    return replace(request, id=str(name), question=question, exclude=request.exclude | frozenset(exclude))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=str(path), next_step="Check the path") from error
    except UnicodeDecodeError as error:
        raise UsageError("is not UTF-8", item=str(path), next_step="Convert it") from error


def _answered(path: Path) -> set[str]:
    """The ids that the file has answers for; what stands behind its last whole line is cut off."""
    if not path.is_file():
        return set()
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(path, whole)
    found = set()
    for number, line in enumerate(content[:whole].split(b"\n"), start=1):
        if line.strip():
            try:
                found.add(str(json_text.loads(line)["id"]))
            except (ValueError, LookupError, TypeError) as error:
                raise UsageError(
                    "is no answer", item=f"{path}:{number}", next_step="Name another --out, or give --overwrite"
                ) from error
    return found


def _tell(questions: int, asked: int, failed: Sequence[str], out: Path, *, json: bool) -> None:
    skipped = questions - asked
    if json:
        body = {"asked": asked, "answered": asked - len(failed), "skipped": skipped, "failed": list(failed)}
        print(json_text.dumps(body, ensure_ascii=False))
        return
    print(f"{asked - len(failed):,} answered{f', {skipped:,} answered before' if skipped else ''}: {out}")
    if failed:
        print(f"aether: {len(failed):,} failed; the same command asks them again", file=sys.stderr)
        for line in failed[:_SHOWN]:
            print(f"  {line}", file=sys.stderr)
