"""A lease keeps the real index open, and gives it back in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from corpus.errors import StoreBusy
from ingest.index.embedded import EmbeddedIndex, open_embedded
from service.lease import Lease


class Door:
    """Opens the embedded index and counts."""

    def __init__(self, folder: Path) -> None:
        self.opened: list[bool] = []
        self.open = partial(open_embedded, folder, dimension=4, encoder_identity="e", lexical_identity="l", wait=0.0)

    @contextmanager
    def __call__(self, *, fresh: bool = False) -> Iterator[EmbeddedIndex]:
        self.opened.append(fresh)
        with self.open(fresh=fresh) as index:
            yield index


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path / "index")


def is_free(door: Door) -> bool:
    try:
        door.open().close()
    except StoreBusy:
        return False
    return True


def test_it_stays_open_between_questions_and_is_given_back(door: Door) -> None:
    lease = Lease(door, seconds=60)
    with lease() as first:
        pass
    with lease() as second:
        assert second is first
    assert door.opened == [False]
    assert not is_free(door)
    lease.close()
    lease.close()
    assert is_free(door)
    with lease() as third:
        assert list(third.scan()) == []
    lease.close()


def test_others_get_in_when_its_time_is_over(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[bool] = []
    monkeypatch.setattr(time, "sleep", lambda seconds: slept.append(is_free(door)))
    lease = Lease(door, seconds=-1)
    for _ in range(3):
        with lease():
            assert not is_free(door)
    assert slept == [True, True]
    assert door.opened == [False] * 3
    lease.close()


def test_a_fresh_one_is_closed_at_once(door: Door) -> None:
    lease = Lease(door, seconds=60)
    with lease():
        pass
    with lease(fresh=True):
        assert not is_free(door)
    assert is_free(door)
    assert door.opened == [False, True]


def test_an_error_ends_the_lease(door: Door) -> None:
    lease = Lease(door, seconds=60)
    with pytest.raises(ZeroDivisionError), lease():
        raise ZeroDivisionError
    assert is_free(door)
    with door.open(), pytest.raises(StoreBusy), lease():
        pytest.fail("two at once")
    with lease() as index:
        assert list(index.scan()) == []
    lease.close()
