"""A running service: what every door of it shares."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from corpus.access import PUBLIC
from corpus.documents import Document
from corpus.errors import AetherError, NotFound
from service.access.allowance import Allowance
from service.access.audit import Audit, digest
from service.access.authenticator import Authenticator, OwnerToken, Row, SharedKey, StoreKeys, ThisMachine
from service.access.journal import Journal
from service.access.keys import Keys
from service.access.principal import Principal
from service.access.shelf import ReadableShelf
from service.ahead.reading import ReadingAhead
from service.answer import Answer
from service.asker import Asker
from service.checking.check import check
from service.checking.record import Checked, Verified
from service.checking.verify import Saved, verify
from service.desk.admitted import admitted
from service.desk.changes import Changes, Ingest
from service.desk.conversations import Conversation, Conversations
from service.desk.desk import Desk
from service.desk.finding import PassagesFound, readable
from service.desk.jobs import Job, Jobs, Outcome
from service.desk.meter import Meter
from service.desk.once import Once
from service.desk.streams import Streams
from service.desk.traces import Collector, collector, traced
from service.desk.uploads import SOURCE, Uploads, chosen
from service.engine import Request
from service.feedback import Feedback, Said
from service.forgetting import Hearers
from service.protocols.registry import PROTOCOLS
from service.protocols.report import Report
from service.protocols.request import Asked
from service.talking.reply import Turn, reply
from service.wiring import Wiring

OWNER = Principal("owner", frozenset({PUBLIC}), "owner")
_LOG = logging.getLogger("aether")
_MOST_SENTENCES = 200


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that a caller sends. `access`: who may read it, empty = as the caller's key says."""

    name: str
    content: bytes
    access: list[str]


