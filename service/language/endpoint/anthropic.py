"""Anthropic's models, with the extra [anthropic]. The one home of `llama_index.llms.anthropic`."""

from __future__ import annotations

from llama_index.llms.anthropic import Anthropic

from service.language.endpoint.llamaindex_model import LlamaIndexModel
from service.language.endpoint.models import Endpoint


def anthropic(at: Endpoint) -> LlamaIndexModel:
    """The model, at Anthropic's own address unless the settings name another."""
    llm = Anthropic(
        model=at.model,
        base_url=at.url or None,
        api_key=at.key,
        max_tokens=at.reply,
        temperature=0.0,
        timeout=at.seconds,
        max_retries=0,
    )
    return LlamaIndexModel(llm, f"anthropic:{at.model}")
