"""The night as one self-contained HTML page: the verdict first, then why, then everything else.

All text of documents and answers is escaped; there is no script, no font and no picture from anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from corpus.nightly import Night, NightCase, NightFigure, NightPoint, NightStage, NightVerdict
from eval.nightly.plots import plot

_WORDS = {
    "fine": "✓ Fine",
    "look": "● Worth a look",
    "bad": "✗ Not fine",
    "untrusted": "? Not to be trusted",
}
_SHORT = {"fine": "fine", "look": "look", "bad": "not fine", "untrusted": "untrusted"}
_GRAVEST: tuple[NightVerdict, ...] = ("bad", "untrusted", "look", "fine")
_TRENDS = (
    "SpanRecall@5",
    "FactRecall",
    "CitationHit",
    "RefusalF1",
    "QuoteVerbatim",
    "NothingLeaked",
    "AttackSuccess:quoted",
)


def page(night: Night) -> str:
    """The page."""
    css = Path(__file__).with_name("report.css").read_text("utf-8")
    parts = (_changed(night), _stages(night.stages), _trends(night), _worst(night), _figures(night.figures))
    prints = "; ".join(f"{escape(name)} {escape(value)}" for name, value in night.fingerprints.items())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Aether, night of {escape(night.night)}: {_SHORT[night.verdict]}</title><style>{css}</style></head>"
        "<body>"
        f'<main><header class="{night.verdict}"><div class="verdict">{_WORDS[night.verdict]}</div>'
        f"<div><p>{escape(night.headline)}<br><small>Night of {escape(night.night)}</small></p>"
        f"{_tally(night.stages)}</div></header>"
        f"{''.join(parts)}<footer>Fingerprints: {prints}. Scores of the embedded judge are Aether's own and not "
        "comparable with published ones. Latencies are measured while the suites run.</footer></main></body></html>\n"
    )


def _tally(stages: Sequence[NightStage]) -> str:
    """How many parts came out how, the gravest first."""
    counts = Counter(stage.verdict for stage in stages)
    items = [f'<li class="{name}">{counts[name]} {_SHORT[name]}</li>' for name in _GRAVEST if counts[name]]
    return f'<ul class="tally">{"".join(items)}</ul>'


def _changed(night: Night) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in night.changed) or "<li>nothing</li>"
    told = night.cause if night.cause.startswith("most failed") else f"probably because of the {night.cause}"
    why = f"<h2>Why a gate is broken</h2><p><b>{escape(told[0].upper() + told[1:])}</b></p>" if night.cause else ""
    return f"<section>{why}<h2>What changed since the night before</h2><ul>{items}</ul></section>"


def _stages(stages: Iterable[NightStage]) -> str:
    cards = [
        f'<div class="stage {s.verdict}"><b>{escape(s.name)}<span>{_SHORT[s.verdict]}</span></b>'
        f"<p>{escape(s.summary)}</p>{_details(s.details)}</div>"
        for s in sorted(stages, key=lambda stage: _GRAVEST.index(stage.verdict))
    ]
    return f'<section><h2>The parts of the night</h2><div class="stages">{"".join(cards)}</div></section>'


def _details(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<details><summary>details</summary><ul>{items}</ul></details>" if items else ""


def _trends(night: Night) -> str:
    shown = [t for t in night.trends if t.name in _TRENDS]
    cards = [
        f'<div class="trend"><b>{_breaking(t.name)}<span>{t.points[-1].value:.3f}</span></b>{plot(t)}'
        f"<small>{escape(t.suite)}, {_nights(len(t.points))}{_within(t.points[-1])}</small></div>"
        for t in sorted(shown, key=lambda t: (t.suite, _TRENDS.index(t.name)))
    ]
    return f'<section><h2>Trends, with 95 % intervals</h2><div class="trends">{"".join(cards)}</div></section>'


def _breaking(name: str) -> str:
    """A measure's name that may be broken where its parts meet."""
    return escape(name).replace(":", ":<wbr>")


def _nights(count: int) -> str:
    return f"{count} night{'' if count == 1 else 's'}"


def _within(point: NightPoint) -> str:
    """The interval of the last night in words; "" where there is none."""
    return "" if point.low is None or point.high is None else f", {point.low:.2f} to {point.high:.2f}"


def _worst(night: Night) -> str:
    counts = ", ".join(f"{count} {escape(cause)}" for cause, count in night.causes.items()) or "none"
    shown = f"<p>{len(night.worst)} are shown, new ones first; the logs beside this page hold all.</p>"
    cases = shown + "".join(map(_case, night.worst)) if night.worst else ""
    return f"<section><h2>Cases that failed: {counts}</h2>{cases}</section>"


def _case(case: NightCase) -> str:
    evidence = "".join(f"<h3>{escape(e.document)}</h3><pre>{escape(e.text)}</pre>" for e in case.evidence)
    said = "".join(
        f'<li class="{"yes" if s.supported else "no"}">{escape(s.text)} '
        f"<small>{'holds' if s.supported else f'dropped: {escape(s.check)}'}</small></li>"
        for s in case.sentences
    )
    new = '<span class="pill bad">new</span>' if case.new else ""
    return (
        f'<details><summary>{new}<span class="pill">{escape(case.cause)}</span>{escape(case.question)} '
        f'<small>{escape(case.suite)} {escape(case.id)}</small></summary><div class="sides"><div>'
        f"<h3>Expected</h3><pre>{escape(case.expected or 'a refusal')}</pre>"
        f"<h3>Answer</h3><pre>{escape(case.answer)}</pre>"
        f"<h3>Sentences and verdicts</h3><ul>{said}</ul></div><div><h3>Evidence, best first</h3>{evidence}</div></div>"
        "</details>"
    )


def _figures(figures: Iterable[NightFigure]) -> str:
    rows = "".join(
        f'<tr class="{"worse" if f.worse else ""}"><td>{escape(f.suite)}</td><td>{escape(f.name)}</td>'
        f'<td class="n">{f.value:.3f}</td><td class="n span">{_span(f)}</td>'
        f'<td class="n">{"" if f.before is None else f"{f.before:.3f}"}</td><td class="n">{f.n}</td></tr>'
        for f in figures
    )
    return (
        '<section><h2>All figures</h2><div class="wide"><table><tr><th>suite</th><th>measure</th>'
        '<th class="n">value</th><th class="n span">95 %</th><th class="n">night before</th><th class="n">n</th></tr>'
        f"{rows}</table></div></section>"
    )


def _span(figure: NightFigure) -> str:
    return "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
