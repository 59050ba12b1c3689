"""What a person does on the page, done in a real browser; each step leaves a screenshot in .aether/screenshots."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import httpx2
import pytest

from corpus.nightly import (
    Night,
    NightCase,
    NightEvidence,
    NightFigure,
    NightPoint,
    NightSentence,
    NightStage,
    NightTrend,
)

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = pytest.mark.browser
_Found = TypeVar("_Found")
SHOTS = Path(__file__).resolve().parents[2] / ".aether" / "screenshots"
QUESTION = "What happens to a document that fails to parse while Aether ingests it?"
PROPOSAL = "# Proposal: a new cache\n\n## Summary\n\nPut a cache before the store.\n\n## Rollback\n\nTBD\n"

CLIPBOARD = ["clipboardReadWrite", "clipboardSanitizedWrite"]

# Names, contrast and roles that axe would report first: controls without a name, images without alt, a text whose
# contrast is under 4.5, ids twice, no language, no main region.
FAULTS = """
const faults = [];
const seen = (e) => e.offsetParent !== null && !e.closest('[hidden]');
const label = (e) => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.title || '';
const name = (e) => (e.textContent || label(e)).trim();
document.querySelectorAll('a[href], button, input, textarea, select, summary').forEach((e) => {
  if (seen(e) && !name(e)) faults.push('no name: ' + e.outerHTML.slice(0, 80));
});
document.querySelectorAll('img:not([alt])').forEach((e) => faults.push('no alt: ' + e.src));
const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => faults.push('id twice: ' + id));
if (!document.documentElement.lang) faults.push('no language');
if (!document.querySelector('main')) faults.push('no main');
const rgb = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
const linear = (c) => (c / 255 <= .03928 ? c / 255 / 12.92 : ((c / 255 + .055) / 1.055) ** 2.4);
const light = ([r, g, b]) => [r, g, b].map(linear)
  .reduce((sum, c, at) => sum + c * [.2126, .7152, .0722][at], 0);
