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
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Document, Parsed
from corpus.errors import AetherError, Outcome, SourceError
from corpus.passages import Passage
from corpus.ports import WordPieces
from ingest.chunk import chunk
from ingest.describe import Voices, describe
from ingest.discover import Limits, SourceFile
from ingest.parse.registry import parse_file

PiecesMaker = Callable[[], WordPieces]
_FEW_BYTES = 400_000
_AHEAD = 16
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
    """A document with its passages; `sha256` is that of the bytes that were parsed."""

    document: Document
    passages: tuple[Passage, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a file became no document; `sha256` is "" when it was not read."""

    outcome: Outcome
    reason: str
    sha256: str


def prepare(tasks: Sequence[Task], *, pieces: PiecesMaker, workers: int) -> Iterator[Prepared | Failed]:
    """One result a task, in order. `pieces` is called once a process and must be picklable."""
    if workers < 2 or sum(task.file.size for task in tasks) < _FEW_BYTES:
        ruler = pieces()
        yield from (prepare_one(task, ruler) for task in tasks)
        return
    rest = deque(tasks)
    while rest:
        done = 0
        try:
            for result in _pooled(list(rest), pieces, workers):
                done += 1
                yield result
            return
        except BrokenProcessPool:
            for _ in range(done):
                rest.popleft()
            yield from (_alone(rest.popleft(), pieces) for _ in range(min(len(rest), workers * _AHEAD)))


def prepare_one(task: Task, pieces: WordPieces) -> Prepared | Failed:
    """Read, parse, describe and chunk one file."""
    sha256 = ""
    try:
        data = read_bytes(task.file.location, task.limits.file_bytes)
        sha256 = hashlib.sha256(data).hexdigest()
        parsed = task.parsed or parse_file(data, task.file.path)
        document = describe(task.file, parsed, task.voices)
        parsed.text.encode("utf-8")
        return Prepared(document, tuple(chunk(document, pieces)), sha256)
    except SourceError as error:
        return Failed(error.outcome, error.what, sha256)
    except AetherError as error:
        return Failed("broken", str(error), sha256)
    except UnicodeEncodeError:
        return Failed("undecodable", "the text holds half characters (lone surrogates)", sha256)
    except (Exception, RecursionError, MemoryError) as error:
        return Failed("broken", f"the parser failed ({type(error).__name__}: {str(error)[:200]})", sha256)


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


def _pooled(tasks: Sequence[Task], pieces: PiecesMaker, workers: int) -> Iterator[Prepared | Failed]:
    """Results in order, with a bounded number of tasks ahead."""
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=(pieces,)
    )
    waiting: deque[Future[Prepared | Failed]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(_work, task))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(task: Task, pieces: PiecesMaker) -> Prepared | Failed:
    try:
        return next(_pooled([task], pieces, 1))
    except BrokenProcessPool:
        return Failed("broken", "its parser killed the process it ran in", "")


def _begin(pieces: PiecesMaker) -> None:
    """In a worker: the parent alone answers to Ctrl-C."""
    global _pieces
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _pieces = pieces()


def _work(task: Task) -> Prepared | Failed:
    assert _pieces is not None
    return prepare_one(task, _pieces)
