"""What the persona's rules say of the answers to a file of questions, and of the protocols over the same store.

`python -m eval.persona_report --store DIR --questions FILE [--proposals DIR] [--subjects N] [--limit N]
[--length NAME]`: every question is asked in its normal and its full form. Every protocol is run over N proposals,
documents of the store where no folder is given, and over their titles and the first N questions as subjects. With
`--length` one form is asked and no protocol run. Told are how many answers are clean, have no rule that applies, or
break one, the same of each rule, and the milliseconds that the contract and the rules take.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from eval.archqa import cases
from eval.cli.ended import ended
from eval.persona_report.protocols import CALLER, as_answer, from_folder, from_store, reports
from eval.persona_report.timing import contract_timed
from service.answer import Answer
from service.answering.compose import FULL, NORMAL
from service.asker import LENGTHS, asker
from service.cli.ending import notice
from service.engine import Request
from service.persona.lint import Linted, lint
from service.persona.rules.registry import RULES
from service.protocols.registry import PROTOCOLS
from service.settings import read_settings
from service.wiring import Wiring

_CLEAN, _NONE, _BROKEN = "clean", "without a rule that applies", "broken"


@dataclass(slots=True)
class Tally:
    """How many answers, what of each rule, and how long the rules and the contract took of each."""

    answers: int = 0
    clean: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    absent: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    contract: list[float] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    whole: Counter[str] = field(default_factory=Counter)

    def add(self, answer: Answer, *, report: bool = False) -> None:
        """Lint one answer, or a protocol's report read as one."""
        began = time.perf_counter()
        found = lint(answer, report=report)
        self.milliseconds.append(1000 * (time.perf_counter() - began))
        self.answers += 1
        self._count(found, answer)

    def _count(self, found: Linted, answer: Answer) -> None:
        self.clean.update(found.clean)
        self.broken.update(found.broken)
        self.absent.update(found.absent)
        self.whole[_BROKEN if found.broken else _CLEAN if found.clean else _NONE] += 1
        self.examples += [f"{v.rule}: {v.detail[:120]} | {answer.question[:80]}" for v in found.violations]

    def lines(self, name: str) -> Iterator[str]:
        """The table."""
        both = [a + b for a, b in zip(self.milliseconds, self.contract, strict=True)]
        told = (
            f"{what} p95 {_slow(of):.1f} ms" for what, of in (("rules", self.milliseconds), ("contract", self.contract))
        )
        yield f"{name}: {self.answers}, {', '.join(told)}, both p95 {_slow(both):.1f} ms"
        yield f"  {', '.join(f'{self.whole[which]} {which}' for which in (_CLEAN, _NONE, _BROKEN))}"
        for rule in RULES:
            if self.clean[rule] or self.broken[rule]:
                counts = (self.clean[rule], self.broken[rule], self.absent[rule])
                yield "  {:4} held {:4}  broken {:4}  no say {:4}".format(rule, *counts)
        yield f"  no say in any: {', '.join(r for r in RULES if not self.clean[r] and not self.broken[r]) or 'none'}"
        yield from (f"  {example}" for example in self.examples[:20])


def _slow(milliseconds: Sequence[float]) -> float:
    return float(np.percentile(milliseconds, 95)) if milliseconds else 0.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, run, lint, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--proposals", type=Path, help="Markdown files; else documents of the store.")
    parser.add_argument("--subjects", type=int, default=10, help="Proposals, and questions as subjects, at most.")
    parser.add_argument("--limit", type=int, default=0, help="Questions at most.")
    parser.add_argument("--length", choices=sorted(LENGTHS), help="One form of answers, and no protocols.")
    options = parser.parse_args(arguments)
    lengths = [LENGTHS[options.length]] if options.length else [NORMAL, FULL]
    asked = [case.question for case in cases(options.questions)][: options.limit or None]
    subjects = 0 if options.length else options.subjects
    answers, protocols = Tally(), {name: Tally() for name in PROTOCOLS}
    with asker(Wiring(read_settings(store=options.store), lease=5.0), notice) as who:
        with contract_timed(answers.contract):
            for question in asked:
                for length in lengths:
                    answers.contract.append(0.0)
                    made = who.ask(Request(question, CALLER, length=length))
                    answers.add(made)
        brought = from_folder(options.proposals, subjects) if options.proposals else from_store(who, subjects)
        spent: list[float] = [0.0]
        with contract_timed(spent):
            for name, report in reports(who, asked[:subjects], brought):
                protocols[name].contract.append(spent[-1])
                spent.append(0.0)
                protocols[name].add(as_answer(report, made), report=True)
    for name, tally in (("answers", answers), *protocols.items()):
        print(*tally.lines(name), sep="\n")


if __name__ == "__main__":
    ended(main)