const ground = (e) => {
  for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0.9) return c;
  }
  return [255, 255, 255];
};
document.querySelectorAll('main *, header *').forEach((e) => {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !seen(e) || +getComputedStyle(e).opacity < 1 || e.closest('.feedback') || e.disabled) return;
  const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
  const contrast = (a + .05) / (b + .05);
  if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${e.textContent.trim().slice(0, 40)}`);
});
return faults;
"""


@pytest.fixture
def page(chromium: Chrome, address: str) -> Chrome:
    """The browser with the page open, nothing of an earlier test in it."""
    chromium.set_window_size(1280, 900)
    chromium.get("about:blank")
    chromium.get(f"{address}/")
    chromium.execute_script("sessionStorage.clear(); localStorage.clear()")
    chromium.get_log("browser")
    return chromium


def until(page: Chrome, what: Callable[[Chrome], _Found | None], seconds: float = 30.0) -> _Found:
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(page, seconds, 0.1).until(what)


def one(page: Chrome, selector: str) -> WebElement:
    return until(page, lambda p: next((e for e in every(p, selector) if e.is_displayed()), None))


def every(page: Chrome, selector: str) -> list[WebElement]:
    from selenium.webdriver.common.by import By

    return list(page.find_elements(By.CSS_SELECTOR, selector))


def shoot(page: Chrome, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.save_screenshot(str(SHOTS / f"{name}.png"))


def sound(page: Chrome) -> None:
    """No error on the console, no fault that a screen reader or a weak eye would meet."""
    assert [entry["message"] for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert page.execute_script(FAULTS) == []


def bring(address: str, name: str, text: str) -> None:
    """A document into the library, as the page brings it."""
    told = httpx2.post(f"{address}/v1/documents", files={"file": (name, text)}, timeout=60)
    assert told.status_code == 202, told.text
    end = time.monotonic() + 60
    while (state := httpx2.get(f"{address}{told.headers['location']}", timeout=60).json())["status"] != "done":
        assert state["status"] != "failed", state
        assert time.monotonic() < end
        time.sleep(0.1)


def ask(page: Chrome, question: str) -> None:
    from selenium.webdriver.common.keys import Keys

    field = one(page, "#question")
    field.clear()
    field.send_keys(question, Keys.ENTER)
    one(page, ".actions button")


def test_ask_and_click_through_to_the_cited_characters(page: Chrome) -> None:
    ask(page, QUESTION)
    assert "never makes its earlier revision vanish" in one(page, ".said").text
    assert one(page, ".verdict .good").text.startswith("Grounded")
    shoot(page, "ask")
    sound(page)
    mark = one(page, ".said .cite")
    page.execute_script("arguments[0].dispatchEvent(new MouseEvent('mouseenter'))", mark)
    quote = one(page, ".bubble blockquote").text
    shoot(page, "quote")
    mark.click()
    marked = " ".join(element.text for element in until(page, lambda p: every(p, ".document mark")))
    assert marked[:60] in " ".join(quote.split())
    assert page.execute_script("return document.querySelector('mark').getBoundingClientRect().top < innerHeight")
    shoot(page, "document")
    sound(page)


def test_sentences_arrive_before_the_record(page: Chrome) -> None:
    page.execute_script(
        "window.early = 0; new MutationObserver(() => {"
        "  if (document.querySelector('.sentence') && !document.querySelector('.actions')) window.early += 1;"
        "}).observe(document.querySelector('main'), { childList: true, subtree: true });"
    )
    ask(page, QUESTION)
    assert page.execute_script("return window.early") > 0


def test_an_answer_is_copied_with_the_places_of_its_sources(page: Chrome, address: str) -> None:
    page.execute_cdp_cmd("Browser.grantPermissions", {"permissions": CLIPBOARD, "origin": address})
    ask(page, QUESTION)
    next(b for b in every(page, ".actions button") if b.text == "Copy as Markdown").click()
    until(page, lambda p: any(b.text == "Copied" for b in every(p, ".actions button")))
    copied = page.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied.startswith(f"> {QUESTION}")
    place = re.search(
        rf"\[1\] \[.*\]\(({re.escape(address)}/#/document/library%2Foverview.md@[0-9a-f]+:\d+-\d+)\)", copied
    )
    assert place
    page.get("about:blank")
    page.get(place[1])
    assert until(page, lambda p: every(p, ".document mark"))


def test_documents_that_disagree_stand_side_by_side(page: Chrome, address: str) -> None:
    said = "The buffer of the mail relay keeps undelivered messages for {} before it drops them."
    for name, days, date in (("relay-old.md", "4 hours", "2024-01-01"), ("relay-new.md", "3 days", "2026-02-02")):
        bring(address, name, f"---\ntitle: Mail relay\ndate: {date}\n---\n\n# Mail relay\n\n{said.format(days)}\n")
    ask(page, "How long does the buffer of the mail relay keep undelivered messages?")
    assert len(every(page, ".conflict .side")) == 2
    assert "takes precedence" in one(page, ".conflict .side.prevails").text
    assert "3 days" in one(page, ".conflict .side.prevails").text
    assert "newer revision over older" in one(page, ".conflict").text
    shoot(page, "conflict")
    sound(page)


def test_a_document_is_shown_as_it_was_cited(page: Chrome, address: str) -> None:
    text = "---\ntitle: Tokens\nstatus: {}\n---\n\n# Rotation\n\nTokens of the vault rotate every {} days.\n"
    bring(address, "tokens.md", text.format("accepted", 30))
    ask(page, "How often do tokens of the vault rotate?")
    link = one(page, ".said .cite").get_attribute("href") or ""
    bring(address, "tokens.md", text.format("deprecated", 90))
    page.get("about:blank")
    page.get(link)
    assert "30 days" in one(page, ".document mark").text
    assert "changed since" in one(page, ".was").text
    shoot(page, "as-cited")
    sound(page)
    one(page, ".was a").click()
    until(page, lambda p: "90 days" in one(p, ".document").text)
    assert any(badge.text == "deprecated" for badge in every(page, ".document-head .badge.warn"))
    page.get(f"{address}/#/")
    ask(page, "How often do tokens of the vault rotate?")
    assert any(badge.text == "deprecated" for badge in every(page, ".source .badge.warn"))


DRAWN = """
const done = arguments[0];
import('/web/static/diagram.js').then(({ diagram }) => {
  const host = diagram('graph TD; A-->B');
  document.querySelector('main').append(host);
  setTimeout(() => done(!!host.querySelector('iframe')), 1500);
});
"""


def test_without_its_library_a_diagram_is_its_text(page: Chrome) -> None:
    assert page.execute_async_script(DRAWN) is False
    assert one(page, "figure details[open] pre").text == "graph TD; A-->B"


def test_with_its_library_a_diagram_is_drawn_in_a_frame_of_its_own(page: Chrome, drawing: str) -> None:
    """The library is not to be had here: one of three lines stands in for it. What is tried is that it runs at all."""
    page.get(f"{drawing}/")
    assert page.execute_async_script(DRAWN) is True
    page.switch_to.frame(one(page, "figure iframe"))
    try:
        assert until(page, lambda p: every(p, "#diagram svg text"))[0].text == "graph TD; A-->B"
    finally:
        page.switch_to.default_content()


def test_a_question_that_the_documents_do_not_answer_says_what_would_settle_it(page: Chrome) -> None:
    ask(page, "What does the cafeteria serve on Fridays in Lisbon?")
    assert one(page, ".verdict .bad").text == "Not answered"
    assert "What would settle it" in one(page, ".said").text
    shoot(page, "refusal")
    sound(page)


def test_the_keyboard_alone_is_enough(page: Chrome) -> None:
    from selenium.webdriver.common.keys import Keys

    ask(page, QUESTION)
    for _ in range(30):
        page.switch_to.active_element.send_keys(Keys.TAB)
        if "cite" in (page.switch_to.active_element.get_attribute("class") or ""):
            break
    assert one(page, ".bubble blockquote").text
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not every(page, ".bubble")
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert until(page, lambda p: every(p, ".document mark"))


def test_a_page_of_a_pdf_is_shown_with_its_lines_outlined(page: Chrome, address: str) -> None:
    page.get(f"{address}/#/document/library%2Freports%2Ftechnical-report.pdf")
    image = one(page, "img.paper")
    until(page, lambda p: p.execute_script("return arguments[0].naturalWidth", image) > 400)
    shoot(page, "pdf")
    sound(page)


def test_documents_are_listed_and_filtered(page: Chrome, address: str) -> None:
    page.get(f"{address}/#/documents")
    until(page, lambda p: len(every(p, "tbody tr")) > 10)
    one(page, "#filter").send_keys("glossary")
    until(page, lambda p: len([row for row in every(p, "tbody tr") if row.is_displayed()]) == 1)
    shoot(page, "documents")
    sound(page)


def test_a_file_is_added_to_the_library(page: Chrome, address: str, tmp_path: Path) -> None:
    (tmp_path / "Rotate the keys.md").write_text("# Rotate the keys\n\nRotate with `vaultctl rotate --all`.\n")
    page.get(f"{address}/#/documents")
    one(page, "label[for=upload]")
    every(page, "#upload")[0].send_keys(str(tmp_path / "Rotate the keys.md"))
    added = until(page, lambda p: next(iter(every(p, "main li .badge.good")), None), 60)
    assert "in the library" in added.text
    shoot(page, "upload")
    sound(page)
    page.refresh()
    one(page, "#filter").send_keys("uploads/public")
    assert "Rotate the keys" in one(page, "tbody tr:not([hidden])").text


def test_a_sentence_is_called_right(page: Chrome) -> None:
    ask(page, QUESTION)
    one(page, ".feedback button").click()
    until(page, lambda p: "Feedback noted" in p.page_source or "noted" in p.find_element("tag name", "main").text)
    sound(page)


def test_a_proposal_is_reviewed_beside_its_text(page: Chrome, address: str) -> None:
    page.get(f"{address}/#/review")
    one(page, "#text").send_keys(PROPOSAL)
    one(page, "form .primary").click()
    assert until(page, lambda p: every(p, ".finding"))
    assert "Put a cache before the store" in one(page, ".proposal").text
    assert len(every(page, "td .badge")) > 8
    shoot(page, "review")
    sound(page)
    next(b for b in every(page, ".finding .plain") if b.text == "Show it").click()
    marked = one(page, ".proposal mark").text
    assert marked
    assert marked in PROPOSAL
    shoot(page, "review-marked")
    sound(page)


def test_a_review_of_a_file_is_downloaded(page: Chrome, address: str, tmp_path: Path) -> None:
    page.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path / "got")})
    (tmp_path / "cache.md").write_text(PROPOSAL)
    page.get(f"{address}/#/review")
    one(page, "label[for=proposal]")
    every(page, "#proposal")[0].send_keys(str(tmp_path / "cache.md"))
    assert until(page, lambda p: every(p, ".finding"))
    assert "Put a cache before the store" in one(page, ".proposal").text, "the file's text stands beside the findings"
    next(b for b in every(page, ".actions button") if b.text == "Download Markdown").click()
    made = until(page, lambda p: next((tmp_path / "got").glob("*.md"), None))
    assert "not addressed" in made.read_text("utf-8")


DRAFT = """A document that fails to parse while Aether ingests it never makes the run stop and never makes its earlier \
revision vanish.
The report at the end of the run names every failed file, and the exit status 5 says that some files failed.
Run `aether defragment --all` before a backup.
Who decides that?
"""


def test_each_sentence_of_a_text_is_checked(page: Chrome, address: str) -> None:
    page.get(f"{address}/#/check")
    one(page, "#claims").send_keys(DRAFT)
    one(page, "form .primary").click()
    claims = until(page, lambda p: every(p, ".claim"), 60)
    assert [claim.get_attribute("class") for claim in claims] == ["claim good", "claim bad", "claim bad", "claim none"]
    assert "contradicted" in claims[1].text
    assert "numerical" in claims[1].text
    assert "exit status 4" in claims[1].text, "the evidence that comes closest is shown"
    shoot(page, "check")
    sound(page)
    one(page, ".claim.good .cite").click()
    marked = " ".join(element.text for element in until(page, lambda p: every(p, ".document mark")))
    assert "fails to parse" in marked


def test_a_decision_record_is_drafted_and_downloaded(page: Chrome, address: str, tmp_path: Path) -> None:
    page.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    page.get(f"{address}/#/plan/adr")
    one(page, "#plan").send_keys("Which search index should hold the vectors?\nqdrant-edge in process\nsqlite-vec")
    one(page, "form .primary").click()
    said = until(page, lambda p: every(p, "article.said"))[0]
    assert "This was decided before" in said.text
    assert "[NEEDS INPUT: sqlite-vec: what speaks for it]" in said.text
    assert "#/document/library%2Fdecisions%2F0002" in (one(page, "article a.cite").get_attribute("href") or "")
    next(b for b in every(page, ".actions button") if b.text == "Download Markdown").click()
    made = until(page, lambda p: next(tmp_path.glob("*.md"), None))
    assert "## Sources\n\n- [1] ADR 0002" in made.read_text("utf-8")
    shoot(page, "plan")
    sound(page)


def test_without_a_night_the_page_says_how_to_make_one(page: Chrome, address: str) -> None:
    page.get(f"{address}/#/evaluation")
    assert "aether-eval nightly" in one(page, "main .panel").text
    shoot(page, "evaluation")
    sound(page)


def test_the_last_night_is_shown_with_its_trend(
    page: Chrome, address: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = next(place for place in tmp_path_factory.getbasetemp().glob("browser*") if not place.is_symlink())
    nights = home / ".aether" / "eval" / "nights"
    for day in ("2026-11-23", "2026-11-24"):
        (nights / day).mkdir(parents=True)
        (nights / day / "report.json").write_text(_night(day).model_dump_json())
    page.get("about:blank")
    page.get(f"{address}/#/evaluation")
    assert one(page, "main .panel .badge").text == "Worth a look"
    assert "fell by 0.02" in one(page, "main .panel").text
    assert "0.730" in one(page, ".figure").text
    assert one(page, ".figures .panel strong").text == "persona", "what is worth a look comes before what is fine"
    spread, count = page.find_elements("css selector", ".figure .row > span:not(.badge)")
    assert (spread.text, count.text) == ("95 %: 0.700 to 0.800", "n 40")
    assert count.rect["x"] >= spread.rect["x"] + spread.rect["width"] + 4
    assert one(page, "svg.chart").get_attribute("aria-label") == "fact_recall from 0.750 to 0.730 over 2 nights"
    one(page, "main details summary").click()
    assert "How do I restore?" in one(page, "main").text
    shoot(page, "nights")
    sound(page)
    shutil.rmtree(home / ".aether")


def _night(day: str) -> Night:
    points = (
        NightPoint(night="2026-11-23", value=0.75, low=0.7, high=0.8),
        NightPoint(night=day, value=0.73, low=0.7, high=0.8),
    )
    case = NightCase(
        id="c1",
        suite="smoke",
        question="How do I restore?",
        cause="ranking",
        expected="With ledgerctl.",
        answer="Refused.",
        evidence=(NightEvidence(document="runbooks/restore.md", text="Restore it."),),
        sentences=(NightSentence(text="Restore it.", supported=True),),
        new=True,
    )
    return Night(
        night=day,
        verdict="look",
        headline="fact_recall of smoke fell by 0.02",
        changed=("the encoder",),
        cause="encoder",
        stages=(
            NightStage(name="suites", verdict="fine", summary="2 suites", details=("smoke: 40 cases",)),
            NightStage(name="persona", verdict="look", summary="2 answers break a rule"),
        ),
        figures=(NightFigure(suite="smoke", name="fact_recall", value=0.73, low=0.7, high=0.8, n=40, worse=True),),
        trends=(NightTrend(suite="smoke", name="fact_recall", points=points),),
        worst=(case,),
        causes={"ranking": 1},
        fingerprints={"smoke": "abc"},
        results={"smoke": "results/smoke"},
    )


def test_dark_and_narrow(page: Chrome) -> None:
    page.set_window_size(420, 900)
    one(page, "#theme").click()
    ask(page, "How do I restore from a backup?")
    shoot(page, "phone")
    assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth + 1")
    sound(page)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_fits_and_can_be_read(page: Chrome, address: str, theme: str, width: int) -> None:
    page.set_window_size(width, 900)
    page.execute_script(f"localStorage.setItem('aether-theme', '{theme}')")
    for name in ("", "check", "review", "plan", "documents", "evaluation", "document/library%2Foverview.md"):
        page.get("about:blank")
        page.get(f"{address}/#/{name}")
        one(page, "main h1")
        until(page, lambda p: not every(p, "main .spinner"))
        shoot(page, f"page-{name.partition('/')[0] or 'home'}-{theme}-{width}")
        assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth + 1"), name
        sound(page)
