"""What documents say of themselves is read, and nothing else."""

from __future__ import annotations

import pytest

from corpus.documents import Kind, Metadata
from ingest.parse.text.markdown import parse_text


def said(text: str) -> Metadata:
    return parse_text(text, "docs/x.md").metadata


def test_front_matter_has_the_first_word() -> None:
    meta = said(
        "---\ntitle: Queue choice\nstatus: accepted\nlast_updated: 2024-05-06\nauthors:\n  - Ann\n  - Bo\n"
        "supersedes: [0003-old.md]\nsuperseded-by: '0009'\naccess: [group:core]\nservice: orders\n---\n# Other\n\n"
        "* Status: rejected\n"
    )
    assert meta == Metadata(
        title="Queue choice",
        status="accepted",
        date="2024-05-06",
        owner="Ann, Bo",
        supersedes=("0003-old.md",),
        superseded_by=("0009",),
        service="orders",
        access=("group:core",),
    )


def test_madr() -> None:
    meta = said(
        "# Use Postgres\n\n* Status: superseded by [ADR-0005](0005-use-x.md)\n* Deciders: Ann, Bo\n"
        "* Date: 2021-03-04\n\n"
        "## Context and Problem Statement\n\nText.\n\n## Considered Options\n\n* A\n\n## Decision Outcome\n\nA.\n"
    )
    assert meta == Metadata(
        title="Use Postgres",
        kind="adr",
        status="superseded by ADR-0005",
        date="2021-03-04",
        owner="Ann, Bo",
        superseded_by=("0005-use-x.md",),
    )


def test_nygard() -> None:
    meta = said(
        "# 2. Use events\n\nDate: 2020-01-02\n\n## Status\n\nAccepted\n\n"
        "Supersedes [1. Use calls](0001-use-calls.md)\n\n"
        "## Context\n\nText.\n\n## Decision\n\nText.\n\n## Consequences\n\nText.\n"
    )
    assert (meta.kind, meta.status, meta.date) == ("adr", "Accepted", "2020-01-02")
    assert meta.supersedes == ("0001-use-calls.md",)


def test_kep() -> None:
    meta = said(
        "# KEP-1234: Faster pods\n\n## Summary\n\nText.\n\n## Implementation History\n\n- 2019-05-01: begun\n"
        "- 2021-07-30: beta\n"
    )
    assert (meta.title, meta.kind, meta.status, meta.date) == ("KEP-1234: Faster pods", "design", "", "2021-07-30")


def test_bold_keys_and_tables_are_headers_too() -> None:
    assert said("# A\n\n**Status:** Draft  \n**Owner:** Team X\n").status == "Draft"
    meta = said("# A\n\n| Field | Value |\n|---|---|\n| Status | Approved |\n| Owner | Ann |\n")
    assert (meta.status, meta.owner) == ("Approved", "Ann")


@pytest.mark.parametrize(
    "text",
    [
        "# Alert\n\nStatus: the pod is failing to start\n",
        "# Alert\n\nText.\n\n## Diagnosis\n\nStatus: accepted\n",
        "# Pods\n\n## Status\n\nThe field shows whether a pod runs.\n",
        "---\nstatus:\ndate: soon\n---\n# A\n",
        "# A\n\nDate: 03/04/2020\n",
        "# A\n\nDate: 2020-02-31\n",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    meta = said(text)
    assert (meta.status, meta.date, meta.owner) == ("", "", "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# NodeDown\n\n## Meaning\n\na\n\n## Impact\n\nb\n\n## Diagnosis\n\nc\n", "runbook"),
        ("# Outage of 3 May: postmortem\n", "postmortem"),
        ("# Outage\n\n## Timeline\n\n## Root cause\n\n## Action items\n", "postmortem"),
        ("---\ntype: Runbook\n---\ntext\n", "runbook"),
        ("# Guide\n\n## Impact\n\n## Context\n", None),
        ("# Introduction\n\n## References\n", None),
    ],
)
def test_kind(text: str, kind: Kind | None) -> None:
    assert said(text).kind == kind


def test_the_title_is_the_first_heading_of_the_first_level() -> None:
    assert said("# `One` *two*\n\n# Three\n").title == "One two"
    assert said("## Note\n\n# One\n\n## Two\n").title == "One"
    assert said("## One\n\n## Two\n\n## Three\n\n# Appendix\n").title == ""


@pytest.mark.parametrize("value", ["", "[]", "{a: b}", "true"])
def test_an_access_set_that_says_nothing_does_not_mean_public(value: str) -> None:
    assert said(f"---\naccess: {value}\n---\ntext\n").access == ("",)
