"""The rules by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.persona.finding import Finding
from service.persona.manuscript import Manuscript
from service.persona.rules.advice.proven import p19
from service.persona.rules.advice.success import p20
from service.persona.rules.advice.tried import p21
from service.persona.rules.architecture import p10
from service.persona.rules.code import p7
from service.persona.rules.comparing import p4
from service.persona.rules.conduct import p12, p14
from service.persona.rules.drawing import p6
from service.persona.rules.figures import p9
from service.persona.rules.form.granted import p3
from service.persona.rules.form.leading import p1
from service.persona.rules.harm import p11
from service.persona.rules.origin.external import p17
from service.persona.rules.origin.sources import p13
from service.persona.rules.shape import p2, p15, p22
from service.persona.rules.terms import p5
from service.persona.rules.tone import p18
from service.persona.rules.voice import p0, p16
from service.persona.rules.weighing import p8

Rule = Callable[[Manuscript], Finding]

RULES: Mapping[str, Rule] = {
    "P0": p0,
    "P1": p1,
    "P2": p2,
    "P3": p3,
    "P4": p4,
    "P5": p5,
    "P6": p6,
    "P7": p7,
    "P8": p8,
    "P9": p9,
    "P10": p10,
    "P11": p11,
    "P12": p12,
    "P13": p13,
    "P14": p14,
    "P15": p15,
    "P16": p16,
    "P17": p17,
    "P18": p18,
    "P19": p19,
    "P20": p20,
    "P21": p21,
    "P22": p22,
}

OF_ANSWERS = frozenset({"P1", "P2", "P15", "P18", "P22"})
"""Rules on the shape of an answer; a report has the shape of its protocol."""
