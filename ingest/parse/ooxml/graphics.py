"""The words in charts and SmartArt: what their XML keeps of the data that was drawn."""

from __future__ import annotations

from lxml import etree

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"


def chart_rows(chart: etree._Element) -> list[tuple[str, ...]]:
    """The cached data of a chart of any type: a head of series names, then a row a category."""
    columns: list[tuple[str, dict[int, str]]] = []
    categories: dict[int, str] = {}
    for series in chart.iter(f"{CHART}ser"):
        name = " ".join(v.text or "" for v in series.iterfind(f"{CHART}tx//{CHART}v"))
        columns.append((name, _points(series, "val") or _points(series, "yVal")))
        categories.update(_points(series, "cat") or _points(series, "xVal"))
    if not columns:
        return []
    places = sorted(set(categories).union(*(values for _, values in columns)))
    body = [(categories.get(at, ""), *(values.get(at, "") for _, values in columns)) for at in places]
    return [("", *(name for name, _ in columns)), *body]


def chart_title(chart: etree._Element) -> str:
    """The words of the chart's own title, or ""."""
    title = chart.find(f"{CHART}chart/{CHART}title")
    return "" if title is None else " ".join(t.text or "" for t in title.iter(f"{A}t"))


def diagram_texts(data: etree._Element) -> list[str]:
    """The texts of the shapes of a SmartArt graphic, in the order of its outline as far as the file keeps it."""
    points = (p for p in data.iter(f"{DIAGRAM}pt") if p.get("type", "node") in ("node", "asst"))
    texts = (" ".join("".join(t.text or "" for t in p.iter(f"{A}t")) for p in point.iter(f"{A}p")) for point in points)
    return [text.strip() for text in texts if text.strip()]


def _points(series: etree._Element, part: str) -> dict[int, str]:
    points = series.iterfind(f"{CHART}{part}//{CHART}pt")
    return {int(p.get("idx") or 0): _number(p.findtext(f"{CHART}v") or "") for p in points}


def _number(text: str) -> str:
    try:
        return f"{float(text):g}" if len(text) > 12 else text
    except ValueError:
        return text
