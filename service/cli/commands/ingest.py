"""`aether ingest`: the files into the store and the lexical index, then the vectors."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from corpus.documents import Kind
from ingest.discover import source_roots
from ingest.embed import EmbedReport
from ingest.report import Failure, RunReport
from service.bring import Done, Wanted, bring, known_roots
from service.cli.ending import DONE, INTERRUPTED, SOME_FAILED, notice
from service.cli.progress import progress
from service.cli.terminal import clean, counted, print_json
from service.cli.through import ingest_through
from service.desk.beacon import Beacon, beacon_of
from service.wiring import Wiring

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
    beacon = beacon_of(wiring.settings.store)
    if beacon:
        return _through(beacon, wiring, asked)
    roots = source_roots(asked.paths, source=asked.source, known=known_roots(wiring))
    with wiring.store(create=True) as store, progress(silent=asked.json) as shown:
        order = Wanted(roots, kind=asked.kind, exclude=asked.exclude, dense=asked.dense)
        done = bring(wiring, store, order, progress=shown)
    return _ended(done, wiring, asked)


def _through(beacon: Beacon, wiring: Wiring, asked: Asked) -> int:
    """The same, by the service that holds the index."""
    body = {
        "paths": [os.path.abspath(path) for path in asked.paths],
        "source": asked.source,
        "kind": asked.kind,
        "exclude": list(asked.exclude),
        "dense": asked.dense,
    }
    notice(f"the service with process {beacon.pid} reads them in")
    with progress(silent=asked.json) as shown:
        done = TypeAdapter(Done).validate_python(ingest_through(beacon, body, shown))
    return _ended(done, wiring, asked)


def _ended(done: Done, wiring: Wiring, asked: Asked) -> int:
    report, dense, lacking = done.report, done.dense, done.lacking
    if asked.json:
        body = asdict(report) | {"counts": report.counts(), "store": str(wiring.settings.store)}
        body |= {"dense": asdict(dense) if dense else None, "without_vector": lacking}
        print_json(body)
    else:
        _tell(report, dense, lacking)
    if report.interrupted or (dense and dense.interrupted):
        return INTERRUPTED
    return SOME_FAILED if report.failures else DONE


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
