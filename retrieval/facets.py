"""What a question asks for, and which headings promise it.

Engineering documents answer the same few kinds of question under headings of the same few kinds: a runbook's
"Mitigation", a proposal's "Alternatives", a record's "Consequences". A facet pairs the wording of questions with that
of headings; a passage under a heading of the question's facet deserves to be looked at first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.passages import Passage

_ASKED: Mapping[str, str] = {
    "procedure": r"""how\ (?:do|can|could|should|to|would)\ (?:i|we|you|one)\b | how\ to\b | steps?\b | fix\b | recover
        | what\ (?:do|can|should|must)\ (?:i|we)\b | what\ (?:has|have)\ .{1,40}\ to\ do\b | get\ rid\b | resolve
        | unstick\b | commands?\b | how\ is\ (?:that|this|it)\ done\b | put\ (?:that|this|it)\ right\b | mitigat
        | sort\ (?:it\ )?out\b""",
    "rationale": r"why\b | reasons?\b | rationale\b | benefits?\b | gain(?:ed)?\b | purpose\b | motivat",
    "risk": r"""risks?\b | dangers?\b | go(?:es)?\ wrong\b | happens?\ (?:if|when)\b | breaks?\b | safe\b
        | would\ happen\b | impact | consequences?\b | threat | drawbacks?\b | downside | fail""",
    "alternatives": r"""options?\b | alternativ | choices?\b | ways?\b | instead\b | other\ than\b | rather\ than\b
        | why\ (?:not|wasn't|weren't)\b | which\ is\ (?:advised|preferred|recommended)\b | ruled\ out\b
        | not\ good\ enough\b | against\ it\b""",
    "definition": r"what\ (?:is|are|does)\b | definition\b | mean(?:s|ing)?\b",
    "diagnosis": r"check\b | tell\b | verify\b | detect | find\ out\b | diagnos | which\ metrics?\b | culprit | cause",
}
_HEADED: Mapping[str, str] = {
    "procedure": r"""mitigat | resol | remed | procedure | steps?\b | how[- ]?to\b | how\ (?:do|can)\b | fix | recover
        | workaround | solution | instructions?\b | usage\b | rollback | rolling\ back\b | troubleshoot | actions?\b""",
    "rationale": r"""motivation | rationale | why\b | reason | background | goals?\b | context\b | decision | benefit
        | meaning""",
    "risk": r"impact | risks?\b | drawback | fail | consequence | caveat | limitation | security | warn | implication",
    "alternatives": r"alternativ | options?\b | considered\b | trade-?offs?\b | comparison | other\ approaches\b",
    "definition": r"""meaning | overview | summary | introduction | definition | description | what\ is\b | terminology
        | glossary""",
    "diagnosis": r"""diagnos | check | verif | monitor | metrics?\b | detect | symptom | troubleshoot | investigat
        | debug | cause""",
}
_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)


def _compiled(table: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """The patterns, each at the beginning of a word."""
    return {name: re.compile(rf"\b(?:{words})", re.IGNORECASE | re.VERBOSE) for name, words in table.items()}


_QUESTION = _compiled(_ASKED)
_PROMISE = _compiled(_HEADED)


def facets(question: str) -> frozenset[str]:
    """The facets that the question's wording asks for."""
    return frozenset(name for name, pattern in _QUESTION.items() if pattern.search(question))


def promises(passage: Passage, wanted: frozenset[str]) -> bool:
    """Whether the passage stands under, or holds, a heading of a wanted facet."""
    if not wanted:
        return False
    inside = _HEADING.findall(passage.text) if "#" in passage.text else ()
    return heads("\n".join((*passage.section[-1:], *inside)), wanted)


def heads(headings: str, wanted: frozenset[str]) -> bool:
    """Whether one of the headings is of a wanted facet."""
    return any(_PROMISE[name].search(headings) for name in wanted)
