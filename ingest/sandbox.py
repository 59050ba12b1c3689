"""Limits of time and memory on parsing one file.

A file that hangs, explodes or crashes its parser must cost that file only. So parsing runs in a worker process that is
kept warm from file to file: it limits its own address space, and is killed when a file takes too long. A worker that
died between files is replaced unseen; a file that runs out of memory in a used worker gets one try in a fresh one,
because earlier files may have left their traces.

What the limits are, the caller says; sensible values are in the constants.
"""

from __future__ import annotations

import atexit
import math
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from corpus.documents import Parsed
from corpus.errors import SourceError
from ingest.parser_process import HEADER, Failure, Task

GUARDED = frozenset("pdf docx docm pptx pptm xlsx xlsm html htm xhtml".split())
"""Extensions whose parsers deserve the sandbox: libraries in C, archives, layout analysis."""

LARGEST_MB = 100.0
LONGEST_SECONDS = 120.0
MOST_MEMORY_MB = 2048


def parse_guarded(
    data: bytes,
    name: str,
    *,
    seconds: float = LONGEST_SECONDS,
    memory_mb: int = MOST_MEMORY_MB,
    largest_mb: float = LARGEST_MB,
) -> Parsed:
    """What `parse_file` makes of the file, within the limits.

    Raises `SourceError`: what `parse_file` raises, and `too_large` (larger than `largest_mb`, or needs more than
    `memory_mb` of address space), `timeout` (longer than `seconds`), `broken` (the parser crashed).
    """
    if len(data) > largest_mb * 1e6:
        raise SourceError(
            f"{len(data) / 1e6:.0f} MB, more than the limit of {largest_mb:g} MB",
            outcome="too_large",
            item=name,
            next_step="Divide it, raise the limit, or exclude it",
        )
    task = Task(data, name, math.ceil(seconds))
    with _LOCK:
        answer, was_fresh = _run(task, seconds, memory_mb)
        if isinstance(answer, Failure) and answer.outcome == "too_large" and not was_fresh:
            _stop()
            answer, _ = _run(task, seconds, memory_mb)
        if isinstance(answer, Failure) and answer.outcome == "too_large":
            _stop()
    if isinstance(answer, Failure):
        raise SourceError(answer.what, outcome=answer.outcome, item=answer.item, next_step=answer.next_step)
    return answer


class _Worker:
    """One parser process with its memory limit. Made for one process; a fork must not share it."""

    def __init__(self, memory_mb: int) -> None:
        self.memory_mb = memory_mb
        self.owner = os.getpid()
        self.tasks = 0
        room = str(Path(__file__).resolve().parent.parent)
        one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), room)))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.parser_process", str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **one_thread, "MALLOC_ARENA_MAX": "2", "PYTHONPATH": path},
        )

    @property
    def alive(self) -> bool:
        """Whether it can take a task of this process."""
        return self.owner == os.getpid() and self.process.poll() is None

    def send(self, task: Task) -> None:
        """Hands over a task. Raises `OSError` if the process is gone."""
        pipe = _pipe(self.process.stdin)
        message = pickle.dumps(task, protocol=5)
        pipe.write(HEADER.pack(len(message)) + message)
        pipe.flush()
        self.tasks += 1

    def receive(self, deadline: float) -> bytes:
        """The answer. Raises `TimeoutError` after the deadline, `EOFError` if the process ended instead."""
        (length,) = HEADER.unpack(self._read(HEADER.size, deadline))
        return self._read(length, deadline)

    def kill(self) -> int:
        """Ends the process; its return code, negative for a signal."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                _pipe(pipe).close()
        return code

    def _read(self, length: int, deadline: float) -> bytes:
        descriptor = _pipe(self.process.stdout).fileno()
        parts: list[bytes] = []
        while length:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(descriptor, min(length, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


_LOCK = threading.Lock()
_WORKERS: list[_Worker] = []


def _run(task: Task, seconds: float, memory_mb: int) -> tuple[Parsed | Failure, bool]:
    """The answer, and whether a fresh worker gave it."""
    worker = _worker(memory_mb)
    try:
        worker.send(task)
    except OSError:
        _stop()
        worker = _worker(memory_mb)
        worker.send(task)
    fresh = worker.tasks == 1
    try:
        answer: Parsed | Failure = pickle.loads(worker.receive(time.monotonic() + seconds))
    except TimeoutError:
        _stop()
        what, step = f"took longer than {seconds:g} s to parse", "Raise the time limit, or exclude it"
        return Failure(what, "timeout", task.name, step), fresh
    except EOFError:
        code = _stop(wait=True)
        name = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return Failure(f"the parser crashed ({name})", "broken", task.name, "Save it again, or exclude it"), fresh
    return answer, fresh


def _worker(memory_mb: int) -> _Worker:
    if _WORKERS and not (_WORKERS[0].alive and _WORKERS[0].memory_mb == memory_mb):
        _stop()
    if not _WORKERS:
        _WORKERS.append(_Worker(memory_mb))
    return _WORKERS[0]


def _stop(*, wait: bool = False) -> int:
    """Ends the worker, if there is one and it is ours; its return code. `wait` lets it end by itself first."""
    code = 0
    while _WORKERS:
        worker = _WORKERS.pop()
        if worker.owner == os.getpid():
            if wait:
                with suppress(subprocess.TimeoutExpired):
                    worker.process.wait(timeout=5)
            code = worker.kill()
    return code


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("the parser process has no pipe")
    return pipe


atexit.register(_stop)
