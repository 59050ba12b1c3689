"""A run: the sources' files -> the store, and the store -> the index, up to lexical search.

1. Left-overs of a killed run are settled first.
2. Per source: discover, plan (what was added, changed, renamed, restated, deleted), prepare in worker processes.
3. Per batch of prepared files, in one transaction: documents, revisions, passages, outbox and ledger. Then the index
   catches up (`settle`), with the dense vectors that are already known. So questions can be asked within seconds, and
   until the swap every document is what it was: a failed parse or a killed run never makes one vanish.
4. Deletions come last.

Dense vectors that are missing follow in `ingest.embed`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from corpus.documents import Kind, Parsed
from corpus.errors import EncoderError
from corpus.ports import LexicalEncoder
from ingest.chunk import CHUNKER
from ingest.describe import Override, Voices
from ingest.discover import Limits, RefusedFile, SourceFile, SourceRoot, discover
from ingest.git import Change, head_of, last_changes
from ingest.report import Failure, Progress, Renamed, RunReport
from ingest.run.plan import Job, Plan, plan, rules_of
from ingest.run.prepare import Failed, PiecesMaker, Prepared, Task, prepare, sha256_of
from ingest.settle import OpenIndex, mend, settle
from ingest.store.ledger import Entry, SourceRecord
from ingest.store.store import Store

_BATCH_PASSAGES = 4000
_BATCH_SECONDS = 5.0
_FEW_BYTES = 400_000
_FRESH_NS = 2_000_000_000
_SAYS_NOTHING = Override()
_VERSION = version("aether-assistant")


@dataclass(frozen=True, slots=True)
class Order:
    """What the caller asks of a run.

    kind       of documents that do not say their own
    exclude    patterns as in `.gitignore`, from each source's root
    overrides  what a manifest says, by document id
    workers    processes that parse
    apart      parse in processes of their own also where there is little to parse, as a service does
    """

    kind: Kind | None = None
    exclude: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    workers: int = 2
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    """What a run works with. `encoder` is the identity of the dense encoder, "" when there is none."""

    open_index: OpenIndex
    lexical: LexicalEncoder
    pieces: PiecesMaker
    encoder: str


def sync(store: Store, roots: Sequence[SourceRoot], *, order: Order, tools: Tools, progress: Progress) -> RunReport:
    """Make the store and the lexical index equal to the sources. Ctrl-C ends the run early and keeps what is done.

    Raises `UsageError` (the folder of a source is gone), `StoreError`,
    `StoreBusy`, `IndexFailure`, `EncoderError`.
    """
    began = time.monotonic()
    with store.changing():
        report = RunReport(run=store.ledger.begin(), sources=tuple(root.name for root in roots))
        try:
            _check_encoders(store, tools)
            mend(store, open_index=tools.open_index, lexical=tools.lexical, encoder=tools.encoder)
            for root in roots:
                _Run(store, root, order, tools, progress, report).go()
        except KeyboardInterrupt:
            report.interrupted = True
        finally:
            report.seconds = time.monotonic() - began
            store.ledger.finish(report.run, report.summary())
    return report


def _check_encoders(store: Store, tools: Tools) -> None:
    known = store.ledger.fact("encoder")
    if known and tools.encoder and known != tools.encoder:
        raise EncoderError(
            f"the store was built with {known}, not {tools.encoder}",
            item=str(store.folder),
            next_step="Set AETHER_ENCODER back, or run aether doctor --rebuild to change the store's encoder",
        )
    with store.transaction():
        if tools.encoder:
            store.ledger.set_fact("encoder", tools.encoder)
        if store.ledger.fact("lexical") != tools.lexical.identity:
            store.ledger.set_fact("lexical", tools.lexical.identity)
            store.passages.owe_everything()


def _catch_up(store: Store, tools: Tools) -> int:
    return settle(store, open_index=tools.open_index, lexical=tools.lexical, encoder=tools.encoder)


class _Run:
    """One source in one run."""

    def __init__(
        self, store: Store, root: SourceRoot, order: Order, tools: Tools, progress: Progress, report: RunReport
    ) -> None:
        self._store = store
        self._root = root
        self._order = order
        self._tools = tools
        self._progress = progress
        self._report = report
        self._started_ns = time.time_ns()
        self._ledger = store.ledger.entries(root.name)
        self._head = head_of(root.root)
        self._changes: dict[str, Change] = {}

    def go(self) -> None:
        """Discover, plan, prepare, write, delete."""
        self._progress.stage(f"Looking through {self._root.name}", 0, "files")
        found = list(discover(self._root, exclude=self._order.exclude, limits=self._order.limits))
        self._changes = self._history([file for file in found if isinstance(file, SourceFile)])
        limit = self._order.limits.file_bytes
        work = plan(self._root, found, self._ledger, rules=self._rules, sha256=lambda file: sha256_of(file, limit))
        for job in work.jobs:
            if job.action == "changed" and job.before and job.before.rules == job.rules:
                # Changed since its last commit, so git does not know this text.
                self._changes.pop(job.file.path, None)
        self._note(work, {file.path: file for file in found if isinstance(file, SourceFile)})
        self._progress.stage(f"Reading {self._root.name}", len(work.jobs), "files")
        for batch in self._batches(work.jobs):
            with self._store.transaction():
                for job, result in batch:
                    self._write(job, result)
            _catch_up(self._store, self._tools)
        with self._store.transaction():
            self._delete(work.deleted)
            self._store.ledger.put_source(self._record())
        _catch_up(self._store, self._tools)

    def _history(self, files: Sequence[SourceFile]) -> dict[str, Change]:
        """What git knows, asked again only after a commit; where git is gone, what it once said stays."""
        before = {record.name: record for record in self._store.ledger.sources()}.get(self._root.name)
        if not self._head or (before and before.head == self._head and before.root == str(self._root.root)):
            return self._remembered()
        return last_changes(self._root.root, [file.path for file in files])

    def _remembered(self) -> dict[str, Change]:
        cards = self._store.documents.cards(self._root.name)
        return {card.path: Change(card.commit, card.modified_at) for card in cards if card.commit}

    def _rules(self, file: SourceFile) -> str:
        override = self._order.overrides.get(f"{file.source}/{file.path}", _SAYS_NOTHING)
        change = self._changes.get(file.path)
        commit = change.commit if change else ""
        return rules_of(_VERSION, CHUNKER, self._order.kind, override, file.access, commit)

    def _record(self) -> SourceRecord:
        settings = {"kind": self._order.kind, "exclude": list(self._order.exclude)}
        head = "" if self._root.part else self._head
        return SourceRecord(self._root.name, str(self._root.root), settings, head)

    def _id(self, path: str) -> str:
        return f"{self._root.name}/{path}" if path else self._root.name

    def _note(self, work: Plan, files: Mapping[str, SourceFile]) -> None:
        """Report what needs no work, and keep in the ledger what was refused or merely touched."""
        entries = [
            self._stated(files[e.path], e.sha256, e.rules, e.outcome, e.reason, e.document) for e in work.touched
        ]
        for entry in work.same:
            if entry.outcome in ("indexed", "renamed"):
                self._report.same.append(self._id(entry.path))
            else:
                kept = bool(entry.document)
                self._report.fail(Failure(self._id(entry.path), entry.outcome, entry.reason, kept))  # type: ignore[arg-type]
        for refused in work.refused:
            before = self._ledger.get(refused.path)
            document = before.document if before else ""
            self._report.fail(Failure(self._id(refused.path), refused.outcome, refused.reason, bool(document)))
            if not refused.folder:
                entries.append(self._refusal(refused, document))
        with self._store.transaction():
            self._store.ledger.record(self._report.run, entries)

    def _refusal(self, file: RefusedFile, document: str) -> Entry:
        return Entry(self._root.name, file.path, 0, 0, "", "", file.outcome, file.reason, document)

    def _stated(self, file: SourceFile, sha256: str, rules: str, outcome: str, reason: str, document: str) -> Entry:
        """A ledger entry; the time of a file written just now proves nothing, as the next write may not change it."""
        proven = self._started_ns - file.mtime_ns > _FRESH_NS
        mtime = file.mtime_ns if proven else 0
        return Entry(file.source, file.path, file.size, mtime, sha256, rules, outcome, reason, document)

    def _batches(self, jobs: Sequence[Job]) -> Iterator[list[tuple[Job, Prepared | Failed]]]:
        few = sum(job.file.size for job in jobs) < _FEW_BYTES
        batch: list[tuple[Job, Prepared | Failed]] = []
        size, began = 0, time.monotonic()
        tasks = (self._task(job) for job in jobs)
        workers, apart = 1 if few else self._order.workers, self._order.apart
        results = prepare(tasks, pieces=self._tools.pieces, workers=workers, apart=apart)
        for job, result in zip(jobs, results, strict=True):
            batch.append((job, result))
            self._progress.advance(1)
            size += len(result.passages) + 1 if isinstance(result, Prepared) else 1
            if size >= _BATCH_PASSAGES or time.monotonic() - began > _BATCH_SECONDS:
                yield batch
                batch, size, began = [], 0, time.monotonic()
        if batch:
            yield batch

    def _task(self, job: Job) -> Task:
        override = self._order.overrides.get(self._id(job.file.path), _SAYS_NOTHING)
        change = self._changes.get(job.file.path, Change("", ""))
        return Task(job.file, Voices(override, self._order.kind, change), self._order.limits, self._known(job))

    def _known(self, job: Job) -> Parsed | None:
        """What this release's parser made of the same bytes before: a change of access must not wait for a parser."""
        before = job.before
        if (
            job.action != "restated"
            or not before
            or not before.document
            or before.outcome not in ("indexed", "renamed")
        ):
            return None
        if before.rules.split(":")[0] != _VERSION:
            return None
        return self._store.documents.parsed(before.document, self._store.documents.card(before.document).revision)

    def _write(self, job: Job, result: Prepared | Failed) -> None:
        """Swap one document, or note why not."""
        store, file, before = self._store, job.file, job.before
        if isinstance(result, Failed):
            document = before.document if before and job.action != "renamed" else ""
            if document and result.hide:
                self._remove(document)
                document = ""
            entry = self._stated(file, result.sha256, self._rules(file), result.outcome, result.reason, document)
            store.ledger.record(self._report.run, [entry])
            self._report.fail(Failure(self._id(file.path), result.outcome, result.reason, bool(document)))
            if job.action == "renamed" and before:
                self._delete([before])
            return
        document = result.document.id
        self._report_success(job, result)
        store.documents.put(result.document, said=result.said)
        store.passages.put(document, result.passages)
        outcome = "renamed" if job.action == "renamed" else "indexed"
        store.ledger.record(
            self._report.run, [self._stated(file, result.sha256, self._rules(file), outcome, "", document)]
        )
        if job.action == "renamed" and before:
            self._withdraw(before)

    def _report_success(self, job: Job, result: Prepared) -> None:
        report, document = self._report, result.document
        report.passages += len(result.passages)
        if job.action == "renamed" and job.before:
            report.renamed.append(Renamed(job.before.document, document.id))
        elif job.action == "restated":
            (report.permission if self._only_access_differs(result) else report.restated).append(document.id)
        else:
            (report.added if job.action == "added" else report.changed).append(document.id)

    def _only_access_differs(self, result: Prepared) -> bool:
        document = result.document
        card = self._store.documents.card(document.id)
        said = (card.title, card.kind, card.status, card.commit)
        now = (document.title, document.kind, document.parsed.metadata.status, document.commit)
        return card.access != document.access and said == now

    def _delete(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.document:
                self._report.deleted.append(entry.document)
            self._withdraw(entry)

    def _withdraw(self, entry: Entry) -> None:
        if entry.document:
            self._remove(entry.document)
        self._store.ledger.strike(entry.source, [entry.path])

    def _remove(self, document: str) -> None:
        self._store.passages.withdraw(document)
        self._store.documents.withdraw(document)
