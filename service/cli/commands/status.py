"""`aether status`: what the store holds, and how the last run ended. Nothing is loaded that is not in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import StoreMissing
from ingest.report import SKIPS
from ingest.store.store import Store
from service.cli.ending import DONE
from service.cli.terminal import clean, counted, print_json
from service.wiring import Wiring

_GOOD = frozenset({"indexed", "renamed", "unchanged"})


@dataclass(frozen=True, slots=True)
class Source:
    """A source, where it was read from, and how many documents it has."""

    name: str
    root: str
    head: str
    documents: int


@dataclass(frozen=True, slots=True)
class Status:
    """What `aether status` shows.

    outcomes     files by terminal state
    failures     files that should have become documents and did not, with the reason
    dense_share  share of the distinct passages that can be searched by meaning, 0 to 1
    owed         points that the index lacks because a run was stopped
    bytes        the size of everything in the store's folder
    run          the last run: number, started, finished ("" when it was killed), report
    """

    store: str
    encoder: str
    sources: tuple[Source, ...]
    documents: int
    kinds: dict[str, int]
    outcomes: dict[str, int]
    failures: tuple[dict[str, str], ...]
    passages: int
    dense_share: float
    owed: int
    bytes: int
    run: dict[str, Any] | None


def show_status(wiring: Wiring, *, json: bool) -> int:
    """Print it; the exit status."""
    from dataclasses import asdict

    with wiring.store() as store:
        status = status_of(store)
    if json:
        print_json(asdict(status))
    else:
        print("\n".join(_lines(status)))
    return DONE


def greet(wiring: Wiring) -> int:
    """`aether` alone: how things stand and what to type; without a store, the first three commands."""
    try:
        with wiring.store() as store:
            status = status_of(store)
    except StoreMissing:
        print("There is no store yet. Type:")
        print("  aether ingest PATH-TO-YOUR-DOCUMENTS")
        print('  aether ask "YOUR QUESTION"')
        print("  aether --help")
        return DONE
    names = ", ".join(source.name for source in status.sources)
    held = f"{counted(status.documents, 'document')} of {counted(len(status.sources), 'source')}"
    print(f"{held} in {status.store}: {clean(names)}")
    print(
        f"{counted(status.passages, 'passage')}, {_percent(status.dense_share)} searched by meaning as well as by words"
    )
    print(f"Last run: {_run(status)}")
    print('Type: aether ask "YOUR QUESTION"   (aether --help shows the rest)')
    return DONE


def status_of(store: Store) -> Status:
    """How a store stands. Raises `StoreError`."""
    cards = list(store.documents.cards())
    by_source = Counter(card.source for card in cards)
    encoder = store.ledger.fact("encoder")
    passages = store.passages.count()
    lacking = store.vectors.lacking(encoder)
    entries = store.ledger.entries()
    run = next(iter(store.ledger.runs(1)), None)
    return Status(
        store=str(store.folder),
        encoder=encoder,
        sources=tuple(Source(r.name, r.root, r.head, by_source[r.name]) for r in store.ledger.sources()),
        documents=len(cards),
        kinds=dict(sorted(Counter(card.kind for card in cards).items())),
        outcomes=store.ledger.counts(),
        failures=tuple(
            {"file": name, "outcome": entry.outcome, "reason": entry.reason}
            for name, entry in entries.items()
            if entry.outcome not in _GOOD | SKIPS
        ),
        passages=passages,
        dense_share=1 - lacking / passages if passages else 1.0,
        owed=store.passages.owing(),
        bytes=_size(store.folder),
        run={"number": run.id, "started": run.started, "finished": run.finished, **run.report} if run else None,
    )


def _size(folder: Path) -> int:
    """Bytes on disk; files that go while we look count nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_blocks * 512 if path.is_file() else 0
        except OSError:
            continue
    return total


def _lines(status: Status) -> Iterator[str]:
    yield f"Store      {status.store}, {status.bytes / 1e6:,.1f} MB"
    for place, source in enumerate(status.sources):
        where = f"{source.root} at {source.head[:10]}" if source.head else source.root
        yield clean(f"{'' if place else 'Sources':<10} {source.name}: {counted(source.documents, 'document')}, {where}")
    yield f"Documents  {status.documents:,}: {_counts(status.kinds)}"
    yield f"Files      {_counts(status.outcomes)}"
    yield f"Passages   {status.passages:,}, {_percent(status.dense_share)} with a vector"
    if status.encoder:
        yield f"Encoder    {status.encoder}"
    yield f"Last run   {_run(status)}"
    if status.owed:
        yield f"Owed       {counted(status.owed, 'passage')} not in the index yet; the next ingest brings them"
    for failure in status.failures[:10]:
        yield clean(f"Failed     {failure['file']}: {failure['outcome'].replace('_', ' ')}: {failure['reason']}")
    if len(status.failures) > 10:
        yield f"           and {len(status.failures) - 10:,} more; --json names them"


def _run(status: Status) -> str:
    run = status.run
    if run is None:
        return "none"
    if not run["finished"]:
        return f"{run['started']}, still running or killed"
    failed = f", {run['failures']:,} failed" if run.get("failures") else ""
    return f"{run['finished']}{', interrupted' if run.get('interrupted') else ''}{failed}"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()) or "none"


def _percent(share: float) -> str:
    """Whole per cent, and never 100 before it is."""
    return f"{int(100 * share)} %"
