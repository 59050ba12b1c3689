"""The port of a judge: a prompt and the fields that are wanted, to those fields.

Three adapters: `EmbeddedJudge` (rules of ours, no network), `EndpointJudge` (any OpenAI-compatible server) and
`RecordedJudge` (what another one said before).
"""

from __future__ import annotations

from typing import Any, Protocol

from corpus.errors import AetherError


class JudgeFailure(AetherError):
    """A judge gave no usable answer to one prompt. The case is counted apart and never averaged over."""


class Judge(Protocol):
    """Answers the prompts of ragas' metrics."""

    @property
    def identity(self) -> str:
        """Names the judge, its model and its rules."""

    @property
    def label(self) -> str:
        """What has to stand beside every figure that it gave."""

    def fields(self, prompt: str, wanted: str, schema: dict[str, Any]) -> dict[str, Any]:
        """The fields of the model named `wanted`. Raises `JudgeFailure`."""
