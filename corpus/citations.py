"""What a citation is: the exact characters of one revision that a sentence rests on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from corpus.documents import Kind


class Citation(BaseModel):
    """A verbatim quote and where it stands. Page and line are derived from the span, never from a passage's label.

    start, end     half-open character offsets into the canonical text of `revision`
    place          `lines 10-24`, `page 3`, `slide 2`, `Costs!A1:C4`
    lines          first and last line, from 1, where the canonical text is the file itself
    page           first page the quote touches, where the document has pages
    tier           how much weight the source carries, `own measurement` to `marketing`; "" where nobody said
    superseded_by  documents that took the place of this one, by id or as its metadata names them
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    document: str
    title: str
    kind: Kind
    status: str = ""
    revision: str
    commit: str = ""
    section: tuple[str, ...]
    start: int
    end: int
    place: str
    lines: tuple[int, int] | None = None
    page: int | None = None
    quote: str
    modified_at: str = ""
    tier: str = ""
    superseded_by: tuple[str, ...] = ()

    @property
    def stretch(self) -> tuple[str, str, int, int]:
        """What is quoted, whatever its number: document, revision, start, end."""
        return self.document, self.revision, self.start, self.end

    @property
    def external(self) -> bool:
        """Whether others than the organization wrote it: a vendor, or the authors of a paper that is not its own."""
        paper = self.kind == "paper" and not self.tier.startswith("own")
        return paper or self.tier in ("peer-reviewed paper", "vendor documentation", "marketing")
