"""Any LlamaIndex language model behind the port of ours, its errors translated.

Nothing of what an endpoint writes into an error is repeated: it may echo a key, or the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.llms import LLM

from corpus.errors import ModelFailure
from service.language.endpoint.model import Message, Piece

_PASSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_IN = ("prompt_tokens", "input_tokens", "prompt_eval_count")
_OUT = ("completion_tokens", "output_tokens", "eval_count")


class LlamaIndexModel:
    """A model of LlamaIndex. `name` is `KIND:MODEL`."""

    def __init__(self, llm: LLM, name: str) -> None:
        self._llm = llm
        self.name = name

    def stream(self, messages: Sequence[Message]) -> Iterator[Piece]:
        """The reply as it comes. Raises `ModelFailure`."""
        said = [ChatMessage(role=MessageRole(m.role), content=m.text) for m in messages]
        try:
            for response in self._llm.stream_chat(said):
                yield Piece(response.delta or "", _count(response, _IN), _count(response, _OUT))
        except Exception as error:  # vendors have no error in common
            raise translated(error) from error


def translated(error: Exception) -> ModelFailure:
    """A vendor's error in our tree: its HTTP status or its kind, whether it may pass, and how long to wait."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return ModelFailure(f"the endpoint failed ({type(error).__name__})", transient=True)
    wait = _seconds(getattr(getattr(error, "response", None), "headers", None))
    return ModelFailure(f"the endpoint answered with HTTP status {status}", transient=status in _PASSES, wait=wait)


def _seconds(headers: object) -> float:
    """What Retry-After says, in seconds; 0 where it says nothing that is a number."""
    value = headers.get("retry-after", "") if isinstance(headers, Mapping) or hasattr(headers, "get") else ""
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return 0.0


def _count(response: ChatResponse, names: Sequence[str]) -> int:
    """The count that a response carries under one of the names that vendors give it."""
    raw = response.raw
    usage = raw.get("usage") if isinstance(raw, Mapping) else getattr(raw, "usage", None)
    places: list[Any] = [response.additional_kwargs, usage, raw, response.message.additional_kwargs.get("usage")]
    for place in places:
        for name in names:
            value = place.get(name) if isinstance(place, Mapping) else getattr(place, name, None)
            if isinstance(value, int) and value > 0:
                return value
    return 0
