"""The one home of ragas 0.4.3: its metrics of `ragas.metrics.collections`, put to a judge of ours.

Nothing else imports ragas, and this module does so only when metrics are asked for: everything that needs no ragas runs
where it is not installed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from corpus.errors import UsageError
from corpus.ports import Embedder
from eval.judging.port import Judge

NAMES = (
    "Faithfulness",
    "AnswerRelevancy",
    "ContextPrecision",
    "ContextRecall",
    "FactualCorrectness",
    "NoiseSensitivity",
    "QuotedSpansAlignment",
)


def ragas_metrics(judge: Judge, embedder: Embedder | None = None, names: Sequence[str] = NAMES) -> dict[str, Any]:
    """The metrics by name. AnswerRelevancy needs the embedder. Raises `UsageError` where the extra is missing."""
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"  # read once, when ragas is imported
    try:
        from ragas.embeddings.base import BaseRagasEmbedding
        from ragas.llms.base import InstructorBaseRagasLLM
        from ragas.metrics import collections
    except ImportError as error:
        raise UsageError(f"ragas is missing ({error})", next_step="pip install 'aether-assistant[eval]'") from error

    class Asked(InstructorBaseRagasLLM):  # type: ignore[misc]
        """Puts ragas' prompts to our judge."""

        def generate(self, prompt: str, response_model: type[BaseModel]) -> BaseModel:
            """The model, filled by the judge."""
            fields = judge.fields(prompt, response_model.__name__, response_model.model_json_schema())
            return response_model.model_validate(fields)

        async def agenerate(self, prompt: str, response_model: type[BaseModel]) -> BaseModel:
            """The same."""
            return self.generate(prompt, response_model)

    class Encoded(BaseRagasEmbedding):  # type: ignore[misc]
        """Vectors of our encoder."""

        def embed_text(self, text: str, **_: object) -> list[float]:
            """One vector."""
            assert embedder is not None
            return list(embedder.embed([text])[0])

        async def aembed_text(self, text: str, **_: object) -> list[float]:
            """The same."""
            return self.embed_text(text)

    given: dict[str, dict[str, Any]] = {name: {"llm": Asked()} for name in NAMES}
    given["AnswerRelevancy"]["embeddings"] = Encoded()
    given["QuotedSpansAlignment"] = {}
    return {name: getattr(collections, name)(**given[name]) for name in names}
