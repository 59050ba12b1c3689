"""A small real library for the protocols, the whole bundled one, and what holds of every report to everyone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.access import may_read
from corpus.library import LIBRARY
from service.asker import Asker, asker
from service.cli.program import run
from service.protocols.registry import PROTOCOLS
from service.protocols.report import Report
from service.settings import read_settings
from service.wiring import Wiring

PUBLIC = frozenset({"public"})
Ran = Callable[..., Report]
STANDARD = """---
title: Design standard
kind: guide
status: accepted
---
# Design standard

## Rollback

A design must say how the change is rolled back, what triggers the rollback, and how long it may take.

## Monitoring

A design must name the metrics and the alerts by which the team on call sees that it works.

## Risks

Every design must list its risks, each with a mitigation.
"""
PEER = """---
title: Parcel tracking
kind: design
status: implemented
---
# Parcel tracking

## Goals

Customers see where their parcel is within one minute of every scan at a depot.

## Cost

The tracking service costs 900 dollars per month, most of it for storage of the scans.

## Security

Only the owner of a parcel may see its scans; every request carries a signed token.
"""
SECRET = """# Payroll standard

## Sustainability

Every payroll design must state its energy use in the zebra hall.
"""
HOUSE = {
    "house/guides/standard.md": STANDARD,
    "house/designs/tracking.md": PEER,
    "vault/guides/payroll.md": SECRET,
    "vault/.aether-access": "group:finance\n",
}
QUEUE = """---
title: "ADR 0003: RabbitMQ carries the order events"
kind: adr
status: accepted
date: 2026-03-10
supersedes: 0001-database-queue.md
---
# ADR 0003: RabbitMQ carries the order events

## Context and problem statement

Orders are handed from the shop to the warehouse as events. Which queue carries the order events?

## Decision drivers

- No order event may be lost when a node fails.
- The team of four must be able to operate it.

## Considered options

1. RabbitMQ with quorum queues
2. Kafka
3. A table in the database

## Decision outcome

Chosen option: RabbitMQ with quorum queues, because the team runs it already.

### Consequences

- Good: an order event survives the loss of one node.
- Bad: replaying old order events needs an archive of its own.

## Pros and cons of the options

**Kafka.** Pro: events can be replayed for 7 days. Con: three more machines to operate.

**A table in the database.** Pro: nothing new to run. Con: polling costs the database 12 % of its CPU.
"""
OLD_QUEUE = """---
title: "ADR 0001: A table in the database carries the order events"
kind: adr
status: superseded
superseded-by: 0003-rabbitmq.md
date: 2024-05-02
---
# ADR 0001: A table in the database carries the order events

## Context

The first shop needed a queue for order events.

## Decision

We will keep order events in a table of the database.

## Consequences

- Good: nothing new to run.
- Bad: polling loads the database.
"""
INCIDENT = """---
title: Order queue filled the disk
kind: postmortem
date: 2026-06-18
---
# Order queue filled the disk

## Impact

The order queue refused events for 47 minutes and 1,312 orders had to be entered by hand.

## Root cause

A consumer of the order queue was stopped for a deployment and nobody noticed that its queue grew to 18 GB.

## What keeps it from happening again

- The alert `order_queue_depth` fires above 50,000 events.
- A consumer is rolled back when its queue grows for ten minutes.
"""
RUNBOOK = """---
title: The order queue grows
kind: runbook
---
# The order queue grows

## Meaning

The metric `order_queue_depth` counts the events that wait in the order queue; 2,000 at noon is normal.

## Steps

1. Look at `order_queue_depth` on the dashboard of the shop.
2. Restart the consumer with `queuectl restart consumer`.

## Rollback

Roll the consumer back with `queuectl rollback consumer`, which takes 3 minutes.
"""
SHOP = {
    "shop/decisions/0001-database-queue.md": OLD_QUEUE,
    "shop/decisions/0003-rabbitmq.md": QUEUE,
    "shop/postmortems/2026-06-18-order-queue.md": INCIDENT,
    "shop/runbooks/order-queue.md": RUNBOOK,
    "vault/plans/payroll.md": "# Payroll queue\n\nThe order queue of payroll carries 77 zebra events a day.\n",
    "vault/.aether-access": "group:finance\n",
}


@contextmanager
def opened(store: Path) -> Iterator[Asker]:
    """Who answers over a store."""
    wiring = Wiring(read_settings(store=store), lease=5.0)
    with asker(wiring, lambda line: None) as open_asker:
        yield open_asker
    wiring.close()


def made(folder: Path, files: dict[str, str]) -> Path:
    """A store of these files."""
    for name, text in files.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert run(["ingest", str(folder / "sources"), "--store", str(folder / "store"), "--json"]) == 0
    return folder / "store"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """A standard and a peer for reviews, and a standard that only `group:finance` may read."""
    with opened(made(tmp_path_factory.mktemp("house"), HOUSE)) as who:
        yield who


@pytest.fixture(scope="session")
def shop_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two records, an incident and a runbook on one queue, and a plan that only `group:finance` may read."""
    return made(tmp_path_factory.mktemp("shop"), SHOP)


@pytest.fixture(scope="session")
def shop(shop_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Who answers over that; commands have the store itself."""
    with opened(Path(shutil.copytree(shop_store, tmp_path_factory.mktemp("copy") / "store"))) as who:
        yield who


@pytest.fixture(scope="session")
def bundled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own documentation, whole."""
    store = tmp_path_factory.mktemp("bundled") / "store"
    assert run(["ingest", str(LIBRARY), "--store", str(store)]) == 0
    return store


@pytest.fixture(scope="session")
def bundled(bundled_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Who answers over that; commands have the store itself."""
    with opened(Path(shutil.copytree(bundled_store, tmp_path_factory.mktemp("copy") / "store"))) as who:
        yield who


@pytest.fixture(scope="session")
def ran() -> Ran:
    """Runs a protocol by name and checks what holds of every report: `ran(who, "adr", question="...")`."""

    def run_one(who: Asker, protocol_name: str, /, *, caller: frozenset[str] = PUBLIC, **body: object) -> Report:
        protocol = PROTOCOLS[protocol_name]
        report: Report = protocol.run(who, protocol.request.model_validate(body), caller)
        sound(report, who, caller, str(body.get("name", "text.md")))
        return report

    return run_one


def sound(report: Report, who: Asker, caller: frozenset[str], own: str) -> None:
    """What holds of every report to everyone."""
    assert [c.number for c in report.citations] == list(range(1, len(report.citations) + 1))
    for citation in report.citations:
        if citation.document == own:
            continue
        document = who.store.read(citation.document, citation.revision)
        assert document.text[citation.start : citation.end] == citation.quote
        assert document.visible(citation.start, citation.end) == citation.quote
        assert may_read(caller, document.access)
    numbers = {c.number for c in report.citations}
    for sentence in report.sentences:
        assert sentence.verdict.supported
        assert set(sentence.citations) <= numbers
        assert sentence.citations or sentence.kind not in ("cited", "derived")
    for finding in report.findings:
        assert set(finding.own) | set(finding.library) <= numbers
