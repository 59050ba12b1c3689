"""The protocols by name: what each is asked, how it runs, what it hands back.

::

    protocol = PROTOCOLS["review"]
    report = protocol.run(who, protocol.request.model_validate(body), caller)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.asker import Asker
from service.protocols.assess.assess import assess
from service.protocols.intake.intake import intake
from service.protocols.premortem.premortem import premortem
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
    """One protocol. `run` gets who is asked, the request, and the caller's access set, and raises what asking does."""

    name: str
    says: str
    request: type[_Asked]
    report: type[_Report]
    run: Callable[[Asker, _Asked, frozenset[str]], _Report]


_ALL: tuple[Protocol, ...] = (  # type: ignore[type-arg]
    Protocol("review", "A proposal against the standard lens and the library", ReviewRequest, ReviewReport, review),
    Protocol("adr", "A decision record drafted from what the library says", RecordRequest, RecordReport, adr),
    Protocol("intake", "What a new initiative states and leaves open", IntakeRequest, IntakeReport, intake),
    Protocol("assess", "The current state of a system, in figures", AssessRequest, AssessReport, assess),
    Protocol(
        "premortem", "How a proposal may fail, from what failed before", PremortemRequest, PremortemReport, premortem
    ),
)
PROTOCOLS = {protocol.name: protocol for protocol in _ALL}
