"""Settings -> the model that they name. No vendor is a default: what is not named is an error, told in one line."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.errors import UsageError
from service.language.endpoint.model import Model

_TOLD = "See aether settings"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is and how it is asked.

    kind     "openai-like", "ollama" or "anthropic"
    window   tokens that it can take in
    reply    tokens that one reply may have
    seconds  until a silent connection is given up
    """

    kind: str
    model: str
    url: str
    key: str
    window: int
    reply: int
    seconds: float


def model_at(at: Endpoint) -> Model:
    """The model. Raises `UsageError` where a setting or an installed package is missing."""
    if not at.model:
        raise UsageError(f"the composer {at.kind} needs a model", item="AETHER_LLM_MODEL", next_step=_TOLD)
    if not at.url and at.kind != "anthropic":
        raise UsageError(f"the composer {at.kind} needs an address", item="AETHER_LLM_URL", next_step=_TOLD)
    if not at.key and at.kind == "anthropic":
        raise UsageError("the composer anthropic needs a key", item="AETHER_LLM_KEY", next_step=_TOLD)
    try:
        return _model(at)
    except ImportError as error:
        raise UsageError(
            f"the composer {at.kind} is not installed",
            item="AETHER_COMPOSER",
            next_step=f"Install it: pip install 'aether-assistant[{at.kind.removesuffix('-like')}]'",
        ) from error


def _model(at: Endpoint) -> Model:
    """The model, by the adapter of its kind, which is imported for whom it is asked."""
    if at.kind == "openai-like":
        from service.language.endpoint.openai_like import openai_like

        return openai_like(at)
    if at.kind == "ollama":
        from service.language.endpoint.ollama import ollama

        return ollama(at)
    from service.language.endpoint.anthropic import anthropic

    return anthropic(at)
