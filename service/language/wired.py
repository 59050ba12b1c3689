"""The composer that the settings describe."""

from __future__ import annotations

from corpus.ports import Embedder
from service.answering.composer import ExtractiveComposer
from service.language.composer import LanguageModelComposer, Purse
from service.language.endpoint.ask import Line
from service.language.endpoint.breaker import breaker_of
from service.language.endpoint.budget import Budget, Price
from service.language.endpoint.models import Endpoint, model_at
from service.settings import Settings

_INSTRUCTIONS = 1_500


def language_composer(settings: Settings, embedder: Embedder) -> LanguageModelComposer:
    """Raises `UsageError` where something is missing."""
    at = Endpoint(
        kind=settings.composer,
        model=settings.llm_model,
        url=settings.llm_url,
        key=settings.llm_key.get_secret_value(),
        window=settings.llm_window,
        reply=settings.llm_reply,
        seconds=settings.llm_seconds,
    )
    model = model_at(at)
    purse = Purse(
        budget=Budget(settings.llm_tokens, settings.llm_calls, settings.llm_seconds),
        evidence=max(500, (settings.llm_window - 2 * settings.llm_reply - _INSTRUCTIONS) // 2),
        prices={name: Price(*pair) for name, pair in settings.llm_prices.items()},
    )
    line = Line(model, breaker_of(f"{at.kind} {at.url} {at.model}"))
    return LanguageModelComposer(line, embedder, ExtractiveComposer(), purse)
