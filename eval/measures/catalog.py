"""Every measure by its name, in the style of ir_measures: `nDCG@10`, `SpanRecall@5`, `Latency:search@99`."""

from __future__ import annotations

import re

from corpus.errors import UsageError
from eval.measures.calibrating import MEASURES as CALIBRATING
from eval.measures.citing import MEASURES as CITING
from eval.measures.claiming import MEASURES as CLAIMING
from eval.measures.measure import Measure
from eval.measures.ranking import NAMES, ranking
from eval.measures.refusing import MEASURES as REFUSING
from eval.measures.saying import MEASURES as SAYING
from eval.measures.speaking import MEASURES as SPEAKING
from eval.measures.speaking import persona_rule
from eval.measures.spending import MEASURES as SPENDING
from eval.measures.spending import latency

FIXED = {m.name: m for m in (*CITING, *SAYING, *REFUSING, *CALIBRATING, *CLAIMING, *SPEAKING, *SPENDING)}
STANDARD = (
    "nDCG@10",
    "Recall@5",
    "MRR",
    "SpanRecall@5",
    "SpanRecall@10",
    "FactRecall",
    "FactRecall@60",
    "CitationHit",
    "CitationPrecision",
    "CitationRecall",
    "CitationSupport",
    "QuoteVerbatim",
    "QuantityFidelity",
    "IdentifierFidelity",
    "NothingLeaked",
    "RefusalRecall",
    "RefusalPrecision",
    "RefusalF1",
    "Coverage",
    "Crashed",
    "RiskCoverage",
    "CalibrationError",
    "ClaimAccuracy",
    "ClaimAUROC",
    "PersonaRules",
    "LeadBold",
    "Words",
    "Latency:all@50",
    "Latency:all@99",
)
"""What every report shows."""
_RANKED = re.compile(r"([A-Za-z]+)(?:@(\d{1,4}))?")
_TIMED = re.compile(r"Latency:([a-z_]+)@(\d{1,2})")
_RULED = re.compile(r"PersonaRule:(P\d{1,2})")


def measure(name: str) -> Measure:
    """The measure of a name. Raises `UsageError` on an unknown one."""
    if name in FIXED:
        return FIXED[name]
    if timed := _TIMED.fullmatch(name):
        return latency(timed[1], int(timed[2]))
    if ruled := _RULED.fullmatch(name):
        return persona_rule(ruled[1])
    ranked = _RANKED.fullmatch(name)
    found = ranking(ranked[1], int(ranked[2] or 0)) if ranked and ranked[2] != "0" else None
    if found is None:
        raise UsageError("unknown measure", item=name, next_step=f"Known: {', '.join((*NAMES, *FIXED))}")
    return found
