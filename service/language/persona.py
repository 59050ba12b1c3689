"""What a model is told before it is asked: the persona and the rules of the contract, as data with a hash."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def persona() -> str:
    """The instructions."""
    return Path(__file__).with_name("persona.md").read_text("utf-8")


@cache
def persona_hash() -> str:
    """The hash that goes into an answer's fingerprint."""
    return hashlib.sha256(persona().encode()).hexdigest()[:12]
