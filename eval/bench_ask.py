"""How long does a person wait at the prompt? Whole processes: `aether ask` on a warm index, `aether --help`.

The store is ingested first where it does not exist, and asked once before the clock runs. Each run is a process of its
own, from fork to exit, with Python's bytecode at hand and its output thrown away; the questions take turns. Beside the
wall clock stands the processor time, which other work on the machine disturbs less.

    python -m eval.bench_ask --store /tmp/library --runs 15
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from corpus.library import LIBRARY
from eval.cli.ended import ended

_AETHER = (sys.executable, "-c", "from service.cli import main; main()")
_QUESTIONS = (
    "What happens to a document that fails to parse while Aether ingests it?",
    "Why does Aether refuse a question?",
    "How do I rebuild the search index?",
)
_REFUSED = 3


@dataclass(frozen=True, slots=True)
class Waited:
    """One command. Seconds: median, slowest, and median of the processor time; how often it was run."""

    command: str
    median: float
    slowest: float
    processor: float
    runs: int


def bench(store: Path, questions: Sequence[str], runs: int) -> list[Waited]:
    """Time the commands. Raises `CalledProcessError` when one of them fails."""
    if not store.exists():
        subprocess.run([*_AETHER, "ingest", str(LIBRARY), "--store", str(store)], check=True, stdout=sys.stderr)
    commands = {
        "aether --help": [["--help"]],
        "aether ask --help": [["ask", "--help"]],
        "aether ask": [["ask", question, "--store", str(store)] for question in questions],
        "aether ask --json": [["ask", question, "--store", str(store), "--json"] for question in questions],
    }
    with tempfile.TemporaryDirectory() as bytecode:
        around = _installed(bytecode)
        return [_waited(name, variants, runs, around) for name, variants in commands.items()]


def _waited(name: str, variants: Sequence[Sequence[str]], runs: int, around: Mapping[str, str]) -> Waited:
    _run(variants[0], around)
    times = [_run(variants[number % len(variants)], around) for number in range(runs)]
    walls, processors = zip(*times, strict=True)
    return Waited(name, median(walls), max(walls), median(processors), runs)


def _run(arguments: Sequence[str], around: Mapping[str, str]) -> tuple[float, float]:
    """Wall and processor seconds of one process."""
    before, began = _spent(), time.perf_counter()
    done = subprocess.run([*_AETHER, *arguments], stdout=subprocess.DEVNULL, env=around)
    wall = time.perf_counter() - began
    if done.returncode not in (0, _REFUSED):
        raise subprocess.CalledProcessError(done.returncode, done.args)
    return wall, _spent() - before


def _installed(bytecode: str) -> dict[str, str]:
    """The environment with bytecode kept in a folder, as it is where Aether was installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": bytecode}


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _table(rows: Sequence[Waited]) -> str:
    lines = ["command              median s   slowest s   processor s   runs"]
    lines += [f"{r.command:<20} {r.median:8.3f}   {r.slowest:9.3f}   {r.processor:11.3f}   {r.runs:4}" for r in rows]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True, help="made from the bundled library where it is not there")
    parser.add_argument("--question", nargs="+", default=_QUESTIONS, help="what to ask")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", action="store_true", help="print one JSON object a command")
    options = parser.parse_args(argv)
    rows = bench(options.store, options.question, options.runs)
    print("\n".join(json.dumps(asdict(row)) for row in rows) if options.json else _table(rows))


if __name__ == "__main__":
    ended(main)
