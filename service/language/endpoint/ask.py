"""One question to a model, with everything that can go wrong on the way.

Retries with jitter while the failure may pass, the budget lasts and the breaker admits; the reply is read in a thread
of its own, so that an endpoint that drips or falls silent is left at the deadline. A reply that breaks off with an
error is asked for again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from corpus.errors import ModelFailure
from service.language.endpoint.breaker import Breaker
from service.language.endpoint.budget import Meter, estimate
from service.language.endpoint.model import Message, Model, Piece

_ATTEMPTS = 3
_LONGEST = 200_000
_JITTER = wait_random_exponential(multiplier=0.25, max=4.0)


@dataclass(frozen=True, slots=True)
class Line:
    """How a model is reached: through which breaker, and how waiting is done."""

    model: Model
    breaker: Breaker
    sleep: Callable[[float], None] = time.sleep

    def ask(self, messages: Sequence[Message], meter: Meter) -> str:
        """The whole reply. Raises `ModelFailure` when none came in time and within the budget."""
        retrying = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            retry=retry_if_exception(_passes),
            wait=_pause,
            sleep=lambda seconds: self._rest(seconds, meter),
            reraise=True,
        )
        return retrying(self._once, messages, meter)

    def _once(self, messages: Sequence[Message], meter: Meter) -> str:
        """One call, counted."""
        short = meter.short_of(messages)
        if short:
            raise ModelFailure(f"the budget of {short} is used up")
        if not self.breaker.admits():
            raise ModelFailure("the endpoint failed repeatedly and is left alone for a while")
        meter.calls += 1
        try:
            text = self._read(messages, meter)
        except ModelFailure:
            self.breaker.failed()
            raise
        self.breaker.succeeded()
        return text

    def _read(self, messages: Sequence[Message], meter: Meter) -> str:
        """The reply, read until it ends, fails, or time is up; what was spent is charged in every case."""
        pieces: SimpleQueue[Piece | ModelFailure | None] = SimpleQueue()
        stop = Event()
        Thread(target=_pump, args=(self.model, messages, pieces, stop), daemon=True).start()
        said: list[str] = []
        told_in = told_out = 0
        try:
            while True:
                piece = _next(pieces, meter)
                if piece is None:
                    return _whole("".join(said))
                if isinstance(piece, ModelFailure):
                    raise piece
                said.append(piece.text)
                told_in, told_out = piece.tokens_in or told_in, piece.tokens_out or told_out
                if sum(map(len, said)) > _LONGEST:
                    raise ModelFailure("the endpoint does not stop talking")
        finally:
            stop.set()
            asked = estimate("".join(m.text for m in messages))
            meter.charge(told_in or asked, told_out or estimate("".join(said)))

    def _rest(self, seconds: float, meter: Meter) -> None:
        """Wait before another try, where there is time for it."""
        if seconds >= meter.left():
            raise ModelFailure("the endpoint asks for more patience than the answer has")
        self.sleep(seconds)


def _next(pieces: SimpleQueue[Piece | ModelFailure | None], meter: Meter) -> Piece | ModelFailure | None:
    """What comes next, within what is left of the time."""
    try:
        return pieces.get(timeout=max(0.001, meter.left()))
    except Empty:
        return ModelFailure("the endpoint did not answer in time", transient=False)


def _whole(text: str) -> str:
    """The reply. Raises `ModelFailure` on an empty one."""
    if not text.strip():
        raise ModelFailure("the endpoint answered with nothing", transient=True)
    return text


def _pump(
    model: Model, messages: Sequence[Message], pieces: SimpleQueue[Piece | ModelFailure | None], stop: Event
) -> None:
    """Read the reply until it ends or nobody listens."""
    try:
        for piece in model.stream(messages):
            if stop.is_set():
                return
            pieces.put(piece)
        pieces.put(None)
    except ModelFailure as failure:
        pieces.put(failure)
    except Exception as error:  # a bug of ours or a vendor's must end the answer's wait, not the thread alone
        pieces.put(ModelFailure(f"the call failed ({type(error).__name__})"))


def _passes(error: BaseException) -> bool:
    return isinstance(error, ModelFailure) and error.transient


def _pause(state: RetryCallState) -> float:
    """As long as the endpoint asks for, else a random while that grows."""
    failure = state.outcome.exception() if state.outcome else None
    asked = failure.wait if isinstance(failure, ModelFailure) else 0.0
    return asked or float(_JITTER(state))
