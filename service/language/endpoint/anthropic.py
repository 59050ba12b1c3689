"""Anthropic's models, with the extra [anthropic]. The one home of `llama_index.llms.anthropic`."""

from __future__ import annotations

from llama_index.llms.anthropic import Anthropic
from llama_index.llms.anthropic.utils import CLAUDE_MODELS

from service.language.endpoint.llamaindex_model import LlamaIndexModel
from service.language.endpoint.models import Endpoint


def anthropic(at: Endpoint) -> LlamaIndexModel:
    """The model, at Anthropic's own address unless the settings name another.

    The vendor package refuses names that are not in a list of its own, so a new model is put there first.
    """
    CLAUDE_MODELS.setdefault(at.model, at.window)
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
