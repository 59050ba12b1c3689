"""Ask every door of a service for what its callers may not read: `python -m eval.leaks.run --cases 10000`.

1. A random library is made, and for each of some callers the same library without what they may not read.
2. Both are served by real servers on loop-back, and every request of `probes` is sent to both: aimed at documents that
   the caller may read, that they may not, and that nobody wrote.
3. It is a leak where the two answers differ in status, headers or body, and where a word that stands only in hidden
   documents comes back without having been sent.

A case is one request sent to both. Requests that change something are aimed at hidden documents only, where they must
change nothing.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from corpus.ports import Embedder
from eval.cli.ended import ended
from eval.leaks.probes import NOBODY, Probe, Target, Told, probes_at, target_of
from eval.leaks.worlds import Caller, Page, build, callers_of, keys_for, pages_of
from ingest.store.store import Store
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.remembering import RememberingEncoder
from service.api.app import create_app
from service.wiring import Wiring

_CALLERS = 3


@dataclass(frozen=True, slots=True)
class Leak:
    """What gave something away. `whole` and `lacking` are the two answers where they differ."""

    why: str
    caller: Caller
    probe: Probe
    whole: Told
    lacking: Told

    def __str__(self) -> str:
        """In some lines."""
        who = ",".join(sorted(self.caller.access))
        lines = [f"{self.why}: {self.probe.method} {self.probe.said} by {self.caller.role} {who}"]
        at = next((n for n, (a, b) in enumerate(zip(self.whole.body, self.lacking.body, strict=False)) if a != b), 0)
        for name, told in (("whole", self.whole), ("lacking", self.lacking)):
            lines.append(f"  {name}: {told.status} ...{told.body[max(0, at - 80) : at + 160]!r} {told.headers}")
        return "\n".join(lines)


@dataclass
class Tally:
    """What was asked, by path, and what leaked."""

    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[Leak] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many cases."""
        return sum(self.cases.values())


def hunt(cases: int, *, seed: int, say: bool = False) -> Tally:
    """Ask at least that many cases, over as many libraries as it takes."""
    tally, encoder, number = Tally(), RememberingEncoder(EmbeddedEncoder()), 0
    while tally.total < cases:
        chance = random.Random(f"{seed}:{number}")
        number += 1
        with tempfile.TemporaryDirectory(prefix="aether-leaks-") as folder:
            _one_library(chance, Path(folder), encoder, tally, cases)
        if say:
            print(f"{number} libraries, {tally.total:,} cases, {len(tally.leaks)} leaks", file=sys.stderr, flush=True)
    return tally


def _one_library(chance: random.Random, folder: Path, encoder: Embedder, tally: Tally, cases: int) -> None:
    pages, callers = pages_of(chance), callers_of(chance, _CALLERS)
    whole = build(pages, folder / "whole", folder / "files", encoder)
    with Store.open(whole.settings.store) as store:
        targets = {page.id: target_of(page, store) for page in pages}
    tokens = keys_for(whole, callers)
    with ExitStack() as doors:
        door = doors.enter_context(_served(whole))
        for number, caller in enumerate(callers):
            seen = [page for page in pages if caller.sees(page)]
            if not seen or tally.total >= cases:
                continue
            lacking = build(seen, folder / f"{number}", folder / f"{number}.files", encoder)
            (token,) = keys_for(lacking, [caller])
            with _served(lacking) as other:
                probes = [*_asked(chance, pages, caller, targets)]
                chance.shuffle(probes)
                for probe in probes[: cases - tally.total]:
                    told = probe.ask(door, tokens[number]), probe.ask(other, token)
                    _judge(tally, caller, probe, told, _secrets(pages, seen))


def _asked(chance: random.Random, pages: list[Page], caller: Caller, targets: dict[str, Target]) -> Iterator[Probe]:
    for page in pages:
        yield from probes_at(targets[page.id], chance, changing=not caller.sees(page))
    yield from probes_at(NOBODY, chance, changing=True)
    hidden = {page.source for page in pages} - {page.source for page in pages if caller.sees(page)}
    for source in sorted({*hidden, NOBODY.source}):
        yield Probe("POST", f"/v1/sources/{source}/sync")


def _secrets(pages: list[Page], seen: list[Page]) -> set[str]:
    """The words that stand in hidden pages only."""
    return {page.canary for page in pages if not any(page.canary in f"{one.id} {one.text}" for one in seen)}


def _judge(tally: Tally, caller: Caller, probe: Probe, told: tuple[Told, Told], secrets: set[str]) -> None:
    whole, lacking = told
    tally.cases[f"{probe.method} /{'/'.join(probe.path.split('/')[1:3])}"] += 1
    tally.statuses[whole.status] += 1
    shown = {word for word in secrets if word in whole.body and word not in probe.said}
    if whole != lacking:
        tally.leaks.append(Leak("the answers differ", caller, probe, whole, lacking))
    elif shown:
        tally.leaks.append(Leak(f"{', '.join(sorted(shown))} comes back", caller, probe, whole, lacking))
    elif whole.status >= 500:
        tally.leaks.append(Leak("the service failed", caller, probe, whole, lacking))


@contextmanager
def _served(wiring: Wiring) -> Iterator[http.client.HTTPConnection]:
    """A connection to a real server over a store."""
    config = uvicorn.Config(create_app(wiring), host="127.0.0.1", port=0, log_level="error", timeout_keep_alive=600)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started:
        if time.monotonic() > until:
            raise TimeoutError("the server does not start")
        time.sleep(0.01)
    door = http.client.HTTPConnection("127.0.0.1", server.servers[0].sockets[0].getsockname()[1], timeout=60)
    try:
        yield door
    finally:
        door.close()
        server.should_exit = True
        thread.join(60)


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description="Ask every door for what may not be read.")
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    tally = hunt(given.cases, seed=given.seed, say=True)
    for path, count in sorted(tally.cases.items()):
        print(f"{count:8,}  {path}")
    print(f"{tally.total:8,}  cases; statuses {dict(sorted(tally.statuses.items()))}; {len(tally.leaks)} leaks")
    for leak in tally.leaks[:20]:
        print(leak)
    sys.exit(1 if tally.leaks else 0)


if __name__ == "__main__":
    ended(main)
