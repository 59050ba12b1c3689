"""Ask a suite, score it, and show the figures with what failed and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.cli.app import HOME
from eval.cli.commands.judges import ragas_told, show_ragas
from eval.measures.catalog import STANDARD, measure
from eval.measures.measure import Figure
from eval.running.run import run_suite
from eval.running.summary import Summary, load_summary, summarise
from eval.running.world import ingest_suite, opened
from eval.suites.catalog import suite
from service.cli.ending import DONE
from service.cli.progress import progress
from service.cli.terminal import print_json

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line said."""

    suite: str
    store: Path | None
    out: Path
    composer: str | None
    limit: int
    data: Path | None
    again: bool
    measures: tuple[str, ...]
    judge: str
    model: str
    json: bool


def run_and_tell(asked: Asked) -> int:
    """Run and show; exit status 0 whatever the figures: a gate says whether they are good enough."""
    for name in asked.measures:
        measure(name)
    wanted = suite(asked.suite, asked.data).first(asked.limit)
    store = asked.store or HOME / "stores" / wanted.name
    if asked.store is None:
        ingest_suite(wanted, store)
    if asked.again:
        asked.out.unlink(missing_ok=True)
    overrides = {"composer": asked.composer} if asked.composer else {}
    with opened(store, overrides) as world, progress(silent=asked.json) as shown:
        run = run_suite(wanted, world, asked.out, made_by=overrides, progress=shown)
    _tell(summarise(run, asked.measures or STANDARD), asked.out, as_json=asked.json, ragas=_ragas(asked))
    return DONE


def _ragas(asked: Asked) -> dict[str, Any]:
    """What RAGAS says of the log, where a judge was asked for."""
    if not asked.judge:
        return {}
    return ragas_told(asked.out, None if asked.judge == "embedded" else asked.judge, asked.model)


def score_and_tell(log: Path, measures: Sequence[str], *, as_json: bool) -> int:
    """Score a log again and show it."""
    _tell(load_summary(log, measures or STANDARD), log, as_json=as_json)
    return DONE


def as_json_body(summary: Summary) -> dict[str, Any]:
    """The figures as data."""
    figures = [asdict(figure) for figure in figures_of(summary)]
    return {
        "suite": summary.suite,
        "fingerprint": summary.fingerprint,
        "results": summary.results,
        "cases": len(summary.cases),
        "failed": {i: summary.cases[i].cause for i in summary.failed()},
        "causes": summary.causes(),
        "figures": figures,
    }


def figures_of(summary: Summary) -> list[Figure]:
    """Every figure of the summary with its interval, the contract's last."""
    return [*(summary.figure(name) for name in summary.measures), *summary.contract()]


def _tell(summary: Summary, log: Path, *, as_json: bool, ragas: dict[str, Any] | None = None) -> None:
    if as_json:
        print_json(as_json_body(summary) | (ragas or {}))
        return
    print(f"{summary.suite}: {len(summary.cases)} cases, fingerprint {summary.fingerprint}, results {summary.results}")
    for figure in figures_of(summary):
        if figure.value is not None:
            span = f"  [{figure.low:.3f}, {figure.high:.3f}]" if figure.low is not None else ""
            print(f"  {figure.name:22} {figure.value:>10.3f}{span:20}  n {figure.n}")
    failed = summary.failed()
    told = ", ".join(f"{count} {cause}" for cause, count in summary.causes().items())
    print(
        f"  {len(summary.cases) - len(failed)} of {len(summary.cases)} as they should be{'; ' + told if told else ''}"
    )
    for i in failed[:_SHOWN]:
        print(f"    {i:10} {summary.cases[i].cause:18} {summary.cases[i].question[:70]}")
    if len(failed) > _SHOWN:
        print(f"    and {len(failed) - _SHOWN} more; --json names them")
    if ragas:
        show_ragas(ragas)
    print(f"  Log: {log}")
