"""What took the place of what: read from the documents, resolved for one caller, shown wherever it is cited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest.parse.registry import parse_file
from service.cli.answer_view import source_lines
from service.standing.force import in_force, took_force

Holding = Callable[[dict[str, str]], Any]

OLD = "---\ntitle: Keep sessions in memory\nkind: adr\nstatus: {status}\ndate: 2024-02-01\n{more}---\n" + (
    "# Keep sessions in memory\n\nThe session store of the shop keeps a session for 30 minutes in memory.\n"
)
NEW = "---\ntitle: Keep sessions in Redis\nkind: adr\nstatus: {status}\ndate: 2026-03-01\n{more}---\n" + (
    "# Keep sessions in Redis\n\nThe session store of the shop keeps a session for 12 hours in Redis.\n"
)
QUESTION = "How long does the session store of the shop keep a session?"


def records(old: str = "accepted", new: str = "accepted", *, says_old: str = "", says_new: str = "") -> dict[str, str]:
    return {
        "shop/decisions/0003-memory.md": OLD.format(status=old, more=says_old),
        "shop/decisions/0007-redis.md": NEW.format(status=new, more=says_new),
    }


@pytest.mark.parametrize(
    ("text", "status", "newer"),
    [
        ("---\nstatus: superseded\nsuperseded-by: 0007-redis.md\n---\n# A\n", "superseded", ("0007-redis.md",)),
        ("---\nreplaces: none\nsuperseded-by: [n/a]\n---\n# A\n", "", ()),
        ("# A\n\n* Status: superseded by [ADR-7](0007-redis.md)\n", "superseded by ADR-7", ("0007-redis.md",)),
        ("# A\n\n## Status\n\nDeprecated in favor of ADR-7.\n", "Deprecated in favor of ADR-7", ("ADR-7",)),
        ("# A\n\n> **Note:** This runbook is deprecated.\n\n## B\n", "deprecated", ()),
        ("# A\n\nThis page has been replaced by [the new one](b.md).\n", "replaced", ("b.md",)),
        ("# A\n\nText.\n\n## B\n\nThis document is superseded by C.\n", "", ()),
        ("# A\n\nThis page is deprecated software's home.\n", "", ()),
        ("# A\n\nThis page says what a deprecated API is.\n", "", ()),
    ],
)
def test_a_document_says_that_its_time_is_over(text: str, status: str, newer: tuple[str, ...]) -> None:
    said = parse_file(text.encode(), "a.md").metadata
    assert (said.status, said.superseded_by) == (status, newer)


@pytest.mark.parametrize(
    ("status", "took"),
    [("accepted", True), ("superseded by 9", True), ("", True), ("proposed", False), ("rejected", False)],
)
def test_only_what_took_force_supersedes(status: str, took: bool) -> None:
    assert took_force(status) is took


@pytest.mark.parametrize(
    "files",
    [
        records("superseded", says_old="superseded-by: ADR-7\n"),
        records("superseded", says_old="superseded-by: 0007-redis.md\n"),
        records(says_new="supersedes: ADR 3\n"),
        records(says_new="replaces: Keep sessions in memory\n"),
    ],
)
def test_what_took_its_place_is_named_by_id_from_either_side(holding: Holding, files: dict[str, str]) -> None:
    shelf = holding(files)
    old = shelf.read("shop/decisions/0003-memory.md")
    assert old.parsed.metadata.superseded_by == ("shop/decisions/0007-redis.md",)
    assert not in_force(old)
    assert in_force(shelf.read("shop/decisions/0007-redis.md"))


def test_a_proposal_supersedes_nothing(holding: Holding) -> None:
    shelf = holding(records(new="proposed", says_new="supersedes: ADR 3\n"))
    assert in_force(shelf.read("shop/decisions/0003-memory.md"))


def test_what_the_caller_may_not_read_is_as_if_it_were_not_there(holding: Holding) -> None:
    files = records(says_new="supersedes: ADR 3\naccess: [group:shop]\n")
    shelf = holding(files)
    assert in_force(shelf.read("shop/decisions/0003-memory.md"))
    assert not in_force(shelf.read("shop/decisions/0003-memory.md", "public", "group:shop"))
    named = holding(records("superseded", says_old="superseded-by: ADR-7\n", says_new="access: [group:shop]\n"))
    assert named.read("shop/decisions/0003-memory.md").parsed.metadata.superseded_by == ("ADR-7",)


def test_the_newer_one_answers_and_the_older_is_marked_where_it_is_cited(holding: Holding) -> None:
    both = holding(records("superseded", says_old="superseded-by: ADR-7\n")).ask(QUESTION)
    assert both.citations[0].document == "shop/decisions/0007-redis.md"
    assert (both.citations[0].tier, both.citations[0].superseded_by) == ("own decision", ())
    alone = records("superseded", says_old="superseded-by: ADR-7\n")
    alone["shop/decisions/0007-redis.md"] = NEW.format(status="accepted", more="").replace("session", "basket")
    answer = holding(alone).ask(QUESTION)
    cited = next(c for c in answer.citations if c.document == "shop/decisions/0003-memory.md")
    assert cited.superseded_by == ("shop/decisions/0007-redis.md",)
    shown = "\n".join(source_lines(answer.citations))
    assert "(adr, superseded, own decision, 2024-02-01, superseded by shop/decisions/0007-redis.md)" in shown