@dataclass
class Service:
    """Made by `open_service`; call `start` before the first caller and `stop` after the last.

    wiring  holds its index
    token   of the store's owner, told to nobody else
    """

    wiring: Wiring
    desk: Desk
    authenticator: Authenticator
    keys: Keys
    allowance: Allowance
    audit: Audit
    token: str = field(repr=False)
    feedback: Feedback
    journal: Journal
    traces: Collector
    changes: Changes
    meter: Meter
    jobs: Jobs
    ahead: ReadingAhead
    conversations: Conversations = field(default_factory=Conversations)
    once: Once = field(default_factory=Once)
    streams: Streams = field(default_factory=Streams)
    hearers: Hearers = field(default_factory=Hearers)

    def start(self) -> None:
        """Begin. What can be loaded before the first question is; what cannot, readiness tells."""
        self.journal.clear()
        self.desk.open()
        self.jobs.open()
        self.desk.submit(_warm)
        self.ahead.start()
        if Uploads(self.wiring.settings.store).pending():
            self.jobs.submit(Job(OWNER, "sync", self.changes.settle_uploads))

    async def ask(self, who: Principal, request: Request, *, http: str = "") -> Answer:
        """The answer for a caller: counted, held against what they may read now, and noted under the request's id."""
        return await self._answered(
            who, request, lambda asker: admitted(asker, request.access, lambda: asker.ask(request)), http
        )

    async def _answered(self, who: Principal, request: Request, work: Callable[[Asker], Answer], http: str) -> Answer:
        self.allowance.ask(who)
        work = traced(self.traces, "ask", http, work)
        with self.hearers.hearing() as forgotten:
            made = await self.desk.run(work, seconds=self.wiring.settings.ask_seconds)
            self.allowance.spend(who, made.usage.tokens_in + made.usage.tokens_out if made.usage else 0)
            self.meter.answer(made, who.key)
            self.journal.note(who, made, request=http)
            if forgotten:
                self.journal.forget(forgotten)
        self.audit.note(who, "ask", digest(request.question), request=http, outcome=made.status)
        return made

    async def converse(self, who: Principal, talk: Conversation, request: Request, *, http: str = "") -> Answer:
        """The answer to a question that follows those of a conversation, and a turn of it."""
        before = Turn(talk.id, tuple(talk.turns))

        def work(asker: Asker) -> Answer:
            shelf = ReadableShelf(asker.store, request.access)
            return admitted(asker, request.access, lambda: reply(asker.ask, shelf, before, request))

        with self.hearers.hearing() as forgotten:
            turn = await self._answered(who, request, work, http)
            talk.put(turn)
            if forgotten:
                talk.turns = []
        return turn

    async def again(self, who: Principal, turns: list[Answer]) -> list[Answer]:
        """Answers of before, those left out that show what the caller may no longer read."""

        def readable_turns(asker: Asker) -> list[Answer]:
            shelf = ReadableShelf(asker.store, who.access)
            return [turn for turn in turns if shelf.admits(turn)]

        return await self.desk.run(readable_turns)

    async def search(self, who: Principal, request: Request, *, limit: int, http: str = "") -> PassagesFound:
        """The best passages for a caller, in the same way."""
        self.allowance.ask(who)

        def find(asker: Asker) -> PassagesFound:
            return readable(asker.search(request, limit=limit), ReadableShelf(asker.store, request.access))

        found = await self.desk.run(traced(self.traces, "search", http, find))
        self.audit.note(who, "search", digest(request.question), request=http)
        return found

    async def read(self, who: Principal, document: str, revision: str = "", *, http: str = "") -> Document:
        """A document at a revision, "" being today's, for a caller. Raises `NotFound`."""
        found = await self.desk.run(lambda asker: ReadableShelf(asker.store, who.access).read(document, revision))
        self.audit.note(who, "read", f"{document}@{found.revision[:12]}", request=http)
        return found

    async def run_protocol(self, who: Principal, name: str, asked: Asked, *, http: str = "") -> Report:
        """A protocol's report for a caller, in the same way. Raises `NotFound` where there is no such protocol."""
        protocol = PROTOCOLS.get(name)
        if protocol is None:
            raise NotFound("no such protocol", item=name, next_step=f"Choose one of {', '.join(PROTOCOLS)}")
        self.allowance.ask(who)
        own = getattr(asked, "name", "")

        def run(asker: Asker) -> Report:
            work: Callable[[], Report] = partial(protocol.run, asker, asked, who.access)
            return admitted(asker, who.access, work, own=own)

        made = await self.desk.run(traced(self.traces, name, http, run), seconds=self.wiring.settings.ask_seconds)
        self.meter.report(name, who.key)
        self.audit.note(who, "ask", name, request=http, outcome="refused" if made.refusal else "done")
        return made

    async def check(self, who: Principal, text: str, request: Request, *, http: str = "") -> Checked:
        """A text held against what a caller may read, in the same way. Raises `UsageError` where it is too much."""
        self.allowance.ask(who)

        def work(asker: Asker) -> Checked:
            how = self.wiring.asking
            return admitted(asker, request.access, lambda: check(asker, text, request, how, most=_MOST_SENTENCES))

        made = await self.desk.run(traced(self.traces, "check", http, work), seconds=self.wiring.settings.ask_seconds)
        self.audit.note(who, "ask", "check", request=http)
        return made

    async def verify(self, who: Principal, saved: Saved, access: frozenset[str], *, http: str = "") -> Verified:
        """A saved answer held against what a caller may read today, in the same way."""
        self.allowance.ask(who)

        def work(asker: Asker) -> Verified:
            return admitted(asker, access, lambda: verify(asker, saved, access))

        made = await self.desk.run(traced(self.traces, "verify", http, work), seconds=self.wiring.settings.ask_seconds)
        self.audit.note(who, "ask", "verify", request=http)
        return made

    async def upload(self, who: Principal, file: Uploaded, *, http: str = "") -> Job:
        """Keep a file, and read it in with a job. Raises `NotAllowed`, `AccessError`, `UsageError`, `Overloaded`."""
        uploads, access = Uploads(self.wiring.settings.store), chosen(who, file.access)
        path = await asyncio.to_thread(uploads.keep, file.name, file.content, access)
        document = f"{SOURCE}/{path}"
        self.audit.note(who, "write", document, request=http)
        return self.jobs.submit(Job(who, "upload", lambda job: self.changes.read_upload(job, path), document))

    async def sync(self, who: Principal, source: str, *, http: str = "") -> Job:
        """Bring a source up to its files with a job. Raises `NotFound`."""
        await self.desk.run(lambda asker: self.changes.visible(asker.store, who, source))
        self.audit.note(who, "write", source, request=http)
        return self.jobs.submit(Job(who, "sync", lambda job: self.changes.sync(job, source)))

    async def forget(self, who: Principal, document: str, *, http: str = "") -> Job:
        """Forget a document with a job. Raises `NotFound`."""
        await self.desk.run(lambda asker: ReadableShelf(asker.store, who.access).card(document))
        self.audit.note(who, "forget", document, request=http)

        def work(job: Job) -> Outcome:
            try:
                return self.changes.forget(job)
            finally:  # also what was answered while it was still there
                self.hearers.tell(document)
                self.ahead.forget()
                self.desk.forget()
                self.journal.forget([document])
                self.streams.forget()
                self.conversations.forget()
                self.jobs.forget(document)

        return self.jobs.submit(Job(who, "forget", work, document))

    def ingest(self, who: Principal, wanted: Ingest, *, http: str = "") -> Job:
        """Any files into the library with a job; for the store's owner."""
        self.audit.note(who, "write", f"{len(wanted.paths)} paths", request=http)
        return self.jobs.submit(Job(who, "ingest", lambda job: self.changes.ingest(job, wanted)))

    async def hear(self, who: Principal, said: Said, *, http: str = "") -> str:
        """Keep what a reader says of a sentence; the name under which it is kept."""
        self.allowance.ask(who)
        kept = await asyncio.to_thread(self.feedback.note, who, said)
        self.audit.note(who, "feedback", kept, request=http, outcome=said.vote)
        return kept

    def stop(self) -> None:
        """Finish what was begun, and give the index back."""
        self.ahead.stop()
        self.jobs.close()
        self.desk.close()
        self.wiring.stop()
        self.traces.close()


