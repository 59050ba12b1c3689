"""File -> document with its passages, in worker processes where there are enough files.

Nothing is written here. A file that cannot become a document comes back as `Failed`, whatever its parser did:
one bad file never stops a run. If a worker itself dies, every file it may have died of is tried again alone.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import stat
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from types import FrameType

from corpus.documents import Document, Metadata, Parsed
from corpus.errors import AccessError, Outcome, SourceError
from corpus.passages import Passage
from corpus.ports import WordPieces
from ingest.chunk import chunk
from ingest.describe import Voices, describe
from ingest.discover import Limits, SourceFile
from ingest.parse.registry import inner_name, parse_file
from ingest.sandbox import GUARDED, parse_guarded

PiecesMaker = Callable[[], WordPieces]
_LARGE = 2_000_000
_AHEAD = 48
_pieces: WordPieces | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A file to prepare. `parsed` is what its parser made of the same bytes before, None when that is not known."""

    file: SourceFile
    voices: Voices
    limits: Limits
    parsed: Parsed | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with its passages; `said` is what the file says of itself, `sha256` that of its bytes."""

    document: Document
    said: Metadata
    passages: tuple[Passage, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a file became no document; `sha256` is "" when it was not read.

    `hide` says that nobody knows who may read it, so no earlier revision may be shown either.
    """

    outcome: Outcome
    reason: str
    sha256: str
    hide: bool = False


_Waiting = tuple[Task, Future[Prepared | Failed]]


def prepare(
    tasks: Iterable[Task], *, pieces: PiecesMaker, workers: int, apart: bool = False
) -> Iterator[Prepared | Failed]:
    """One result a task, in order; tasks are taken a bounded number ahead.

    `pieces` is called once a process and must be picklable. With one worker, all happens in this process, unless
    `apart`: only a process has a time limit wherever it is called from, and leaves this one to its other threads.
    """
    if workers > 1 or apart:
        yield from _pooled(iter(tasks), pieces, workers)
        return
    ruler = pieces()
    for task in tasks:
        yield prepare_one(task, ruler)


def prepare_one(task: Task, pieces: WordPieces) -> Prepared | Failed:
    """Read, parse, describe and chunk one file."""
    sha256 = ""
    try:
        data = read_bytes(task.file.location, task.limits.file_bytes)
        sha256 = hashlib.sha256(data).hexdigest()
        parsed = task.parsed or _parse(data, task)
        parsed.text.encode("utf-8")
        document = describe(task.file, parsed, task.voices)
        with _within(task.limits.seconds):
            return Prepared(document, parsed.metadata, tuple(chunk(document, pieces)), sha256)
    except SourceError as error:
        return Failed(error.outcome, error.what, sha256)
    except AccessError as error:
        return Failed("broken", str(error), sha256, hide=True)
    except UnicodeEncodeError:
        return Failed("undecodable", "the text holds half characters (lone surrogates)", sha256)
    except (Exception, RecursionError, MemoryError) as error:
        return Failed("broken", f"the parser failed ({type(error).__name__}: {str(error)[:200]})", sha256)


def _parse(data: bytes, task: Task) -> Parsed:
    """Formats that libraries in C or archives read, and whatever is large, get a process with limits of its own."""
    name, limits = task.file.path, task.limits
    extension = PurePosixPath(inner_name(name)[0]).suffix[1:].lower()
    if extension in GUARDED or len(data) > _LARGE or data.startswith(b"%PDF-"):
        return parse_guarded(
            data, name, seconds=limits.seconds, memory_mb=limits.memory_mb, largest_mb=limits.file_bytes / 1e6
        )
    with _within(limits.seconds):
        return parse_file(data, name)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """A time limit on what runs in the main thread of a process; elsewhere there is none.

    Raises `SourceError` (`timeout`).
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise SourceError(
            f"took longer than {seconds:g} s", outcome="timeout", next_step="Raise the limit, or exclude it"
        )

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def sha256_of(file: SourceFile, limit: int) -> str:
    """The hash of the file's bytes. Raises `SourceError`."""
    return hashlib.sha256(read_bytes(file.location, limit)).hexdigest()


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; never waits on a pipe, follows no link to it.

    Raises `SourceError` (`unreadable`, `too_large`).
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise SourceError("not a regular file", outcome="unreadable", item=str(path))
            data = file.read(limit + 1)
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})", outcome="unreadable", item=str(path)) from error
    if len(data) > limit:
        raise SourceError(f"more than {limit:,} bytes", outcome="too_large", item=str(path))
    return data


def _pooled(tasks: Iterator[Task], pieces: PiecesMaker, workers: int) -> Iterator[Prepared | Failed]:
    waiting: deque[_Waiting] = deque()
    pool = _pool(pieces, workers)
    try:
        while True:
            waiting.extend((task, _submit(pool, task)) for task in islice(tasks, workers * _AHEAD - len(waiting)))
            if not waiting:
                return
            try:
                result = waiting[0][1].result()
            except BrokenProcessPool:
                pool.shutdown(wait=True, cancel_futures=True)
                pool = _pool(pieces, workers)
                waiting = _retried(waiting, pool, pieces, workers)
                continue
            waiting.popleft()
            yield result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _retried(waiting: deque[_Waiting], pool: ProcessPoolExecutor, pieces: PiecesMaker, workers: int) -> deque[_Waiting]:
    """After a worker died: what is done stays, what may have been begun is done alone, the rest goes to `pool`."""
    begun = 2 * workers + 1
    again: deque[_Waiting] = deque()
    for task, future in waiting:
        if future.exception() is not None:
            if begun:
                begun -= 1
                future = Future()
                future.set_result(_alone(task, pieces))
            else:
                future = _submit(pool, task)
        again.append((task, future))
    return again


def _alone(task: Task, pieces: PiecesMaker) -> Prepared | Failed:
    with _pool(pieces, 1) as pool:
        try:
            return _submit(pool, task).result()
        except BrokenProcessPool:
            return Failed("broken", "its parser killed the process it ran in", "")


def _pool(pieces: PiecesMaker, workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(pieces,))


def _submit(pool: ProcessPoolExecutor, task: Task) -> Future[Prepared | Failed]:
    """The task's future; a pool that broke meanwhile says so there."""
    try:
        return pool.submit(_work, task)
    except BrokenProcessPool as error:
        failed: Future[Prepared | Failed] = Future()
        failed.set_exception(error)
        return failed


def _begin(pieces: PiecesMaker) -> None:
    """In a worker: the parent alone answers to Ctrl-C, and no worker outlives it."""
    global _pieces
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _pieces = pieces()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: Task) -> Prepared | Failed:
    assert _pieces is not None
    return prepare_one(task, _pieces)
