"""Verbatim is not yet true: hard cases, each a small document with a stretch that misleads when it stands alone.

Of every case three things hold: the stretch alone fails the contract; with what it needs before it, and under the
headings it needs, it passes; and the composer, made to say it, shows what it needs first.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from corpus.citations import Citation
from corpus.documents import Document, Span, revision_of
from corpus.outline import section_path
from corpus.units import Unit, units
from ingest.parse.text.markdown import parse_text
from service.answering.assemble import assemble
from service.answering.compose import NORMAL, Length, compose
from service.answering.rank import Scored
from service.grounding.claim import Claim, Ground
from service.grounding.context import needs
from service.grounding.contract import judge

TIGHT = Length(picks=1, words=1, whole=0, procedure=0, led=0, margin=0.0)
"""Says nothing but the wanted unit and what it needs."""


@dataclass(frozen=True)
class Hard:
    """`said` is the stretch; `first` what must stand before it, in order; `under` the heading to be shown."""

    text: str
    said: str
    first: tuple[str, ...] = ()
    under: str = ""


CASES = {
    "an item under a negating heading": Hard(
        "# Backup\n\n## What is not covered\n\n- Volumes of the staging cluster\n- Secrets in the vault\n",
        "- Secrets in the vault",
        under="What is not covered",
    ),
    "a non-goal": Hard(
        "# Proposal\n\n## Goals\n\nFaster restarts.\n\n## Non-Goals\n\n- Support for Windows nodes in the scheduler\n",
        "- Support for Windows nodes in the scheduler",
        under="Non-Goals",
    ),
    "a non-goal at the top level": Hard(
        "# Goals\n\nFaster restarts.\n\n# Non-Goals\n\nThe scheduler supports Windows nodes as well.\n",
        "The scheduler supports Windows nodes as well.",
        under="Non-Goals",
    ),
    "a sentence of a deprecated section": Hard(
        "# Failover\n\n## Deprecated procedure\n\nCall the provider and ask for a switch.\n",
        "Call the provider and ask for a switch.",
        under="Deprecated procedure",
    ),
    "a rejected alternative, two headings down": Hard(
        "# Store\n\n## Alternatives considered\n\n### Redis\n\nRedis keeps all keys in memory.\n",
        "Redis keeps all keys in memory.",
        under="Alternatives considered",
    ),
    "a step under a conditional heading": Hard(
        "# Drain\n\n## If the node is cordoned\n\n1. Look at it.\n2. Wait for the pods.\n3. Delete the node object.\n",
        "3. Delete the node object.",
        under="If the node is cordoned",
    ),
    "an item and its lead-in": Hard(
        "# Limits\n\nThe service never stores:\n\n- Names of customers\n- Card numbers in plain text\n",
        "- Card numbers in plain text",
        ("The service never stores:",),
    ),
    "an item under a lead-in in bold": Hard(
        "# Limits\n\n**Not supported:**\n\n- Names of customers\n- Card numbers in plain text\n",
        "- Card numbers in plain text",
        ("**Not supported:**",),
    ),
    "an item under bold words without a colon": Hard(
        "# Limits\n\n**Out of scope**\n\n- Names of customers\n- Card numbers in plain text\n",
        "- Card numbers in plain text",
        ("**Out of scope**",),
    ),
    "a nested item and its parent": Hard(
        "# Access\n\n- Operators read logs\n- Contractors are refused\n  - reading the audit logs\n  - a root shell\n",
        "- a root shell",
        ("- Contractors are refused",),
    ),
    "an item nested twice": Hard(
        "# Access\n\nRoles:\n\n- Contractors\n  - are never allowed\n    - opening a root shell\n",
        "- opening a root shell",
        ("Roles:", "- Contractors", "- are never allowed"),
    ),
    "a paragraph inside an item": Hard(
        "# Access\n\n- Only in an emergency:\n\n  Open a root shell on the node.\n",
        "Open a root shell on the node.",
        ("- Only in an emergency:",),
    ),
    "an item that opens with otherwise": Hard(
        "# Disk\n\n- If the volume can grow, grow it.\n- Otherwise, delete the oldest segments.\n",
        "- Otherwise, delete the oldest segments.",
        ("- If the volume can grow, grow it.",),
    ),
    "a cell and its header": Hard(
        "# Latency\n\n| Region | p50 | p99 |\n|---|---|---|\n| Dublin | 20 ms | 900 ms |\n| Osaka | 30 ms | 80 ms |\n",
        "| Osaka | 30 ms | 80 ms |",
        ("| Region | p50 | p99 |",),
    ),
    "a row, its header and its lead-in": Hard(
        "# Latency\n\nMeasured before the cache was switched on:\n\n| Region | p99 |\n|---|---|\n| Osaka | 800 ms |\n",
        "| Osaka | 800 ms |",
        ("Measured before the cache was switched on:", "| Region | p99 |"),
    ),
    "otherwise": Hard(
        "# Disk\n\nIf the volume can grow, grow it. Otherwise, delete the oldest segments.\n",
        "Otherwise, delete the oldest segments.",
        ("If the volume can grow, grow it.",),
    ),
    "however": Hard(
        "# Cache\n\nThe cache is safe for reads. However, it loses writes during a failover.\n",
        "However, it loses writes during a failover.",
        ("The cache is safe for reads.",),
    ),
    "a pronoun first in a paragraph": Hard(
        "# Cache\n\nThe old gateway is a single process.\n\nIt does not survive a restart of the node.\n",
        "It does not survive a restart of the node.",
        ("The old gateway is a single process.",),
    ),
    "a pronoun after a connective": Hard(
        "# Cache\n\nThe old gateway is a single process. It keeps its state in memory. Therefore a restart loses it.\n",
        "Therefore a restart loses it.",
        ("The old gateway is a single process.", "It keeps its state in memory."),
    ),
    "this after a code block": Hard(
        "# Reset\n\nNever run this by hand:\n\n```sh\nmember remove --all\n```\n\nThis deletes all data of it.\n",
        "This deletes all data of it.",
        ("Never run this by hand:", "```sh\nmember remove --all\n```"),
    ),
    "these after a list": Hard(
        "# Ports\n\n- port 80 of the gateway\n- port 443 of the gateway\n\nThese are closed from outside.\n",
        "These are closed from outside.",
        ("- port 443 of the gateway",),
    ),
    "a code block and its lead-in": Hard(
        "# Reset\n\nTo wipe a member that cannot be saved:\n\n```sh\nmember remove --all now\n```\n",
        "```sh\nmember remove --all now\n```",
        ("To wipe a member that cannot be saved:",),
    ),
    "a code block after a warning": Hard(
        "# Reset\n\nIt is small. Do not use this command on production.\n\n```sh\nmember remove --all now\n```\n",
        "```sh\nmember remove --all now\n```",
        ("Do not use this command on production.",),
    ),
    "a list whose lead-in ends a paragraph": Hard(
        "# Limits\n\nThe service stores orders. It never stores:\n\n- Card numbers in plain text\n",
        "- Card numbers in plain text",
        ("The service stores orders.", "It never stores:"),
    ),
}


def document(text: str) -> Document:
    parsed = parse_text(text, "a.md")
    title = text.partition("\n")[0].lstrip("# ") if "\n# " not in text else "Handbook"
    return Document(
        "docs/a.md", "docs", "a.md", parsed, title, "guide", frozenset({"public"}), "", "", revision_of(text)
    )


def unit_of(read: Document, said: str) -> Unit:
    start = read.text.index(said)
    return next(u for u in units(read, Span(start, start + len(said))) if u.start == start)


def cite(read: Document, unit: Unit) -> Citation:
    return Citation(
        number=1,
        document=read.id,
        title=read.title,
        kind=read.kind,
        revision=read.revision,
        section=section_path(read, unit.start),
        start=unit.start,
        end=unit.end,
        place="",
        quote=read.text[unit.start : unit.end],
    )


def ground(read: Document) -> Ground:
    return Ground({(read.id, read.revision): read}, {read.id: (Span(0, len(read.text)),)}, frozenset({"public"}))


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def hard(request: pytest.FixtureRequest) -> Hard:
    case: Hard = request.param
    return case


def test_there_are_at_least_twenty_hard_cases() -> None:
    assert len(CASES) >= 20


def test_alone_it_fails(hard: Hard) -> None:
    read = document(hard.text)
    told = judge(Claim(hard.said, "cited", (cite(read, unit_of(read, hard.said)),)), ground(read))
    assert (told.supported, told.check, told.failure) == (False, "context", "unsupported_addition")
    assert told.detail
    assert told.detail[:80] in "\n".join((hard.under, *hard.first))


def test_with_what_it_needs_it_holds_and_without_any_part_of_it_not(hard: Hard) -> None:
    read = document(hard.text)
    own = cite(read, unit_of(read, hard.said))
    before = tuple(cite(read, unit_of(read, part)) for part in hard.first)
    assert judge(Claim(hard.said, "cited", (own,), hard.under, before), ground(read)).supported
    together = own.model_copy(update={"start": 0, "quote": read.text[: own.end]})
    assert judge(Claim(hard.said, "cited", (together,), hard.under), ground(read)).supported
    for left_out in range(len(before)):
        rest = before[:left_out] + before[left_out + 1 :]
        assert not judge(Claim(hard.said, "cited", (own,), hard.under, rest), ground(read)).supported


def test_it_is_never_said_without_what_it_needs(hard: Hard) -> None:
    read = document(hard.text)
    wanted = unit_of(read, hard.said)
    for length in (TIGHT, NORMAL):
        said = compose([Scored(read, wanted, 0, (), 1.0)], [], length)
        body = assemble(said, ground(read))
        texts = [" ".join(s.text.split()) for s in body.sentences]
        assert all(s.verdict.supported for s in body.sentences)
        assert not body.dropped
        places = [texts.index(" ".join(part.split())) for part in (*hard.first, hard.said)]
        assert places == sorted(places)
        assert f"*{hard.under}:*" in body.text or not hard.under


@pytest.mark.parametrize(
    "said",
    [
        "The gateway is a single process.",
        "Restart it with care.",
        "- Orders of the last year",
        "```sh\ngatewayctl restart\n```",
        "In practice one process is enough.",
    ],
)
def test_what_needs_nothing_stands_alone(said: str) -> None:
    read = document(
        "# When to restart the gateway\n\nThe gateway is a single process. Restart it with care.\n\n## Stored\n\n"
        "- Names\n- Orders of the last year\n\n## Commands\n\nThey are short.\n\n```sh\ngatewayctl restart\n```\n\n"
        "In practice one process is enough.\n"
    )
    found = unit_of(read, said)
    assert needs(read, Span(found.start, found.end)) == needs(read, Span(0, 1))
    assert judge(Claim(said, "cited", (cite(read, found),)), ground(read)).supported


def test_the_antecedent_is_not_looked_for_in_another_section() -> None:
    read = document("# A\n\nOne process.\n\n## B\n\nIt restarts the node daily.\n")
    start = read.text.index("It restarts")
    assert needs(read, Span(start, start + 3)).spans == ()


def test_what_another_document_says_is_no_context() -> None:
    read = document(CASES["otherwise"].text)
    other = Document(**{**{k: getattr(read, k) for k in read.__slots__}, "id": "docs/b.md"})
    own = cite(read, unit_of(read, CASES["otherwise"].said))
    antecedent = cite(other, unit_of(other, CASES["otherwise"].first[0]))
    both = Ground(
        {(d.id, d.revision): d for d in (read, other)},
        {d.id: (Span(0, len(d.text)),) for d in (read, other)},
        frozenset({"public"}),
    )
    assert judge(Claim(own.quote, "cited", (own,), before=(antecedent,)), both).check == "context"


def test_a_document_without_blocks_needs_nothing() -> None:
    empty = Document("docs/a.md", "docs", "a.md", parse_text("", "a.md"), "A", "guide", frozenset({"public"}))
    assert needs(empty, Span(0, 0)).spans == ()