def open_service(wiring: Wiring, *, exposed: bool = False, held: bool = True) -> Service:
    """The service over what is wired. Opens nothing yet.

    exposed  nobody is served without a key
    held     the index stays open; else other processes have their turn between two questions
    """
    settings, keys, token = wiring.settings, Keys(wiring.settings.store), secrets.token_urlsafe(32)
    shared = settings.api_key.get_secret_value()
    known: tuple[Authenticator, ...] = (OwnerToken(token), StoreKeys(keys), SharedKey(shared))
    wired = wiring if wiring.held == held else replace(wiring, held=held)
    desk = Desk(wired, _LOG.warning, threads=settings.serve_threads, waiting=settings.serve_waiting)
    meter = Meter(lambda: desk.waiting)
    return Service(
        wiring=wired,
        desk=desk,
        authenticator=Row(known if exposed else (*known, ThisMachine(keys, shared))),
        keys=keys,
        allowance=Allowance(keys, settings.per_minute, settings.tokens_per_day),
        audit=Audit(settings.store),
        token=token,
        feedback=Feedback(settings.store),
        journal=Journal(settings.store, settings.journal_days),
        traces=collector(settings.traces),
        changes=Changes(wired),
        meter=meter,
        jobs=Jobs(meter.job),
        ahead=ReadingAhead(wired),
    )


def request_of(caller: Principal, question: str, **narrowed: object) -> Request:
    """A question as its caller may ask it."""
    return Request(question=question, access=caller.access, **narrowed)  # type: ignore[arg-type]


def _warm(who: Asker) -> None:
    try:
        who.search(Request(question="ready"), limit=1)
    except AetherError as error:
        _LOG.warning("not ready: %s", error)
