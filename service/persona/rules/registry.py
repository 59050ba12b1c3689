"""The rules by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.persona.finding import Finding
from service.persona.manuscript import Manuscript
from service.persona.rules import architecture, code, comparing, conduct, figures, shape, sources, terms, voice
from service.persona.rules.drawing import p6

Rule = Callable[[Manuscript], Finding]

RULES: Mapping[str, Rule] = {
    "P0": voice.p0,
    "P1": shape.p1,
    "P2": shape.p2,
    "P3": shape.p3,
    "P4": comparing.p4,
    "P5": terms.p5,
    "P6": p6,
    "P7": code.p7,
    "P8": comparing.p8,
    "P9": figures.p9,
    "P10": architecture.p10,
    "P11": conduct.p11,
    "P12": conduct.p12,
    "P13": sources.p13,
    "P14": conduct.p14,
    "P15": shape.p15,
    "P16": voice.p16,
    "P17": sources.p17,
    "P18": voice.p18,
    "P19": architecture.p19,
    "P20": figures.p20,
    "P21": architecture.p21,
    "P22": shape.p22,
}
