"""Compare runs, hold them to floors and baselines, and prove that the gate sees what it should."""

from __future__ import annotations

import tempfile
from pathlib import Path

from corpus.errors import UsageError
from eval.comparing.compare import compare, likely_cause
from eval.comparing.gate import BASELINES, gate
from eval.comparing.planted import plant_all
from eval.comparing.reports import compared_markdown, junit, markdown
from eval.measures.catalog import STANDARD
from eval.running.summary import load_summary
from eval.suites.catalog import suite
from service.cli.ending import DONE, ERROR
from service.cli.progress import progress
from service.cli.terminal import print_json


def compare_and_tell(before: Path, after: Path, *, as_json: bool) -> int:
    """Show the comparison; exit status 0 whatever it says."""
    found = compare(load_summary(before), load_summary(after))
    if as_json:
        print_json(found.model_dump(mode="json"))
        return DONE
    print(compared_markdown(found), end="")
    cause = likely_cause(found)
    if cause:
        print(f"\nLikely cause: {cause}")
    return DONE


def gate_and_tell(
    name: str, log: Path, baseline: Path | None, *, junit: Path | None, markdown: Path | None, as_json: bool
) -> int:
    """Show the verdict; exit status 1 where the gate does not let by."""
    place = baseline or BASELINES / f"{name}.json"
    if baseline and not baseline.exists():
        raise UsageError("there is no such baseline", item=str(baseline), next_step="Make it: aether-eval baseline LOG")
    verdict = gate(load_summary(log), suite(name).floors, load_summary(place) if place.exists() else None)
    for out, made in ((junit, _junit), (markdown, _markdown)):
        if out:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(made(verdict), "utf-8")
    if as_json:
        print_json(verdict.model_dump(mode="json"))
    else:
        print(_markdown(verdict), end="")
        if verdict.comparison is None:
            print(f"(no baseline at {place}: floors only)")
    return DONE if verdict.passed else ERROR


_junit, _markdown = junit, markdown


def keep_baseline(log: Path, out: Path | None) -> int:
    """Write the summary of a run where gates look for it, without what only says how fast the machine was."""
    summary = load_summary(log, [name for name in STANDARD if not name.startswith("Latency")])
    place = out or BASELINES / f"{summary.suite}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(summary.model_dump_json() + "\n", "utf-8")
    print(f"{place}: {len(summary.cases)} cases, results {summary.results}")
    return DONE


def plant_and_tell(limit: int, *, as_json: bool) -> int:
    """Plant, show; exit status 1 unless every regression is caught for the right cause."""
    told = []
    with tempfile.TemporaryDirectory() as folder, progress(silent=as_json) as shown:
        for caught in plant_all(suite("smoke").first(limit), Path(folder), shown):
            told.append({"planted": caught.kind, "caught": caught.right, "cause": caught.verdict.cause})
            if not as_json:
                mark = "caught" if caught.right else "MISSED"
                print(f"{mark}  {caught.kind:34} {caught.verdict.cause or 'the gate let it by'}", flush=True)
    right = sum(bool(row["caught"]) for row in told)
    if as_json:
        print_json({"caught": right, "of": len(told), "planted": told})
    else:
        print(f"{right} of {len(told)} caught with the right cause")
    return DONE if right == len(told) else ERROR
