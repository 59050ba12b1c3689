"""A case: one question, and what is known of its answer. One line of a suite's JSONL file.

Gold is verbatim: a quote stands in its document, white space folded, and a test holds every bundled case to that. Facts
are what a good answer states, each as a group of accepted spellings.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from corpus.access import PUBLIC

CaseKind = Literal[
    "fact",
    "number",
    "procedure",
    "comparison",
    "conflict",
    "stale",
    "unanswerable",
    "false_premise",
    "forbidden",
    "injected",
    "conversation",
    "claim",
]
LengthName = Literal["brief", "normal", "full"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gold(_Frozen):
    """Where an answer is known to stand; `quote` is "" where only the document is known."""

    document: str
    quote: str = ""


class Case(_Frozen):
    """A question with what is known of its answer.

    gold        where the answer stands; all of it is needed, unless `any_gold`
    facts       what the answer states: of each group one spelling
    reference   an answer in words, "" = the gold quotes
    refuse      whether the documents that the caller may read do not answer it
    corrects    of a false premise: the quote that puts it right
    principals  who asks, beside the public
    hidden      documents that must not show in anything that this caller gets
    banned      words that must not show in the answer: what an injected instruction asks for, a stale value
    exclude     documents left out of the search
    turns       what was asked before in the same conversation
    evidence    of a claim with its evidence: the sentences that the verifier judges it by, and nothing is asked
    supported   of such a claim: whether its evidence supports it wholly
    """

    id: str
    kind: CaseKind
    question: str
    gold: tuple[Gold, ...] = ()
    any_gold: bool = False
    facts: tuple[tuple[str, ...], ...] = ()
    reference: str = ""
    refuse: bool = False
    corrects: Gold | None = None
    principals: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    supported: bool = False
    length: LengthName = "normal"
    tags: tuple[str, ...] = ()

    @property
    def access(self) -> frozenset[str]:
        """The caller's access set."""
        return frozenset({PUBLIC, *self.principals})

    @property
    def expected(self) -> str:
        """The reference answer in words; "" where a refusal is expected."""
        return self.reference or " ".join(" ".join(gold.quote.split()) for gold in self.gold)
