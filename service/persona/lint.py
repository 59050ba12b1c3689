"""An answer -> what each rule of the persona says of it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from service.answer import Answer, Violation
from service.persona.finding import ABSENT
from service.persona.manuscript import Manuscript
from service.persona.rules.registry import OF_ANSWERS, RULES


class Linted(BaseModel):
    """Of every rule whether it held, was broken or had nothing to say. A rule may be broken in several places."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    violations: tuple[Violation, ...]
    clean: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def broken(self) -> tuple[str, ...]:
        """The rules that were broken, in order."""
        return tuple(dict.fromkeys(v.rule for v in self.violations))


def lint(answer: Answer, earlier: Sequence[Answer] = (), *, report: bool = False) -> Linted:
    """Every rule over an answer; `earlier` are the answers before it in the same conversation.

    `report`: it is a protocol's, so rules on the shape of an answer have nothing to say.
    """
    manuscript = Manuscript(answer, tuple(earlier))
    found = {n: ABSENT if report and n in OF_ANSWERS else rule(manuscript) for n, rule in RULES.items()}
    return Linted(
        violations=tuple(Violation(rule=n, detail=fault) for n, finding in found.items() for fault in finding.faults),
        clean=tuple(name for name, finding in found.items() if finding.clean),
        absent=tuple(name for name, finding in found.items() if not finding.applies),
    )
