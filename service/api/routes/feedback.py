"""What readers say of a sentence: `POST /v1/feedback`."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.api.callers import Caller, ServiceOf
from service.api.routes.changes import Once
from service.feedback import Said

router = APIRouter(tags=["questions"])
_EXAMPLE: dict[str, JsonValue] = {
    "question": "How do I restore the ledger?",
    "sentence": "Restore the ledger with `ledgerctl restore --from latest`.",
    "vote": "down",
    "reason": "the flag was renamed",
}


class Opinion(BaseModel):
    """What is said of one sentence of an answer. `answer` is the answer's id, if it has one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    question: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
    sentence: Annotated[str, Field(min_length=1, max_length=8000, pattern=r"\S")]
    vote: Literal["up", "down"]
    reason: Annotated[str, Field(max_length=4000)] = ""
    answer: Annotated[str, Field(max_length=200)] = ""


class Noted(BaseModel):
    """It is kept under this name, as a candidate for a case of the evaluation."""

    id: str


@router.post("/v1/feedback", status_code=201)
async def feedback(body: Opinion, who: Caller, service: ServiceOf, http: Request, key: Once = "") -> Noted:
    """Say of a sentence that it is right or wrong. The same said twice is kept once."""
    said = Said(body.question, body.sentence, body.vote, body.reason, body.answer)
    work = partial(service.hear, who, said, http=http.state.request_id)
    return Noted(id=await service.once.run(who, key, f"feedback\0{said}", work))
