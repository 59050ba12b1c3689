"""The evaluated evaluator: judges held against sentences whose truth is known, and figures corrected by what they miss.

Before a nightly run the judge sees sentences of our own library as they stand (true) and with one thing wrong, each
with the passage that it was taken from. Its recall per kind of error, and how many true sentences it lets by, stand in
the report; under its floor the night is untrusted.

The corrected faithfulness is that of prediction-powered inference (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic,
Science 382, 2023): the judge's mean over the unlabelled sentences, minus its mean error over the labelled ones; the
95 % interval adds the two variances. The labelled ones must be drawn from the same answers. In an extractive run the
label is a fact that needs no judge: whether the sentence stands verbatim in its own citation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from eval.datasets.wice import Claimed
from eval.judging.embedded import EmbeddedJudge
from eval.judging.known import RESTATED
from eval.running.record import Probe, Record

FLOOR_PASSED, FLOOR_RECALL = 0.9, 0.5
_SUPPORTED = 0.5
_Z = 1.96


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KindChecked(_Frozen):
    """Of one kind of error: how many were shown, and how many the judge saw.

    blamed  true sentences that it objected to, those in other words aside
    """

    kind: str
    shown: int
    seen: int
    blamed: int

    @property
    def recall(self) -> float:
        """Share of them that the judge saw."""
        return self.seen / self.shown if self.shown else 0.0

    @property
    def precision(self) -> float:
        """Of its objections to these and to true sentences, the share that was right."""
        return self.seen / (self.seen + self.blamed) if self.seen else 0.0


class JudgeChecked(_Frozen):
    """What the check says of a judge.

    passed     share of the true sentences that it let by, as they stand in the corpus
    precision  of what it objected to, the share that was wrong
    restated   share of the true sentences in other words that it let by; no floor is held to it
    """

    judge: str
    kinds: tuple[KindChecked, ...]
    true_shown: int
    passed: float
    precision: float
    recall: float
    trusted: bool
    restated_shown: int = 0
    restated: float = 0.0


class Corrected(_Frozen):
    """A share with its 95 % interval, before and after the judge's errors are taken out."""

    raw: float
    value: float
    low: float
    high: float
    labelled: int
    unlabelled: int


def check_judge(judge: EmbeddedJudge, sentences: Sequence[tuple[Probe, str]]) -> JudgeChecked:
    """The judge on labelled sentences, each with its passage."""
    said = [(probe.kind, judge.supports([probe.text], [passage])[0] >= _SUPPORTED) for probe, passage in sentences]
    true = [ok for kind, ok in said if not kind]
    restated = [ok for kind, ok in said if kind == RESTATED]
    wrong = [(kind, not ok) for kind, ok in said if kind not in ("", RESTATED)]
    kinds = tuple(
        KindChecked(kind=kind, shown=len(seen), seen=sum(seen), blamed=true.count(False))
        for kind in dict.fromkeys(k for k, _ in wrong)
        for seen in ([s for k, s in wrong if k == kind],)
    )
    seen, objected = sum(s for _, s in wrong), sum(not ok for _, ok in said)
    passed, recall = _share(true), _share([s for _, s in wrong])
    return JudgeChecked(
        judge=judge.identity,
        kinds=kinds,
        true_shown=len(true),
        passed=passed,
        precision=seen / objected if objected else 0.0,
        recall=recall,
        trusted=passed >= FLOOR_PASSED and recall >= FLOOR_RECALL,
        restated_shown=len(restated),
        restated=_share(restated),
    )


def _share(said: Sequence[bool]) -> float:
    return sum(said) / len(said) if said else 0.0


def check_on_claims(judge: EmbeddedJudge, claims: Sequence[Claimed]) -> JudgeChecked:
    """The judge on claims that people labelled, each with its evidence and whether that supports it wholly."""
    told = [
        (Probe(kind="" if one.supported else "by people", text=one.claim, objected=False), " ".join(one.evidence))
        for one in claims
    ]
    return check_judge(judge, told)


def corrected(unlabelled: Sequence[float], labelled: Sequence[tuple[float, bool]]) -> Corrected:
    """The share of true sentences; `labelled` pairs what the judge says with the truth. Both need two or more."""
    judged = np.array(unlabelled, dtype=np.float64)
    errors = np.array([said - float(true) for said, true in labelled], dtype=np.float64)
    value = float(judged.mean() - errors.mean())
    width = _Z * math.sqrt(judged.var(ddof=1) / len(judged) + errors.var(ddof=1) / len(errors))
    return Corrected(
        raw=float(judged.mean()),
        value=min(1.0, max(0.0, value)),
        low=min(1.0, max(0.0, value - width)),
        high=min(1.0, max(0.0, value + width)),
        labelled=len(errors),
        unlabelled=len(judged),
    )


def judged_sentences(judge: EmbeddedJudge, records: Sequence[Record]) -> list[tuple[float, bool]]:
    """Of each cited sentence: 0 or 1 as the judge says of its own citations, and whether it stands in them verbatim."""
    found: list[tuple[float, bool]] = []
    for record in records:
        if record.answer is None:
            continue
        cited = {citation.number: citation for citation in record.answer.citations}
        for sentence in record.answer.sentences:
            own = [cited[n] for n in sentence.citations if n in cited]
            if sentence.kind != "cited" or not own:
                continue
            told = [" > ".join((c.title, *c.section)) + "\n" + c.quote for c in own]
            verbatim = " ".join(sentence.text.split()) in " ".join(" ".join(c.quote for c in own).split())
            found.append((float(judge.supports([sentence.text], told)[0] >= _SUPPORTED), verbatim))
    return found
