"""A model that Ollama serves. The one home of `llama_index.llms.ollama`."""

from __future__ import annotations

from weakref import finalize

from llama_index.llms.ollama import Ollama

from service.language.endpoint.llamaindex_model import LlamaIndexModel
from service.language.endpoint.models import Endpoint


def ollama(at: Endpoint) -> LlamaIndexModel:
    """The model at an endpoint, asked for JSON. The vendor's client never closes its connections: they end with it."""
    llm = Ollama(
        model=at.model,
        base_url=at.url,
        temperature=0.0,
        context_window=at.window,
        request_timeout=at.seconds,
        json_mode=True,
        additional_kwargs={"num_predict": at.reply},
        headers={"Authorization": f"Bearer {at.key}"} if at.key else None,
    )
    model = LlamaIndexModel(llm, f"ollama:{at.model}")
    finalize(model, llm.client._client.close)
    return model
