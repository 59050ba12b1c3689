"""The process in which files are parsed: the other end of `ingest.sandbox`.

It reads frames from standard input and answers each on standard output, until the input ends. A frame is its length
in eight bytes and a pickle. Whatever a library prints goes to standard error, so that it cannot break a frame. An
alarm ends the process when its parent was killed in the middle of a file that never ends.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from dataclasses import dataclass
from typing import BinaryIO

from corpus.documents import Parsed
from corpus.errors import Outcome, SourceError

HEADER = struct.Struct(">Q")
_GRACE = 10


@dataclass(frozen=True, slots=True)
class Task:
    """One file to parse, and after how many seconds to stop."""

    data: bytes
    name: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A `SourceError` as it crosses the process border."""

    what: str
    outcome: Outcome
    item: str
    next_step: str


def serve(memory_mb: int) -> None:
    """Parses what arrives on standard input, with at most `memory_mb` of address space."""
    _limit_memory(memory_mb)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (task := _read_task(sys.stdin.buffer)) is not None:
        signal.alarm(task.seconds + _GRACE)
        answer = pickle.dumps(_answer(task), protocol=5)
        signal.alarm(0)
        answers.write(HEADER.pack(len(answer)) + answer)
        answers.flush()


def _limit_memory(memory_mb: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        print("aether: this system sets no memory limit for the parser", file=sys.stderr)


def _read_task(stream: BinaryIO) -> Task | None:
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    task: Task = pickle.loads(stream.read(HEADER.unpack(header)[0]))
    return task


def _answer(task: Task) -> Parsed | Failure:
    try:
        from ingest.parse.registry import parse_file

        return parse_file(task.data, task.name)
    except SourceError as error:
        return Failure(error.what, error.outcome, error.item, error.next_step)
    except MemoryError:
        return Failure("needs more memory than the limit", "too_large", task.name, "Divide it, or raise the limit")
    except RecursionError:
        return Failure("nested too deeply to be a document", "broken", task.name, "Save it again, or exclude it")
    except Exception as error:  # a parser's defect must end with this file
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
        return Failure(f"the parser failed ({reason})", "broken", task.name, "Report it; exclude the file meanwhile")


if __name__ == "__main__":
    from ingest.parser_process import serve as serve_by_name  # answers are pickled by the module's own name

    serve_by_name(int(sys.argv[1]))
