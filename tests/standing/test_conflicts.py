"""Documents that disagree: both sides are said, dated and cited, with the rule of precedence; others are left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pytest

from service.answer import Answer
from service.policy.flag import CAVEAT


class Shelf(Protocol):
    """What the fixture `holding` gives."""

    def ask(self, question: str, *access: str, source: str = "") -> Answer: ...


Holding = Callable[[dict[str, str]], Shelf]
Said = dict[str, str]

BUFFER = "The buffer of the mail relay keeps undelivered messages for {} before it drops them."
ASKED = "How long does the buffer of the mail relay keep undelivered messages?"
SHORT, LONG = BUFFER.format("4 hours"), BUFFER.format("3 days")
MEASURED: Said = {"tier": "own measurement"}
RULES: list[tuple[Said, Said, str]] = [
    ({"status": "proposed"}, {"status": "accepted"}, "accepted over proposed"),
    ({"date": "2024-01-01"}, {"date": "2026-02-02"}, "newer revision over older"),
    ({"status": "deprecated"}, {"status": "accepted"}, "a document in force over one whose time is over"),
    ({"status": "accepted"}, {"status": "accepted", "supersedes": "0001-one.md"}, "superseding over superseded"),
    ({"tier": "vendor documentation"}, MEASURED, "own measurement over vendor claim"),
    ({"date": "2026-02-02", "status": "draft"}, {"status": "accepted"}, "accepted over proposed"),
    ({}, {}, ""),
]
CLASHES = [
    ("The relay must not retry a message that the mailbox refused.", "must not retry", "must retry"),
    ("Messages of the mail relay are stored in Postgres until they are sent.", "Postgres", "Cassandra"),
    ("Encryption between mail relay and mailbox is enabled for every tenant.", "enabled", "disabled"),
    ("The mail relay compares 200 senders with the block list.", "200", "350"),
    ("The mail relay waits 300 ms at p99 for the mailbox.", "300 ms", "0.9 s"),
]
HARMLESS = [
    (SHORT, BUFFER.format("240 minutes")),
    (f"In production: {SHORT}", f"In staging: {LONG}"),
    (f"With v1.4: {SHORT}", f"With v1.5: {LONG}"),
    (BUFFER.format("at least 4 hours"), BUFFER.format("at most 3 days")),
    (SHORT, LONG.replace("mail relay", "audit log")),
    (SHORT, f"For example: {LONG}"),
    (SHORT, f"{LONG[:-1]} unless the mailbox is full."),
    ("The mail relay waits 300 ms at p99 for the mailbox.", "The mail relay waits 20 ms at p50 for the mailbox."),
    ("The primary mail relay answers in 200 ms at noon.", "The standby mail relay answers in 900 ms at noon."),
    ("The relay retries if the mailbox is full and busy.", "The relay retries when the mailbox is empty and busy."),
]


def page(title: str, text: str, said: Said) -> str:
    front = "\n".join(f"{name}: {value}" for name, value in said.items())
    return f"---\ntitle: {title}\n{front}\n---\n\n# {title}\n\n{text}\n"


def beside(source: str, one: str, other: str, first: Said, second: Said) -> dict[str, str]:
    return {
        f"{source}/0001-one.md": page("Mail relay", one, first),
        f"{source}/0002-two.md": page("Mail relay", other, second),
    }


@pytest.fixture(scope="module")
def shelf(holding: Holding) -> Shelf:
    files: dict[str, str] = {}
    for i, (first, second, _) in enumerate(RULES):
        files |= beside(f"r{i}", SHORT, LONG, first, second)
    for i, (text, own, other) in enumerate(CLASHES):
        files |= beside(f"c{i}", text, text.replace(own, other), {"date": "2025-01-01"}, {"date": "2026-01-01"})
    for i, (one, other) in enumerate(HARMLESS):
        files |= beside(f"h{i}", one, other, {}, {})
    files |= beside("secret", SHORT, LONG, {}, {"access": "[group:mail]"})
    alert = "This alert fires when the probe has failed for more than {} in a row."
    files["alerts/KubeAPIDown.md"] = page("KubeAPIDown", alert.format("5 minutes"), {})
    files["alerts/KubeletDown.md"] = page("KubeletDown", alert.format("15 minutes"), {})
    return holding(files)


@pytest.mark.parametrize("at", range(len(RULES)))
def test_both_sides_are_said_with_the_rule(shelf: Shelf, at: int) -> None:
    rule = RULES[at][2]
    answer: Answer = shelf.ask(ASKED, source=f"r{at}")
    (conflict,) = answer.conflicts
    documents = {c.number: c.document.rpartition("/")[2] for c in answer.citations}
    sides = {(documents[s.citation], s.says, s.date) for s in conflict.sides}
    dates = [said.get("date", "") for said in RULES[at][:2]]
    assert sides == {("0001-one.md", "4 hours", dates[0]), ("0002-two.md", "3 days", dates[1])}
    assert conflict.rule == rule
    assert documents.get(conflict.prevails or 0) == ("0002-two.md" if rule else None)
    (told,) = [s.text for s in answer.sentences if s.kind == "notice" and s.text != CAVEAT]
    assert (f"takes precedence: {rule}" if rule else "no rule of precedence decides") in told
    assert told in answer.text
    assert "4 hours" in answer.text
    assert "3 days" in answer.text
    if rule:
        assert answer.text.index("3 days") < answer.text.index("4 hours")
    assert all(s.citations and s.verdict.supported for s in answer.sentences if s.kind != "notice")


@pytest.mark.parametrize("at", range(len(CLASHES)))
def test_decisions_denials_and_values_clash(shelf: Shelf, at: int) -> None:
    question = "What is said of the mail relay, its messages, senders, mailbox and encryption?"
    answer = shelf.ask(question, source=f"c{at}")
    assert [c.rule for c in answer.conflicts] == ["newer revision over older"]


@pytest.mark.parametrize("at", range(len(HARMLESS)))
def test_other_scopes_versions_bounds_and_subjects_are_no_conflict(shelf: Shelf, at: int) -> None:
    question = "What does the mail relay do, and how long does it wait or keep undelivered messages?"
    assert shelf.ask(question, source=f"h{at}").conflicts == ()


def test_the_same_boilerplate_in_runbooks_of_two_alerts_is_no_conflict(shelf: Shelf) -> None:
    assert shelf.ask("When does the alert fire if the probe has failed?", source="alerts").conflicts == ()


def test_a_side_that_the_caller_may_not_read_is_not_there(shelf: Shelf) -> None:
    without = shelf.ask(ASKED, source="secret")
    assert (without.conflicts, "3 days" in without.text) == ((), False)
    assert len(shelf.ask(ASKED, "public", "group:mail", source="secret").conflicts) == 1
