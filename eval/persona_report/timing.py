"""What the sentence contract takes of an answer, measured where its verdicts are asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from service.answer import Verdict
from service.grounding.claim import Claim, Ground
from service.grounding.contract import judge

_ASKING = ("service.answering.assemble", "service.protocols.scribe", "service.language.settle")


@contextmanager
def contract_timed(spent: list[float]) -> Iterator[None]:
    """While it lasts every verdict adds its milliseconds to the last entry of `spent`, sentences that are dropped
    included. The functions are put back at the end."""

    def timed(claim: Claim, ground: Ground) -> Verdict:
        began = time.perf_counter()
        verdict = judge(claim, ground)
        spent[-1] += 1000 * (time.perf_counter() - began)
        return verdict

    modules = [import_module(name) for name in _ASKING]
    try:
        for module in modules:
            setattr(module, judge.__name__, timed)
        yield
    finally:
        for module in modules:
            setattr(module, judge.__name__, judge)
