"""The page of a real night in a real browser: within the first screenful a reader sees whether the night was fine.

Each width leaves a screenshot in .aether/screenshots.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.nightly import Night
from eval.nightly.attacks import Sample
from eval.nightly.night import nightly
from eval.suites.catalog import suite
from ingest.report import Silent

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / ".aether" / "screenshots"
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
WORDS = {"fine": "Fine", "look": "Worth a look", "bad": "Not fine", "untrusted": "Not to be trusted"}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Night, str]:
    """Two nights over a few cases; the second one's report, and its address."""
    home = tmp_path_factory.mktemp("night")
    few, sample = suite("smoke").first(9), Sample(home / "no data", attacks=1, requests=20)
    nightly([few], home, "2026-11-20", Silent(), sample=sample)
    report = nightly([few], home, "2026-11-21", Silent(), sample=sample)
    return report, (home / "nights/2026-11-21/report.html").as_uri()


@contextmanager
def _opened(chromium: Chrome, address: str, width: str) -> Iterator[Chrome]:
    across, down = WIDTHS[width]
    size = {"width": across, "height": down, "deviceScaleFactor": 1, "mobile": width == "phone"}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        chromium.get_log("browser")  # type: ignore[no-untyped-call]  # what pages before this one said
        chromium.get(address)
        yield chromium
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("width", WIDTHS)
def test_the_verdict_and_its_reason_stand_in_the_first_screenful(
    chromium: Chrome, night: tuple[Night, str], width: str
) -> None:
    report, address = night
    with _opened(chromium, address, width) as page:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.save_screenshot(str(SHOTS / f"nightly-{width}.png"))
        verdict, reason, tally, first = (
            page.find_element("css selector", selector) for selector in (".verdict", "header p", ".tally", ".stage")
        )
        assert WORDS[report.verdict] in verdict.text
        assert report.headline in reason.text
        assert sum(int(word) for word in tally.text.split() if word.isdigit()) == len(report.stages)
        for element in (verdict, reason, tally, first):
            assert element.rect["y"] >= 0
            assert element.rect["y"] + element.rect["height"] <= WIDTHS[width][1]
        assert float(verdict.value_of_css_property("font-size").removesuffix("px")) >= 24
        gravest = {"bad": "not fine"}.get(report.verdict, report.verdict)
        assert gravest in first.text
        assert page.get_log("browser") == []  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("width", WIDTHS)
def test_everything_opened_fits_the_width(chromium: Chrome, night: tuple[Night, str], width: str) -> None:
    with _opened(chromium, night[1], width) as page:
        page.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
        boxes = "document.querySelectorAll('.trend, .stage, .wide, .sides')"
        wide = page.execute_script(f"return [...{boxes}].filter((one) => one.scrollWidth > one.clientWidth)")
        assert [one.text[:60] for one in wide] == []
        assert page.get_log("browser") == []  # type: ignore[no-untyped-call]
