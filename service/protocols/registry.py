"""The protocols by name: what each is asked, how it runs, what it hands back.

::

    protocol = PROTOCOLS["review"]
    report = protocol.run(who, protocol.request.model_validate(body), caller)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from service.answering.refuse import declined, declined_text
from service.asker import Asker
from service.protocols.assess.assess import assess
from service.protocols.intake.intake import intake
from service.protocols.intake.maturity import UNKNOWN
from service.protocols.premortem.premortem import premortem
from service.protocols.reading import Declined
from service.protocols.record.draft import adr
from service.protocols.report import AssessReport, IntakeReport, PremortemReport, RecordReport, Report, ReviewReport
from service.protocols.request import (
    Asked,
    AssessRequest,
    IntakeRequest,
    PremortemRequest,
    RecordRequest,
    ReviewRequest,
)
from service.protocols.review.review import review

_Asked = TypeVar("_Asked", bound=Asked)
_Report = TypeVar("_Report", bound=Report)


@dataclass(frozen=True, slots=True)
class Protocol(Generic[_Asked, _Report]):
    """One protocol. `work` makes its report; `empty` is what stands in the fields of its own where nothing was done."""

    name: str
    says: str
    request: type[_Asked]
    report: type[_Report]
    work: Callable[[Asker, _Asked, frozenset[str]], _Report]
    empty: Callable[[_Asked], dict[str, Any]]

    def run(self, who: Asker, asked: _Asked, caller: frozenset[str]) -> _Report:
        """The report for a caller, or the refusal of what the policy refuses. Raises what asking does."""
        began = time.perf_counter()
        try:
            return self.work(who, asked, caller)
        except Declined as refused:
            return self.report(
                title="Not done",
                refusal=declined(refused.ruling),
                text=declined_text(refused.ruling),
                sentences=(),
                citations=(),
                fingerprint=who.engine.fingerprint(caller),
                timing_ms={"policy": round(1000 * (time.perf_counter() - began), 2)},
                **self.empty(asked),
            )


_ALL: tuple[Protocol, ...] = (  # type: ignore[type-arg]
    Protocol(
        "review",
        "A proposal against the standard lens and the library",
        ReviewRequest,
        ReviewReport,
        review,
        lambda asked: {"name": asked.name, "native": False, "coverage": ()},
    ),
    Protocol(
        "adr",
        "A decision record drafted from what the library says",
        RecordRequest,
        RecordReport,
        adr,
        lambda asked: {},
    ),
    Protocol(
        "intake",
        "What a new initiative states and leaves open",
        IntakeRequest,
        IntakeReport,
        intake,
        lambda asked: {"stated": (), "maturity": UNKNOWN},
    ),
    Protocol(
        "assess",
        "The current state of a system, in figures",
        AssessRequest,
        AssessReport,
        assess,
        lambda asked: {"system": "", "figures": ()},
    ),
    Protocol(
        "premortem",
        "How a proposal may fail, from what failed before",
        PremortemRequest,
        PremortemReport,
        premortem,
        lambda asked: {"modes": ()},
    ),
)
PROTOCOLS = {protocol.name: protocol for protocol in _ALL}
