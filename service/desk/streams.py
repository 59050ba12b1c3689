"""Streams of events that can be taken up again.

A stream is kept for a while after its last event. A caller who lost the connection names the last event they saw and
gets what followed; anyone else's stream is not there. Nothing is kept of work that was given up.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from pydantic import BaseModel

from service.access.principal import Principal

_KEPT_SECONDS = 120.0
_MOST = 256
_BEAT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Event:
    """Its kind, and its data as JSON in one line."""

    kind: str
    data: str


@dataclass(eq=False)
class Stream:
    """The events of one piece of work for one caller. Appended to in the event loop only."""

    who: Principal
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    events: list[Event] = field(default_factory=list)
    ended: bool = False
    since: float = field(default_factory=time.monotonic)
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, kind: str, record: BaseModel | str) -> None:
        """One more event."""
        data = record if isinstance(record, str) else record.model_dump_json()
        self.events.append(Event(kind, data))
        self._grown.set()

    def end(self) -> None:
        """No event follows."""
        self.ended, self.since = True, time.monotonic()
        self._grown.set()

    async def lines(self, after: int = 0) -> AsyncIterator[str]:
        """The events behind the first `after` ones, as server-sent events; a comment where nothing comes for long."""
        at = after
        while True:
            while at < len(self.events):
                event = self.events[at]
                at += 1
                yield f"id: {self.id}.{at}\nevent: {event.kind}\ndata: {event.data}\n\n"
            if self.ended:
                return
            self._grown.clear()
            try:
                await asyncio.wait_for(self._grown.wait(), _BEAT_SECONDS)
            except TimeoutError:
                yield ": still working\n\n"


class Streams:
    """The streams that are kept."""

    def __init__(self) -> None:
        self._kept: dict[str, Stream] = {}

    def new(self, who: Principal) -> Stream:
        """A stream for a caller."""
        now = time.monotonic()
        for name, stream in list(self._kept.items()):
            if (stream.ended and now - stream.since > _KEPT_SECONDS) or len(self._kept) >= _MOST:
                self._kept.pop(name, None)
        made = Stream(who)
        self._kept[made.id] = made
        return made

    def find(self, who: Principal, last_event: str) -> tuple[Stream, int] | None:
        """The caller's stream of that event, and how many events came up to it; None where it is not kept."""
        name, _, number = last_event.rpartition(".")
        stream = self._kept.get(name)
        if stream is None or stream.who != who or not number.isdecimal() or len(number) > 6:
            return None
        return stream, min(int(number), len(stream.events))

    def drop(self, stream: Stream) -> None:
        """Nothing of it is kept."""
        self._kept.pop(stream.id, None)

    def forget(self) -> None:
        """No stream can be taken up again, as after a document was forgotten."""
        self._kept = {}
