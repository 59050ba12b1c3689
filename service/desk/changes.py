"""What the jobs of a service do: read in an upload, bring a source up to date, forget a document.

Each opens a store of its own, in the thread of the jobs, and has the held index tidied up at its end, so that what was
written survives a kill without a rebuild.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.access import may_read
from corpus.documents import Kind
from corpus.errors import NotFound
from ingest.discover import SourceRoot, source_roots
from ingest.report import RunReport
from ingest.store.store import Store
from service.access.principal import Principal
from service.access.shelf import ReadableShelf
from service.bring import Done, Wanted, bring, known_roots
from service.desk.jobs import Job, Outcome
from service.desk.uploads import SOURCE, Uploads
from service.forgetting import forget_everywhere
from service.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Changes:
    """The work of jobs over what is wired, which holds its index."""

    wiring: Wiring

    def read_upload(self, job: Job, path: str) -> Outcome:
        """The uploaded file of that path into the library."""
        with self.wiring.store(create=True) as store:
            done = self._bring(store, job, Wanted((self._uploads().root(path),), apart=True))
            report = done.report
            self._uploads().settled(path)
            for failure in (*report.failures, *report.skipped):
                kept = "; its last good revision is kept" if failure.kept else ""
                if not failure.kept:
                    self._uploads().remove(path)
                return Outcome(f"{failure.outcome.replace('_', ' ')}: {failure.reason}{kept}", good=False)
            passages = len(store.passages.of(job.document))
        counted = f"{passages:,} passage{'' if passages == 1 else 's'}"
        what = "the same as before" if job.document in report.same else counted
        return Outcome(f"in the library: {what}")

    def settle_uploads(self, job: Job) -> Outcome:
        """What a killed service had acknowledged and not read in."""
        with self.wiring.store(create=True) as store:
            self._bring(store, job, Wanted((self._uploads().root(),), apart=True))
        self._uploads().settle()
        return Outcome("uploads are read in")

    def sync(self, job: Job, name: str) -> Outcome:
        """A source up to its files. Told is what the caller may read of what was done."""
        with self.wiring.store() as store:
            record = store.ledger.source(name)
            before = frozenset(card.id for card in ReadableShelf(store, job.who.access).cards(source=name))
            kind, exclude = record.settings.get("kind"), tuple(record.settings.get("exclude", ()))
            root = self._uploads().root() if name == SOURCE else SourceRoot(name, Path(record.root))
            done = self._bring(store, job, Wanted((root,), kind=kind, exclude=exclude, apart=True))
            after = frozenset(card.id for card in ReadableShelf(store, job.who.access).cards(source=name))
        return Outcome(_told(done.report, before, after))

    def ingest(self, job: Job, wanted: Ingest) -> Outcome:
        """What `aether ingest` does, for the store's owner; the report is whole."""
        paths = tuple(Path(path) for path in wanted.paths)
        roots = source_roots(paths, source=wanted.source, known=known_roots(self.wiring))
        asked = Wanted(roots, kind=wanted.kind, exclude=wanted.exclude, dense=wanted.dense, apart=True)
        with self.wiring.store(create=True) as store:
            done = self._bring(store, job, asked)
        return Outcome("ingested", report=asdict(done))

    def forget(self, job: Job) -> Outcome:
        """The job's document out of every place."""
        with self.wiring.store() as store:
            if not ReadableShelf(store, job.who.access).holds([job.document]):
                raise NotFound("no such document", next_step="Find documents with a search")
            gone = forget_everywhere(self.wiring, store, job.document)
        self.wiring.close()
        again = "; its file is still in its source, and the next sync reads it again" if gone.remaining else ""
        return Outcome(f"forgotten with every revision{again}")

    def visible(self, store: Store, who: Principal, name: str) -> None:
        """Raises `NotFound` unless the source is there and the caller may read something of it."""
        whole = who.role in ("admin", "owner")
        known = any(record.name == name for record in store.ledger.sources())
        read = any(may_read(who.access, card.access) for card in store.documents.cards(name, withdrawn=True))
        if not known or not (whole or read):
            raise NotFound("no such source", item=name, next_step="List documents to see their sources")

    def _uploads(self) -> Uploads:
        return Uploads(self.wiring.settings.store)

    def _bring(self, store: Store, job: Job, wanted: Wanted) -> Done:
        try:
            return bring(self.wiring, store, wanted, progress=job)
        finally:
            self.wiring.tidy()


@dataclass(frozen=True, slots=True)
class Ingest:
    """What the owner's command line asks for."""

    paths: tuple[str, ...]
    source: str = ""
    kind: Kind | None = None
    exclude: tuple[str, ...] = ()
    dense: bool = True


def _told(report: RunReport, before: frozenset[str], after: frozenset[str]) -> str:
    """Counts of the documents that the caller may read."""
    seen = {
        "added": len(after - before),
        "deleted": len(before - after),
        "changed": len(after & before & {*report.changed, *report.restated, *report.permission}),
        "same": len(after & before & set(report.same)),
    }
    return ", ".join(f"{count:,} {name}" for name, count in seen.items() if count) or "nothing to tell"
