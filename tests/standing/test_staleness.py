"""What an answer makes of sources whose time is over: a notice, or a refusal where today's state is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.answer import Answer
from service.persona.lint import lint

Holding = Callable[[dict[str, str]], Any]

OLD = (
    "---\ntitle: Sessions of the shop\nkind: adr\nstatus: {status}\ndate: 2024-02-01\n{more}---\n"
    "# Sessions of the shop\n\nThe session store of the shop keeps a session for 30 minutes in memory.\n"
)
QUESTION = "How long does the session store of the shop keep a session?"
NEW = (
    "---\ntitle: Carts of the shop\nkind: adr\nstatus: accepted\ndate: 2026-02-01\n---\n"
    "# Carts of the shop\n\nThe cart of the shop is written to the ledger when the session ends.\n"
)


def old(status: str = "deprecated", more: str = "") -> dict[str, str]:
    return {"shop/decisions/0003-sessions.md": OLD.format(status=status, more=more)}


def notices(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.kind == "notice"]


@pytest.mark.parametrize("status", ["deprecated", "superseded", "withdrawn"])
def test_an_answer_from_ended_sources_alone_says_so(holding: Holding, status: str) -> None:
    answer = holding(old(status)).ask(QUESTION)
    assert answer.status == "grounded"
    assert "30 minutes" in answer.text
    assert notices(answer) == [
        "Only documents whose time is over speak of this: [1], superseded or deprecated. "
        "No current document that does was found."
    ]
    assert answer.text.endswith(f"*{notices(answer)[0]}*")
    assert "P13" not in lint(answer).broken


def test_what_took_its_place_is_named(holding: Holding) -> None:
    files = old(more="superseded-by: 0009-carts.md\n") | {"shop/decisions/0009-carts.md": NEW}
    answer = holding(files).ask(QUESTION)
    (said,) = notices(answer)
    assert said.startswith("Source [1] is superseded by `shop/decisions/0009-carts.md`: check")


def test_what_took_its_place_is_named_only_to_those_who_may_read_it(holding: Holding) -> None:
    files = old() | {
        "vault/0009-carts.md": NEW.replace("status: accepted", "status: accepted\nsupersedes: Sessions of the shop"),
        "vault/.aether-access": "group:finance\n",
    }
    shelf = holding(files)
    assert "0009-carts" in shelf.ask(QUESTION, "public", "group:finance").model_dump_json()
    assert "0009-carts" not in shelf.ask(QUESTION).model_dump_json()


@pytest.mark.parametrize(
    "question",
    [
        "How long does the session store of the shop currently keep a session?",
        "Does the session store of the shop still keep a session for 30 minutes?",
        "What is the current session time of the session store of the shop?",
    ],
)
def test_what_holds_today_is_not_told_from_what_has_ended(holding: Holding, question: str) -> None:
    answer = holding(old()).ask(question)
    assert answer.refusal is not None
    assert answer.refusal.reason == "stale_only"
    assert answer.refusal.nearest == ("shop/decisions/0003-sessions.md",)
    assert answer.text.startswith("**Only superseded or deprecated documents speak of this.**")
    assert {s.verdict.check for s in answer.dropped} == {"staleness"}
    assert answer.violations == ()


def test_who_asks_for_the_old_gets_it(holding: Holding) -> None:
    answer = holding(old()).ask("How long did the old session store of the shop keep a session, still in memory?")
    assert answer.status == "grounded"
    assert "30 minutes" in answer.text


@pytest.mark.parametrize("status", ["accepted", "proposed", "''"])
def test_what_has_not_ended_is_told_without_notice(holding: Holding, status: str) -> None:
    answer = holding(old(status)).ask("How long does the session store of the shop currently keep a session?")
    assert answer.status == "grounded"
    assert notices(answer) == []


def test_of_a_disagreement_that_a_rule_decides_one_notice_is_enough(holding: Holding) -> None:
    newer = OLD.format(status="accepted", more="").replace("30 minutes in memory", "12 hours in Redis")
    files = old(more="superseded-by: 0007-redis.md\n") | {"shop/decisions/0007-redis.md": newer}
    answer = holding(files).ask(QUESTION)
    assert "12 hours" in answer.text
    assert len(notices(answer)) <= 1
    assert not any("time is over" in said for said in notices(answer))


# --- real editions of runbooks, the older of which is marked as superseded

CHANGED = (
    "patroni/gcs-snapshots.md",
    "monitoring/filesystem_alerts.md",
    "monitoring/prometheus-empty-sd.md",
    "cloudflare/logging.md",
    "frontend/block-things-in-haproxy.md",
    "sidekiq/large-pull-mirror-queue.md",
    "uncategorized/staging-environment.md",
    "uncategorized/deploycmd.md",
)


def title(text: str) -> str:
    return next(line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("#"))


@pytest.mark.quality
def test_the_older_edition_never_passes_for_todays(holding: Holding, shared: Path) -> None:
    editions = [shared / "data/versioned_docs" / f"gitlab-runbooks-{day}" for day in ("2020-11", "2022-02")]
    told = {name: [(edition / name).read_text("utf-8") for edition in editions] for name in CHANGED}
    head = "---\nstatus: superseded\nsuperseded-by: new/{}\n---\n"
    alone = holding({f"old/{name}": head.format(name) + older for name, (older, _) in told.items()})
    beside = holding(
        {f"old/{name}": head.format(name) + older for name, (older, _) in told.items()}
        | {f"new/{name}": newer for name, (_, newer) in told.items()}
    )
    for name, (older, _) in told.items():
        answer = alone.ask(f"What does the runbook {title(older)} say?")
        assert answer.refusal or "time is over" in notices(answer)[-1], name
        today = alone.ask(f"What does the runbook {title(older)} currently say?")
        assert today.refusal is not None, name
        answer = beside.ask(f"What does the runbook {title(older)} currently say?")
        cited = [c.document.partition("/")[0] for c in answer.citations]
        assert answer.refusal or cited[0] == "new", name
        assert answer.refusal or "old" not in cited or notices(answer), name
