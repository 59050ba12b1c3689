"""The doors of OpenAI's API: `POST /v1/chat/completions` and `GET /v1/models`.

Programs that speak to a language model speak to Aether unchanged. The last message of the user is the question; a
protocol is a model. Citations are in the text, `[1]` with a list of sources, and are annotations of the message.
Sampling settings are accepted and change nothing: an answer is what the documents say. One more field is read,
`audience`, which clients send as an extra one (`extra_body` of the `openai` client).
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from corpus.errors import NotFound, UsageError
from service.access.principal import Principal
from service.answer import Answer
from service.answering.view import Audience
from service.api.callers import Caller, ServiceOf
from service.api.routes.chat_text import Message, annotated
from service.api.routes.protocols import bare
from service.asker import LENGTHS
from service.desk.service import Service, request_of
from service.protocols.registry import PROTOCOLS
from service.protocols.report import Report
from service.talking.follow import follow

router = APIRouter(tags=["openai"])
_ASKING = {"aether": "normal", "aether-brief": "brief", "aether-full": "full"}
_TEXT_FIELDS = ("text", "question", "system")


class Part(BaseModel):
    """A part of a message. Only text is read."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """A message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def words(self) -> str:
        """Its text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in ("text", "input_text"))
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream carries beside the text."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


_CHAT: dict[str, Any] = {
    "model": "aether",
    "messages": [{"role": "user", "content": "How do I restore the ledger?"}],
}


class Chat(BaseModel):
    """A request for a completion. What is not read here is accepted and changes nothing."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [_CHAT]})

    model: Annotated[str, Field(max_length=100)] = "aether"
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=500)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    audience: Annotated[Audience | None, Field(description="Whom the answer is for; protocols do not read it.")] = None

    def question(self) -> str:
        """What the user said last. Raises `UsageError`."""
        said = [message.words() for message in self.messages if message.role == "user"]
        if not said or not said[-1].strip():
            raise UsageError("no message of the user", next_step="Let the last message be the question")
        return said[-1]

    def earlier(self) -> list[str]:
        """What the user said before that."""
        return [message.words() for message in self.messages if message.role == "user"][:-1]


class Model(BaseModel):
    """A protocol under the name of a model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 1_790_000_000
    owned_by: Literal["aether"] = "aether"


class Models(BaseModel):
    """The models."""

    object: Literal["list"] = "list"
    data: list[Model]


def names() -> list[str]:
    """The models' names."""
    return [*_ASKING, *(f"aether-{name}" for name in PROTOCOLS)]


@router.get("/v1/models")
async def models(who: Caller) -> Models:
    """The protocols, as models."""
    return Models(data=[Model(id=name) for name in names()])


@router.get("/v1/models/{model}")
async def model(who: Caller, model: str) -> Model:
    """One of them."""
    return Model(id=_known(model))


@router.post("/v1/chat/completions", response_model=None)
async def complete(body: Chat, who: Caller, service: ServiceOf, http: Request) -> dict[str, Any] | StreamingResponse:
    """Answer the last message of the user, as a completion or as a stream of them."""
    made = await _made(service, who, body, http)
    message = annotated(made, str(http.base_url))
    head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": body.model}
    usage = _usage(made)
    if body.stream:
        wanted = usage if body.stream_options and body.stream_options.include_usage else None
        return StreamingResponse(_chunks(head, message, wanted), media_type="text/event-stream")
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": message.text, "refusal": None, "annotations": message.annotations},
        "logprobs": None,
        "finish_reason": "stop",
    }
    return {**head, "object": "chat.completion", "choices": [choice], "usage": usage}


async def _made(service: Service, who: Principal, body: Chat, http: Request) -> Answer | Report:
    name, question, request = _known(body.model), body.question(), http.state.request_id
    if name in _ASKING:
        asked = request_of(
            who, follow(body.earlier(), question)[:4000], length=LENGTHS[_ASKING[name]], audience=body.audience or ""
        )
        return await service.ask(who, asked, http=request)
    protocol = PROTOCOLS[name.removeprefix("aether-")]
    field = next(field for field in _TEXT_FIELDS if field in protocol.request.model_fields)
    try:
        brought = protocol.request.model_validate({field: question})
    except ValueError as error:
        raise UsageError(f"the message does not fit {name}", next_step="Send a shorter one") from error
    return await service.run_protocol(who, protocol.name, bare(brought), http=request)


def _known(model: str) -> str:
    if model not in names():
        raise NotFound("no such model", item=model, next_step=f"Choose one of {', '.join(names())}")
    return model


def _usage(made: Answer | Report) -> dict[str, int]:
    """Tokens of a language model; none where none was asked."""
    spent = made.usage if isinstance(made, Answer) else None
    tokens = (spent.tokens_in, spent.tokens_out) if spent else (0, 0)
    return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}


async def _chunks(head: dict[str, Any], message: Message, usage: dict[str, int] | None) -> AsyncIterator[str]:
    """The message in whole checked pieces, then its annotations, then the end."""

    def chunk(delta: dict[str, Any] | None, finish: str | None = None) -> str:
        choices = [] if delta is None else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        body = {**head, "object": "chat.completion.chunk", "choices": choices}
        if usage is not None:
            body["usage"] = usage if delta is None else None
        return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    for piece in message.pieces():
        yield chunk({"content": piece})
    yield chunk({"annotations": message.annotations}, "stop")
    if usage is not None:
        yield chunk(None)
    yield "data: [DONE]\n\n"
