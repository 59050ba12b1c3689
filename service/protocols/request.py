"""What a protocol is asked: the body of `POST /v1/protocols/{name}`, and what the command line makes of its options.

Who asks is no part of it: the door that the request came through says so.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, model_validator

_Name = Annotated[str, Field(max_length=500)]
_Option = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
_MOST_TEXT = 2_000_000
_MOST_BYTES = 20_000_000


class Asked(BaseModel):
    """What narrows every protocol. Empty lists do not restrict; `exclude` holds ids of documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: Annotated[tuple[_Name, ...], Field(max_length=100)] = ()
    exclude: Annotated[tuple[_Name, ...], Field(max_length=1000)] = ()

    def asks(self) -> tuple[str, ...]:
        """What the reader asks in their own words, for the policy to read; () of what is brought as a document."""
        return ()

    def words(self) -> str:
        """The same as one text, which a report may say again; what they brought as a document is cited instead."""
        return "\n".join(self.asks())


class Brought(Asked):
    """A text that the reader brings along: as text, or the bytes of a file in Base64. Its name decides the parser."""

    name: _Name = "text.md"
    text: Annotated[str, Field(max_length=_MOST_TEXT)] = ""
    content: Annotated[Base64Bytes, Field(max_length=_MOST_BYTES)] = b""

    @model_validator(mode="after")
    def _one_of_both(self) -> Brought:
        if bool(self.text.strip()) == bool(self.content):
            raise ValueError("give either text or content")
        return self


class ReviewRequest(Brought):
    """A proposal to be reviewed."""


class IntakeRequest(Brought):
    """What somebody wants to begin."""


class PremortemRequest(Brought):
    """A proposal, or the name of a subject, that may fail."""


class RecordRequest(Asked):
    """A question to be decided, with the options if they are known."""

    question: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
    options: Annotated[tuple[_Option, ...], Field(max_length=20)] = ()

    def asks(self) -> tuple[str, ...]:
        """The question and its options."""
        return (self.question, *self.options)


class AssessRequest(Asked):
    """The system whose state is asked for, as the documents call it."""

    system: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]

    def asks(self) -> tuple[str, ...]:
        """The system's name."""
        return (self.system,)
