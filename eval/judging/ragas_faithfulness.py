"""A second opinion on saved answers from ragas 0.4.3, offline: `Faithfulness` and `QuotedSpansAlignment`.

    python -m eval.judging.ragas_faithfulness ANSWERS.jsonl

ragas asks a language model to take an answer apart and to judge each statement. Here a rule answers instead, made from
the sentence contract: the statements are the answer's own sentences, and a statement is entailed when it stands
verbatim, white space aside, in the contexts, which are the quotes of the answer's citations. So the figures are
deterministic and comparable with each other. They are ours, and not comparable with published ragas figures.

Refused answers have nothing to judge and are passed over. Needs the extra `eval`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from pydantic import ValidationError

from corpus.errors import UsageError
from eval.cli.ended import ended
from eval.judging.ragas_metrics import ragas_metrics
from service.answer import Answer

LABEL = "judge: verbatim rule of Aether; ours, not comparable with published ragas figures"


@dataclass(frozen=True, slots=True)
class Scores:
    """What ragas says of some answers, each from 0 to 1, and how many were judged and refused.

    faithfulness  share of an answer's sentences that stand in its quotes, mean over the answers
    alignment     share of an answer's sentences, put in quotation marks, that ragas finds in its quotes, likewise
    """

    judged: int
    refused: int
    faithfulness: float
    alignment: float


def ragas_faithfulness(answers: Sequence[Answer]) -> Scores:
    """The two figures over the answers. Raises `UsageError` where the extra is missing or nothing can be judged."""
    told = [answer for answer in answers if answer.sentences and answer.citations]
    if not told:
        raise UsageError("no answer with a cited sentence", next_step="Give answers of aether ask --batch")
    pairs = asyncio.run(_scores(told))
    faithful, aligned = fmean(pair[0] for pair in pairs), fmean(pair[1] for pair in pairs)
    return Scores(len(told), len(answers) - len(told), faithful, aligned)


async def _scores(answers: Sequence[Answer]) -> list[tuple[float, float]]:
    metrics = ragas_metrics(VerbatimJudge(), names=("Faithfulness", "QuotedSpansAlignment"))
    faithfulness, alignment = metrics["Faithfulness"], metrics["QuotedSpansAlignment"]
    pairs = []
    for answer in answers:
        contexts = [citation.quote for citation in answer.citations]
        statements = [sentence.text for sentence in answer.sentences]
        # One sentence a line: that is how the rule takes the answer apart again.
        response = "\n".join(" ".join(text.split()) for text in statements)
        first = await faithfulness.ascore(user_input=answer.question, response=response, retrieved_contexts=contexts)
        quoted = " ".join(f'"{_quotable(text)}"' for text in statements)
        second = await alignment.ascore(response=quoted, retrieved_contexts=[_quotable(text) for text in contexts])
        pairs.append((float(first.value), float(second.value)))
    return pairs


class VerbatimJudge:
    """The rule, as a judge."""

    identity, label = "verbatim-1", LABEL

    def fields(self, prompt: str, wanted: str, schema: dict[str, Any]) -> dict[str, Any]:
        """The model's fields, filled by the rule."""
        return verbatim(prompt, wanted)


def verbatim(prompt: str, wanted: str) -> dict[str, Any]:
    """What the rule answers to a prompt of ragas that asks for a `wanted` model. Raises `UsageError` on another one."""
    asked = json.loads(prompt[prompt.rindex("\ninput: ") + 8 : prompt.rindex("Output:")])
    if wanted == "StatementGeneratorOutput":
        return {"statements": [line for line in asked["answer"].split("\n") if line.strip()]}
    if wanted == "NLIStatementOutput":
        known = _flat(asked["context"])
        return {
            "statements": [
                {"statement": said, "reason": "verbatim rule", "verdict": int(_flat(said) in known)}
                for said in asked["statements"]
            ]
        }
    raise UsageError("ragas asks for something that the rule cannot say", item=wanted, next_step="Pin ragas==0.4.3")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _quotable(text: str) -> str:
    """Without quotation marks of its own, which would end the quotation."""
    return _flat(text.replace('"', "'"))


def _read(path: Path) -> list[Answer]:
    try:
        return [Answer.model_validate_json(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", item=str(path), next_step="Check the path") from error
    except ValidationError as error:
        raise UsageError(
            f"holds no answers ({str(error).splitlines()[0]})",
            item=str(path),
            next_step="Make it with aether ask --batch",
        ) from error


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="ragas over saved answers, judged by the verbatim rule.")
    parser.add_argument("answers", type=Path, help="what aether ask --batch wrote")
    scores = ragas_faithfulness(_read(parser.parse_args().answers))
    print(f"{scores.judged} answers judged, {scores.refused} refused")
    print(f"Faithfulness          {scores.faithfulness:.4f}")
    print(f"QuotedSpansAlignment  {scores.alignment:.4f}")
    print(f"({LABEL})")


if __name__ == "__main__":
    ended(main)
