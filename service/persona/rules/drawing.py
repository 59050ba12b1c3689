"""P6: a diagram has its textual twin, and shows only components and arrows that the evidence has."""

from __future__ import annotations

import re

from service.persona.finding import ABSENT, Finding, found
from service.persona.manuscript import Manuscript, folded

_SHAPES = (
    r"\[\[?\(?\"?[^\]\)\"]+\"?\)?\]?\]",
    r"\(\(?\[?\"?[^\)\]\"]+\"?\]?\)?\)",
    r"\{\{?\"?[^}\"]+\"?\}?\}",
    r">\"?[^\]\"]+\"?\]",
)
_NODE = rf"[A-Za-z][\w.-]*(?:\s*(?:{'|'.join(_SHAPES)}))?"
_ARROW = re.compile(
    rf"({_NODE})\s*(?:<?[-=.~]{{2,}}[>ox]?|[-=]+>>?)\s*(?:\|[^|]*\|\s*)?(?:[^-\n]*?[-=.]+>\s*)?({_NODE})"
)
_LABELLED = re.compile(r"([A-Za-z][\w.-]*)\s*(?:\[\[?\(?\"?|\(\(?\[?\"?|\{\{?\"?|>\"?)([^\[\](){}\"]+)")
_SEQUENCE = re.compile(r"^\s*([\w .-]+?)\s*-{1,2}>{1,2}[+-]?\s*([\w .-]+?)\s*:", re.MULTILINE)
_KEYWORDS = re.compile(
    r"^\s*(?:graph|flowchart|sequenceDiagram|participant|subgraph|end|classDef|class|style|direction|%%).*$", re.M
)
_MERMAID = ("mermaid",)


def p6(manuscript: Manuscript) -> Finding:
    """Every diagram has a textual twin, and no component or arrow that the evidence lacks."""
    drawn = [f for f in manuscript.fences if f.language in _MERMAID or (f.language in ("text", "") and "-->" in f.code)]
    if not drawn:
        return ABSENT
    faults = []
    told = folded(manuscript.prose)
    for fence in drawn:
        if fence.quoted:
            continue
        names = _names(fence.code)
        faults += [
            f"what no document says, in the drawing: {said}"
            for said in _said(fence.code)
            if folded(said) not in manuscript.evidence
        ]
        labels = list(dict.fromkeys(names.values()))
        faults += [f"the text does not tell of: {label}" for label in labels if folded(label) not in told]
        faults += [
            f"a component that no document names: {name}" for name in labels if folded(name) not in manuscript.evidence
        ]
        faults += [
            f"an arrow that no document has: {left} to {right}"
            for left, right in _arrows(fence.code, names)
            if not _joined(manuscript, left, right)
        ]
    return found(faults)


def _names(code: str) -> dict[str, str]:
    """Each node's label by its name in the diagram."""
    body = _KEYWORDS.sub("", code)
    labelled = {} if "sequenceDiagram" in code else {m[1]: m[2].strip() for m in _LABELLED.finditer(body)}
    declared = {
        m[1]: (m[2] or m[1]).strip()
        for m in re.finditer(r"^\s*(?:participant|actor)\s+(\w+)(?:\s+as\s+(.+))?$", code, re.MULTILINE)
    }
    ends = [re.split(r"[\[({>]", end.strip())[0].strip() for pair in _pairs(code) for end in pair]
    return {**{end: end for end in ends if end}, **labelled, **declared}


def _pairs(code: str) -> list[tuple[str, str]]:
    body = _KEYWORDS.sub("", code)
    if "sequenceDiagram" in code:
        return [(m[1], m[2]) for m in _SEQUENCE.finditer(body)]
    pairs = []
    for line in body.splitlines():
        at = 0
        while match := _ARROW.search(line, at):
            pairs.append((match[1], match[2]))
            at = match.start(2)
    return pairs


def _said(code: str) -> list[str]:
    """What stands on arrows and over groups."""
    groups = [
        m[2] or m[1]
        for m in re.finditer(r"^\s*subgraph\s+([^\[\n]+?)\s*(?:\[\"?([^\]\"]+)\"?\])?\s*$", code, re.MULTILINE)
    ]
    return [*groups, *(m[1].strip('" ') for m in re.finditer(r"\|([^|\n]+)\|", code))]


def _arrows(code: str, names: dict[str, str]) -> list[tuple[str, str]]:
    """The labels at both ends of each arrow."""
    ends = [tuple(re.split(r"[\[({>]", end.strip())[0].strip() for end in pair) for pair in _pairs(code)]
    both = [(right, left) for (left, right), line in zip(ends, _pairs(code), strict=True) if _two_way(code, *line)]
    return [(names.get(left, left), names.get(right, right)) for left, right in (*ends, *both)]


def _two_way(code: str, left: str, right: str) -> bool:
    """Whether an arrow points both ways."""
    return re.search(rf"{re.escape(left)}\s*<[-=.]+>\s*{re.escape(right)}", code) is not None


def _joined(manuscript: Manuscript, left: str, right: str) -> bool:
    """Whether one sentence or quote of the evidence names both, in this order where it names a direction."""
    texts = [*(c.quote for c in manuscript.answer.citations), *(e.text for e in manuscript.answer.evidence)]
    a, b = folded(left), folded(right)
    for text in texts:
        for piece in re.split(r"\n\s*\n|(?<=[.!?])\s+", text):
            said = folded(piece)
            if a in said and b in said and (said.index(a) <= said.rindex(b) or re.search(r"\b(?:by|from)\b", said)):
                return True
    return False
