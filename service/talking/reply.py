"""A message in a conversation -> the answer to it: a question that may lean on those before, and what is newly said.

1. What the message states are the reader's own facts; what it asks is asked as it leans. A message that only states is
   asked as the last question, with the facts.
2. Where a fact contradicts a cited sentence of an earlier answer, the answer begins with that: the fact as an
   assumption in the reader's words, which sentence it revises, and the cited evidence beside it. What would only repeat
   the earlier advice is left out.
3. Where a later answer says what an earlier fact of the reader contradicts, it begins with that fact.
4. The earlier answers are held against the documents of today, and what moved, changed or is gone is said.

The documents stay the evidence: a fact of the reader never becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from corpus.citations import Citation
from corpus.documents import Span
from service.access.shelf import ReadableShelf
from service.answer import Answer, Sentence
from service.answering.inert import inert
from service.answering.render import MARKER
from service.answering.view import Request
from service.checking.verify import fate
from service.grounding.claim import Claim, Ground
from service.grounding.contract import judge
from service.persona.lint import lint
from service.persona.rules.conduct import BESIDE
from service.talking.facts import Message, taken_apart
from service.talking.follow import LONGEST, follow
from service.talking.recheck import Shifted, shifted
from service.talking.revise import Revision, revisions

_REVISED = "What you say is noted, and it revises an earlier answer."
_NOTED = "What you say is noted; no sentence of an earlier answer has to be revised for it."
_NEW = "No document has what you say; the document, or what you say, has to be corrected."
_OVERRIDES = "What you said overrides a sentence of this answer."
_REST = "What was said beside it is not touched by this."
_CHANGED = "The documents have changed since an earlier answer."
_WENT = {"moved": "stands elsewhere now", "changed": "was changed since", "gone": "is gone"}
_HIDDEN = "An earlier answer rests on a document that is no longer there; it does not hold any more."
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Turn:
    """What came before a message in its conversation.

    name     of the conversation
    earlier  the answers so far, oldest first, their questions as they were put
    """

    name: str
    earlier: Sequence[Answer]


def reply(ask: Callable[[Request], Answer], shelf: ReadableShelf, turn: Turn, request: Request) -> Answer:
    """The answer to a message, linted with those before it. Raises what asking raises.

    shelf  what the caller may read today
    """
    earlier = [answer for answer in turn.earlier if shelf.admits(answer)]
    message = taken_apart(request.question)
    asked = replace(request, question=_asked(earlier, message, request.question))
    made = ask(asked).model_copy(update={"question": request.question, "conversation": turn.name})
    known = [fact for answer in earlier for fact in taken_apart(answer.question).facts]
    revised = revisions(message.facts, earlier)
    opening = _Opening(made.citations, shelf, "\n".join((request.question, *known)))
    if message.facts and earlier:
        opening.acknowledge(message.facts, revised)
    told = {one.fact for one in revised}
    opening.remind(revisions([fact for fact in (*known, *message.facts) if fact not in told], [made]))
    opening.tell(shifted(shelf, earlier), hidden=len(earlier) < len(turn.earlier))
    if opening.sentences:
        whole = opening.before(made)
        made = opening.alone(made) if _repeats(whole, earlier, revised, made, message) else whole
    return made.model_copy(update={"violations": lint(made, earlier).violations})


def _asked(earlier: Sequence[Answer], message: Message, whole: str) -> str:
    """What is asked of the documents."""
    before = [asks for answer in earlier if (asks := taken_apart(answer.question).asks)]
    if not message.facts or not before:
        return follow(before, whole)
    if message.asks:
        return follow(before, message.asks)
    return f"{follow(before[:-1], before[-1])} {' '.join(message.facts)}"[:LONGEST]


def _repeats(
    whole: Answer, earlier: Sequence[Answer], revised: Sequence[Revision], made: Answer, message: Message
) -> bool:
    """Whether the answer would say again what is revised, or what was said; a refusal of mere facts says nothing."""
    again = {one.sentence.text for one in revised} & {s.text for s in made.sentences}
    if revised and (again or (made.refusal and not message.asks)):
        return True
    return bool(message.facts) and made.refusal is None and "P14" in lint(whole, earlier).broken


@dataclass
class _Opening:
    """What an answer begins with, and the citations that it needs beside those of the answer.

    heard  the reader's own words, of the message and the facts before it
    """

    citations: Sequence[Citation]
    shelf: ReadableShelf
    heard: str
    lines: list[str] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    dropped: list[Sentence] = field(default_factory=list)
    more: list[Citation] = field(default_factory=list)

    def acknowledge(self, facts: Sequence[str], revised: Sequence[Revision]) -> None:
        """The reader's facts, and the sentences that they revise with the evidence that stands beside."""
        opens = _REVISED if revised else _NOTED
        self._notice(opens, f"**{opens}**")
        for fact in facts:
            if self._holds(Claim(fact, "assumption", ()), ()):
                self.lines.append(f"- *Assumption, in your words:* {fact}")
        for one in revised:
            self._revise(one)
        if revised:
            self._notice(_NEW, _NEW)

    def remind(self, revised: Sequence[Revision]) -> None:
        """What the reader said earlier in the conversation, where it overrides what the documents say now."""
        for one in revised:
            if all(sentence.text != _OVERRIDES for sentence in self.sentences):
                self._notice(_OVERRIDES, f"**{_OVERRIDES}**")
            said = any(sentence.text == one.fact for sentence in self.sentences)
            if not said and self._holds(Claim(one.fact, "assumption", ()), ()):
                self.lines.append(f"- *Assumption, in your words:* {one.fact}")
            self._revise(one)

    def _revise(self, one: Revision) -> None:
        cited = [c for c in one.answer.citations if c.number in one.sentence.citations]
        standing = tuple(c for c in cited if fate(self.shelf, c) == "holds")
        said = " ".join(one.sentence.text.replace("**", "").split())
        if len(standing) < len(cited):
            self._notice(f"Revised by it, and no longer documented: {said}", f"- Revised by it: {said}")
            return
        claim = Claim(one.sentence.text, "cited", standing, before=one.answer.citations)
        numbers = tuple(self._number(citation) for citation in standing)
        self._notice(f"{BESIDE}:", "")
        if self._holds(claim, numbers):
            marks = "".join(f"[{number}]" for number in numbers)
            self.lines.append(f"- {BESIDE}: {MARKER.sub('', said)}{marks}")

    def tell(self, moved: Sequence[Shifted], *, hidden: bool) -> None:
        """What of the earlier answers is no longer as it was."""
        if moved or hidden:
            self._notice(_CHANGED, f"**{_CHANGED}**")
        for one in moved:
            shown = " ".join(one.sentence.text.replace("**", "").split())[:_SHOWN]
            text = f'What was said of {one.document} {_WENT[one.fate]}: "{shown}"'
            self._notice(text, f"- {text}")
        if hidden:
            self._notice(_HIDDEN, f"- {_HIDDEN}")

    def before(self, made: Answer) -> Answer:
        """The answer behind this opening."""
        return made.model_copy(
            update={
                "text": inert("\n\n".join((self._text(), made.text))),
                "sentences": (*self.sentences, *made.sentences),
                "citations": (*made.citations, *self.more),
                "dropped": (*self.dropped, *made.dropped),
            }
        )

    def alone(self, made: Answer) -> Answer:
        """The opening instead of an answer that would only say again what was said."""
        self._notice(_REST, _REST)
        used = dict.fromkeys(n for s in self.sentences for n in s.citations)
        new = {old: at for at, old in enumerate(used, 1)}
        known = {c.number: c for c in (*made.citations, *self.more)}
        text = re.sub(r"\[(\d+)\](?=(?:\[\d+\])*$)", lambda m: f"[{new[int(m[1])]}]", self._text(), flags=re.MULTILINE)
        said = [s.model_copy(update={"citations": tuple(new[n] for n in s.citations)}) for s in self.sentences]
        return made.model_copy(
            update={
                "text": inert(text),
                "sentences": tuple(said),
                "citations": tuple(known[old].model_copy(update={"number": at}) for old, at in new.items()),
                "dropped": tuple(self.dropped),
                "conflicts": (),
                "status": "grounded",
                "refusal": None,
            }
        )

    def _text(self) -> str:
        """The lines, with a blank one wherever a list begins or ends."""
        shown: list[str] = []
        for line in self.lines:
            if shown and not (line.startswith("- ") and shown[-1].startswith("- ")):
                shown.append("")
            shown.append(line)
        return "\n".join(shown)

    def _notice(self, text: str, shown: str) -> None:
        """Fixed text; one that is shown with the sentence after it adds no line."""
        self.sentences.append(Sentence.notice(text))
        self.lines += [shown] if shown else []

    def _holds(self, claim: Claim, numbers: tuple[int, ...]) -> bool:
        """Whether the contract lets the sentence stand; it is kept, or kept among the dropped."""
        cited = (*claim.citations, *claim.before)
        documents = {(c.document, c.revision): self.shelf.read(c.document, c.revision) for c in cited}
        admitted = {document.id: (Span(0, len(document.text)),) for document in documents.values()}
        verdict = judge(claim, Ground(documents, admitted, self.shelf.access, self.heard))
        sentence = Sentence(text=claim.text, kind=claim.kind, citations=numbers, verdict=verdict)
        (self.sentences if verdict.supported else self.dropped).append(sentence)
        return verdict.supported

    def _number(self, citation: Citation) -> int:
        """The number of a citation in this answer."""
        known = [*self.citations, *self.more]
        same = next((c.number for c in known if c.stretch == citation.stretch), 0)
        if not same:
            same = len(known) + 1
            self.more.append(citation.model_copy(update={"number": same}))
        return same
