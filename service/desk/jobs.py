"""Changes of the library, one after the other, in a thread of their own, which comes after those who ask.

A job is told to whoever asked for it, and to the store's owner; to others it is not there. What it says of its progress
are stages and shares, never counts, because a count of files is something that not everyone may know.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from corpus.errors import AetherError, NotFound, Overloaded, StoreBusy
from service.access.principal import Principal
from service.ahead.priority import step_back

Kind = Literal["upload", "sync", "forget", "ingest"]
Status = Literal["queued", "running", "done", "failed"]
_KEPT = 500
_TRIES = 3
_NICE = 10
_LOG = logging.getLogger("aether")


class JobState(BaseModel):
    """How far a change is.

    stage     what is being done, in words
    share     how much of the stage is done, 0 to 1
    summary   what became of it, once it is done or failed
    document  id of the document that it is about, "" where it is about more
    report    the whole report of an ingest, for the store's owner only
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind
    status: Status
    stage: str = ""
    share: float = 0.0
    summary: str = ""
    document: str = ""
    report: dict[str, Any] | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more happens."""
        return self.status in ("done", "failed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change came to. `good` says that what was asked for is done."""

    summary: str
    good: bool = True
    report: dict[str, Any] | None = None


@dataclass(eq=False)
class Job:
    """A change, and the `Progress` that it tells of itself."""

    who: Principal
    kind: Kind
    work: Callable[[Job], Outcome] | None = field(repr=False)
    document: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(12))
    state: JobState = field(init=False)
    _total: int = 0
    _done: int = 0

    def __post_init__(self) -> None:
        self.state = JobState(id=self.id, kind=self.kind, status="queued", document=self.document)

    def stage(self, name: str, total: int, unit: str) -> None:
        """A stage begins. Of its name only the verb is told: the rest may name a source."""
        self._total, self._done = total, 0
        self.tell(stage=name.split(" ", 1)[0].lower(), share=0.0)

    def advance(self, done: int) -> None:
        """That many more units are done."""
        self._done += done
        self.tell(share=round(min(1.0, self._done / self._total), 1) if self._total else 0.0)

    def tell(self, **news: object) -> None:
        """Change the state."""
        self.state = self.state.model_copy(update=news)


class Jobs:
    """Carries out jobs in turn; at most `waiting` of them wait. `ended` hears of each: its kind and how it ended."""

    def __init__(self, ended: Callable[[str, str], None], *, waiting: int = 64) -> None:
        self._ended = ended
        self._queue: queue.Queue[Job | None] = queue.Queue(waiting)
        self._known: dict[str, Job] = {}
        self._thread = threading.Thread(target=self._serve, name="jobs", daemon=True)
        self._closing = False

    def open(self) -> None:
        """Let the thread begin."""
        self._thread.start()

    def submit(self, job: Job) -> Job:
        """Queue it. Raises `Overloaded`."""
        try:
            if self._closing:
                raise queue.Full
            self._queue.put_nowait(job)
        except queue.Full:
            raise Overloaded("more changes are asked for than can wait", retry=10) from None
        for name in [name for name, one in self._known.items() if one.state.ended][: len(self._known) - _KEPT]:
            del self._known[name]
        self._known[job.id] = job
        return job

    def find(self, who: Principal, name: str) -> Job:
        """The caller's job of that id. Raises `NotFound`."""
        job = self._known.get(name)
        if job is None or (job.who != who and who.role != "owner"):
            raise NotFound("no such job", item=name, next_step="Look at what was returned when it was asked for")
        return job

    def forget(self, document: str) -> None:
        """No ended job says anything of a document any more."""
        for job in list(self._known.values()):
            if job.document == document and job.kind != "forget" and job.state.ended:
                self._known.pop(job.id, None)

    def close(self, *, seconds: float = 30.0) -> None:
        """Finish the job that runs, leave the others, end the thread."""
        self._closing = True
        while True:
            try:
                self._queue.get_nowait()
            except queue.Empty:
                break
        self._queue.put(None)
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _serve(self) -> None:
        step_back(_NICE)
        while (job := self._queue.get()) is not None:
            job.tell(status="running")
            try:
                outcome = self._tried(job)
                status = "done" if outcome.good else "failed"
                job.tell(status=status, share=1.0, summary=outcome.summary, report=outcome.report)
            except AetherError as error:
                said = ". ".join(part for part in (error.what, error.next_step) if part)
                _LOG.warning("job %s failed: %s", job.id, error)
                job.tell(status="failed", summary=str(error) if job.who.role == "owner" else said)
            except BaseException:
                _LOG.exception("job %s crashed", job.id)
                job.tell(status="failed", summary="a bug in Aether; the log of the service says more")
            job.work = None
            self._ended(job.kind, job.state.status)

    @staticmethod
    def _tried(job: Job) -> Outcome:
        assert job.work is not None
        for attempt in range(1, _TRIES + 1):
            try:
                return job.work(job)
            except StoreBusy:
                if attempt == _TRIES:
                    raise
                time.sleep(attempt)
        raise AssertionError
