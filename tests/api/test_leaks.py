"""What may not be read shows nowhere: every door is asked, over a library and over the same without what is hidden."""

from __future__ import annotations

import pytest

from eval.leaks.run import hunt


def test_no_door_tells_of_what_may_not_be_read() -> None:
    tally = hunt(40, seed=11)
    assert [str(leak) for leak in tally.leaks] == []
    assert tally.total == 40
    assert {200, 404} <= set(tally.statuses)


@pytest.mark.slow
def test_no_door_tells_over_many_libraries() -> None:
    tally = hunt(1000, seed=12)
    assert [str(leak) for leak in tally.leaks] == []
    assert len(tally.cases) >= 12


@pytest.mark.slow
def test_a_door_that_was_left_open_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.access.shelf.may_read", lambda caller, document: True)
    tally = hunt(200, seed=13)
    assert any(leak.probe.path.startswith("/v1/documents") for leak in tally.leaks)
