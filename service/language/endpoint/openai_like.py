"""Any endpoint that speaks the OpenAI protocol; extra [openai]. The one home of `llama_index.llms.openai_like`."""

from __future__ import annotations

from llama_index.llms.openai_like import OpenAILike

from service.language.endpoint.llamaindex_model import LlamaIndexModel
from service.language.endpoint.models import Endpoint


def openai_like(at: Endpoint) -> LlamaIndexModel:
    """The model at an endpoint. Neither key nor address is taken from anywhere but the settings."""
    llm = OpenAILike(
        model=at.model,
        api_base=at.url,
        api_key=at.key or "none",
        is_chat_model=True,
        context_window=at.window,
        max_tokens=at.reply,
        temperature=0.0,
        timeout=at.seconds,
        max_retries=0,
        additional_kwargs={"stream_options": {"include_usage": True}},
    )
    return LlamaIndexModel(llm, f"openai-like:{at.model}")
