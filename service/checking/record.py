"""What comes of a check: the records that leave the process, as JSON has them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from corpus.citations import Citation
from service.answer import Fingerprint, Verdict

SentenceForm = Literal["sentence", "item", "row", "code"]
Fate = Literal["holds", "moved", "changed", "gone"]
FATES: tuple[Fate, ...] = ("holds", "moved", "changed", "gone")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckedSentence(_Frozen):
    """One sentence, list item, table row or code block of the text.

    start, end  its characters in the text that was given
    verdict     that of the sentence contract; None where nothing is claimed: a question, a greeting
    citations   numbers of the citations that it rests on
    closest     number of the citation that comes closest, of a sentence that does not hold; None where nothing does
    """

    text: str
    form: SentenceForm
    start: int
    end: int
    verdict: Verdict | None
    citations: tuple[int, ...] = ()
    closest: int | None = None

    @property
    def fails(self) -> bool:
        """Whether it claims something that the documents do not say."""
        return self.verdict is not None and not self.verdict.supported


class Checked(_Frozen):
    """A text, held against the documents. The counts are of its sentences."""

    sentences: tuple[CheckedSentence, ...]
    citations: tuple[Citation, ...]
    supported: int
    failed: int
    unclaimed: int
    fingerprint: Fingerprint


class Standing(_Frozen):
    """What stands in a citation's place today. `text` is its visible characters."""

    document: str
    revision: str
    start: int
    end: int
    place: str
    text: str


class VerifiedCitation(_Frozen):
    """A saved citation, held against today's documents. `cited` is the document that it named.

    holds    its characters stand where they stood
    moved    they stand elsewhere, in that document or another one
    changed  they stand nowhere any more; `now` is None where nothing is in their place
    gone     the document is not there, or not for this caller
    """

    number: int
    fate: Fate
    quote: str
    cited: str
    now: Standing | None = None


class VerifiedSentence(_Frozen):
    """A saved sentence: the worst fate of its citations, and where one is not what it was, today's verdict on it."""

    text: str
    fate: Fate
    citations: tuple[int, ...]
    verdict: Verdict | None = None


class Verified(_Frozen):
    """A saved answer or report, held against today's documents. `counts` are of its citations, by fate."""

    question: str
    sentences: tuple[VerifiedSentence, ...]
    citations: tuple[VerifiedCitation, ...]
    counts: dict[Fate, int]
    fingerprint: Fingerprint
