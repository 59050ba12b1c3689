"""What was done for a request, told by stage to whoever collects traces. Off unless the settings name a collector.

A trace has no word of a question or a document: the request's id, the stages with their times, and how it ended. The
wait for a thread is a stage like the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from service.asker import Asker
from service.stages import Stage, watching

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trace:
    """A piece of work that has ended. Times in nanoseconds since 1970; `failed` is the name of the error, or ""."""

    name: str
    request: str
    began: int
    ended: int
    stages: tuple[Stage, ...]
    status: str
    failed: str


class Collector(Protocol):
    """Takes traces. Never raises, never waits."""

    def tell(self, trace: Trace) -> None:
        """One more."""

    def close(self) -> None:
        """Hand over what is left."""


class Nobody:
    """Collects nothing."""

    def tell(self, trace: Trace) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def collector(address: str) -> Collector:
    """The collector at an address, "" being none."""
    if not address:
        return Nobody()
    from service.desk.otlp import OtlpCollector

    return OtlpCollector(address)


def traced(to: Collector, name: str, request: str, work: Callable[[Asker], T]) -> Callable[[Asker], T]:
    """The work, of which is told when it has ended. It is taken to be asked for now."""
    asked = time.time_ns()

    def run(asker: Asker) -> T:
        begun, status, failed = time.time_ns(), "", ""
        with watching() as stages:
            try:
                result = work(asker)
                status = str(getattr(result, "status", ""))
                return result
            except BaseException as error:
                failed = type(error).__name__
                raise
            finally:
                seen = (Stage("wait", asked, begun), *stages)
                to.tell(Trace(name, request, asked, time.time_ns(), seen, status, failed))

    return run
