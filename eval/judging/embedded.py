"""The judge that every install has: our claim segmentation and our verifier, deterministic, without a network.

A text is taken apart by `service.grounding.segment`. A statement is entailed when it stands in a context as a clause
that is stated outright (`service.grounding.clauses`), or when the verifier finds it more likely supported than not, and
neither a number nor a name of it is missing from the contexts, nor is it negated where its evidence is not. A context
is useful when it supports one of the answer's statements. Scores are comparable between our own runs, and not with
published ragas figures.
"""

from __future__ import annotations

import json
import re
from typing import Any

from corpus.citations import Citation
from eval.judging.port import JudgeFailure
from service.grounding.claim import Claim, Ground
from service.grounding.clauses import stands_as_clause
from service.grounding.identifiers import identifiers
from service.grounding.quantities import quantities
from service.grounding.segment import segments
from service.grounding.verifier import AlignmentVerifier, Opinion, Pair, Verifier

LABEL = "embedded judge of Aether: rules of ours, not comparable with published ragas figures"
_SUPPORTED = 0.5
_DOUBTED = 0.3
_NOTHING = Ground({}, {}, frozenset({"public"}))
_NEGATION = re.compile(r"\b(?:not|never|no|cannot|without|neither|nor)\b|n't\b", re.IGNORECASE)
_REFUSES = (
    "do not answer this",
    "names nothing that could be looked up",
    "contradict each other on this",
    "is not a question about your systems",
    "is something that Aether does not help with",
    "Only superseded or deprecated documents speak of this",
)


def claims(text: str) -> list[str]:
    """The statements of a text; headings claim nothing."""
    return [segment.text for segment in segments(text) if segment.kind != "heading"]


class EmbeddedJudge:
    """Rules of ours over a verifier."""

    label = LABEL

    def __init__(self, verifier: Verifier | None = None) -> None:
        self._verifier = verifier or AlignmentVerifier()
        self.identity = f"embedded-2/{self._verifier.identity}"

    def supports(self, statements: list[str], contexts: list[str]) -> list[float]:
        """How likely the contexts together support each statement, 0 to 1."""
        pairs = [Pair(statement, tuple(contexts)) for statement in statements]
        opinions = self._verifier.verify(pairs)
        return [_held(pair, opinion) for pair, opinion in zip(pairs, opinions, strict=True)]

    def fields(self, prompt: str, wanted: str, schema: dict[str, Any]) -> dict[str, Any]:
        """The fields, by the rules."""
        asked = _input(prompt)
        if wanted in ("StatementGeneratorOutput", "ClaimDecompositionOutput"):
            text = next((asked[key] for key in ("answer", "text", "response") if key in asked), "")
            return {"statements" if wanted.startswith("State") else "claims": claims(str(text))}
        if wanted in ("NLIStatementOutput", "StatementFaithfulnessOutput"):
            said = [str(one) for one in asked["statements"]]
            verdicts = [int(value >= _SUPPORTED) for value in self.supports(said, [str(asked["context"])])]
            return {
                "statements": [
                    {"statement": one, "reason": self.identity, "verdict": verdict}
                    for one, verdict in zip(said, verdicts, strict=True)
                ]
            }
        if wanted == "ContextPrecisionOutput":
            own = self.supports(claims(str(asked["answer"])), [str(asked["context"])])
            return {"reason": self.identity, "verdict": int(any(value >= _SUPPORTED for value in own))}
        if wanted == "ContextRecallOutput":
            said = claims(str(asked["answer"]))
            attributed = [int(value >= _SUPPORTED) for value in self.supports(said, [str(asked["context"])])]
            return {
                "classifications": [
                    {"statement": one, "reason": self.identity, "attributed": verdict}
                    for one, verdict in zip(said, attributed, strict=True)
                ]
            }
        if wanted == "AnswerRelevanceOutput":
            text = str(asked["response"])
            first = (claims(text) or [text])[0]
            return {"question": first, "noncommittal": int(any(mark in text for mark in _REFUSES))}
        raise JudgeFailure("ragas asks for something that the rules cannot say", item=wanted)


def _held(pair: Pair, opinion: Opinion) -> float:
    """The verifier's word, capped where a number, a name or a negation says otherwise; what stands there, stands."""
    if stands_as_clause(pair.sentence, pair.spans):
        return 1.0
    cited = Citation(
        number=1, document="", title="", kind="other", revision="", section=(), start=0, end=0, place="",
        quote="\n".join(pair.spans),
    )  # fmt: skip
    claim = Claim(pair.sentence, "cited", (cited,))
    missing = quantities(claim, _NOTHING) or identifiers(claim, _NOTHING)
    turned = bool(opinion.evidence) and bool(_NEGATION.search(pair.sentence)) != bool(
        _NEGATION.search(opinion.evidence)
    )
    return min(opinion.supported, _DOUBTED) if missing or turned else opinion.supported


def _input(prompt: str) -> dict[str, Any]:
    """What a prompt of ragas asks about: the JSON after the last `input:` and before `Output:`."""
    try:
        asked = json.loads(prompt[prompt.rindex("\ninput: ") + 8 : prompt.rindex("Output:")])
    except ValueError as error:
        raise JudgeFailure("the prompt is not as ragas 0.4.3 writes it", next_step="Pin ragas==0.4.3") from error
    return dict(asked)
