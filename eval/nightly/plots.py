"""Trends as inline SVG: the line, its 95 % band, the last value. No script, no file beside the page."""

from __future__ import annotations

from html import escape

from corpus.nightly import NightTrend

_WIDTH, _HEIGHT, _PAD = 220, 64, 6


def plot(trend: NightTrend) -> str:
    """The trend as SVG; a band where there are intervals."""
    points = trend.points
    lows = [p.value if p.low is None else p.low for p in points]
    highs = [p.value if p.high is None else p.high for p in points]
    bottom, top = min(lows), max(highs)
    if top - bottom < 0.05:
        middle = (top + bottom) / 2
        bottom, top = middle - 0.025, middle + 0.025
    xs = [_PAD + (_WIDTH - 2 * _PAD) * (i / (len(points) - 1) if len(points) > 1 else 0.5) for i in range(len(points))]

    def y(value: float) -> float:
        return _HEIGHT - _PAD - (_HEIGHT - 2 * _PAD) * (value - bottom) / (top - bottom)

    line = " ".join(f"{x:.1f},{y(p.value):.1f}" for x, p in zip(xs, points, strict=True))
    above = [f"{x:.1f},{y(high):.1f}" for x, high in zip(xs, highs, strict=True)]
    below = [f"{x:.1f},{y(low):.1f}" for x, low in zip(xs, lows, strict=True)]
    band = " ".join([*above, *reversed(below)])
    last = points[-1]
    told = f"{trend.suite} {trend.name}: {last.value:.3f} on {last.night}, {len(points)} nights"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(told)}"><title>{escape(told)}</title>'
        f'<polygon class="band" points="{band}"/><polyline class="line" points="{line}"/>'
        f'<line class="bar" x1="{xs[-1]:.1f}" x2="{xs[-1]:.1f}" y1="{y(highs[-1]):.1f}" y2="{y(lows[-1]):.1f}"/>'
        f'<circle class="dot" cx="{xs[-1]:.1f}" cy="{y(last.value):.1f}" r="3"/></svg>'
    )
