"""`aether ingest`: the files into the store and the lexical index, then the vectors."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.documents import Kind
from corpus.errors import StoreMissing
from corpus.library import manifest
from ingest.describe import Override
from ingest.discover import Limits, SourceRoot, source_roots
from ingest.embed import EmbedReport, embed
from ingest.report import Failure, Progress, RunReport
from ingest.store.store import Store
from ingest.sync import Order, Tools, sync
from service.cli.ending import DONE, INTERRUPTED, SOME_FAILED
from service.cli.progress import progress
from service.cli.terminal import clean, counted, print_json
from service.wiring import Wiring, word_pieces

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line said. `dense`: embed as well."""

    paths: tuple[Path, ...]
    source: str
    kind: Kind | None
    exclude: tuple[str, ...]
    dense: bool
    json: bool


def ingest_paths(wiring: Wiring, asked: Asked) -> int:
    """Bring the store up to the files and tell what was done; the exit status."""
    roots = _roots(wiring, asked)
    with wiring.store(create=True) as store, progress(silent=asked.json) as shown:
        report = sync(store, roots, order=_order(wiring, asked, roots), tools=_tools(wiring), progress=shown)
        dense = None if report.interrupted or not asked.dense else _embed(wiring, store, shown)
        lacking = store.vectors.lacking(wiring.embedder.identity)
    if asked.json:
        body = asdict(report) | {"counts": report.counts(), "store": str(wiring.settings.store)}
        body |= {"dense": asdict(dense) if dense else None, "without_vector": lacking}
        print_json(body)
    else:
        _tell(report, dense, lacking)
    if report.interrupted or (dense and dense.interrupted):
        return INTERRUPTED
    return SOME_FAILED if report.failures else DONE


def _roots(wiring: Wiring, asked: Asked) -> tuple[SourceRoot, ...]:
    """The sources; a mistyped path leaves no empty store behind."""
    try:
        with wiring.store() as store:
            known = [SourceRoot(record.name, Path(record.root)) for record in store.ledger.sources()]
    except StoreMissing:
        known = []
    return source_roots(asked.paths, source=asked.source, known=known)


def _order(wiring: Wiring, asked: Asked, roots: Sequence[SourceRoot]) -> Order:
    settings = wiring.settings
    return Order(
        kind=asked.kind,
        exclude=asked.exclude,
        limits=Limits(settings.file_mb * 1_000_000, settings.parse_seconds, settings.parse_mb),
        overrides={name: override for root in roots for name, override in _overrides(root).items()},
        workers=settings.workers,
    )


def _overrides(root: SourceRoot) -> dict[str, Override]:
    """What a library's manifest says of its documents. Another project's `manifest.toml` is a file like any other."""
    place = root.root / "manifest.toml"
    try:
        if "document" not in tomllib.loads(place.read_text("utf-8")):
            return {}
    except (OSError, ValueError):
        return {}
    return {
        f"{root.name}/{entry.path}": Override(
            kind=entry.kind, status=entry.status, owner=entry.owner, access=entry.access
        )
        for entry in manifest(root.root)
    }


def _tools(wiring: Wiring) -> Tools:
    return Tools(
        open_index=wiring.open_index,
        lexical=wiring.lexical,
        pieces=word_pieces,
        encoder=wiring.embedder.identity,
    )


def _embed(wiring: Wiring, store: Store, shown: Progress) -> EmbedReport:
    return embed(store, embedder=wiring.embedder, open_index=wiring.open_index, lexical=wiring.lexical, progress=shown)


def _tell(report: RunReport, dense: EmbedReport | None, lacking: int) -> None:
    named = ("added", "changed", "renamed", "restated", "permission", "deleted", "same", "skipped")
    counts = report.counts()
    parts = [f"{counts[name]:,} {name}" for name in named if counts[name]]
    parts += [f"{counts['failures']:,} failed"] if report.failures else []
    print(f"{', '.join(report.sources)}: {', '.join(parts) or 'nothing done'} in {report.seconds:.1f} s")
    told = [f"{counted(report.passages, 'passage')} can be searched by words"] if report.passages else []
    told += [f"{counted(dense.vectors, 'vector')} made in {dense.seconds:.1f} s"] if dense and dense.vectors else []
    if told:
        print("; ".join(told))
    if report.failures:
        print("Failed:")
        for failure in report.failures[:_SHOWN]:
            print(f"  {_reason(failure)}")
        if len(report.failures) > _SHOWN:
            print(f"  and {len(report.failures) - _SHOWN} more; aether status --json names them")
    if report.interrupted or (dense and dense.interrupted):
        print("Interrupted. What is done is kept; run the same command again to go on")
    elif lacking:
        print(f"Not searched by meaning yet: {counted(lacking, 'passage')}; run the same command without --no-dense")
    else:
        print('Next: aether ask "..."')


def _reason(failure: Failure) -> str:
    kept = " (its last good revision is kept)" if failure.kept else ""
    return clean(f"{failure.file}: {failure.outcome.replace('_', ' ')}: {failure.reason}{kept}")
