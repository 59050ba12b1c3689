"""The engine that is served, over the documents of a suite: made by the same ingest and the same wiring.

`World` is the seam of the harness: whoever wants to see what a broken part does replaces one of its functions here, and
never by a switch in the product.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UsageError
from eval.running.caching import CachingWiring
from eval.suites.suite import Corpus, Suite
from ingest.store.store import Store
from service.answer import Answer, Verdict
from service.asker import asker
from service.cli.ending import DONE, SOME_FAILED
from service.cli.program import run
from service.engine import Request
from service.grounding.claim import Claim, Ground
from service.grounding.contract import judge
from service.grounding.verifier import Verifier
from service.settings import Settings, read_settings

Ask = Callable[[Request], Answer]
Contract = Callable[[Claim, Ground], Verdict]


@dataclass(frozen=True, slots=True)
class World:
    """What is evaluated.

    ask       the engine's answer to a request
    contract  what the engine asks of each sentence
    verifier  who judges support, for claims that come with their evidence
    """

    store: Store
    settings: Settings
    ask: Ask
    contract: Contract
    verifier: Verifier


def ingest_suite(suite: Suite, store: Path) -> None:
    """Bring the store up to the suite's documents. Raises `UsageError` where that fails."""
    with Store.open(store, create=True):  # a suite of claims has no documents
        pass
    for corpus in suite.corpora:
        folder = corpus.folder or _written(corpus, store.with_name(f"{store.name}.texts"))
        quietly(["ingest", str(folder), "--source", corpus.source, "--store", str(store)])


def quietly(arguments: list[str]) -> None:
    """Run a command of `aether` without its output. Raises `UsageError` with its last line where it fails."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = run(arguments)
    if status not in (DONE, SOME_FAILED):
        last = said.getvalue().strip().splitlines()[-1:] or ["no reason was given"]
        raise UsageError(
            f"failed ({last[0]})", item=f"aether {' '.join(arguments)}", next_step="Run it by hand to see more"
        )


def _written(corpus: Corpus, beside: Path) -> Path:
    """The texts of a corpus as files; what stands there already with the same text is left alone."""
    folder = beside / corpus.source
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in corpus.texts.items():
        place = folder / name
        if not place.exists() or place.read_text("utf-8") != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
    return folder


@contextmanager
def opened(
    store: Path, overrides: Mapping[str, object] | None = None, *, wiring: type[CachingWiring] = CachingWiring
) -> Iterator[World]:
    """The world over a store that is there. Raises what the store and the settings raise."""
    settings = read_settings(store=store, **(overrides or {}))
    parts = wiring(settings, lease=3600.0)
    try:
        with asker(parts, lambda line: None) as asking:
            yield World(asking.store, settings, asking.ask, judge, parts.verifier)
    finally:
        parts.close()
