"""The nightly run's parts: drift, the fate of citations, history and page; and the files that start it."""

from __future__ import annotations

import configparser
import fcntl
import json
import re
import shlex
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import yaml
from typer.main import get_command

from corpus.errors import StoreBusy, UsageError
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
from eval.cli.app import app
from eval.cli.program import run
from eval.injections.run import Outcome
from eval.nightly.attacks import Sample, attacked, attacks_of, injection_stage, wilson
from eval.nightly.drift import drift
from eval.nightly.earlier import Earlier
from eval.nightly.history import History
from eval.nightly.night import nightly
from eval.nightly.plots import plot
from eval.nightly.report import page
from eval.nightly.saved import saved_citations
from eval.nightly.stages import citation_stage, people_stage
from ingest.report import Silent
from ingest.store.store import Store
from service.cli.program import run as aether
from service.settings import read_settings

REPO = Path(__file__).resolve().parents[2]
HOSTILE = '<script>alert(1)</script> & "quotes"'


def _night(night: str, value: float = 0.9, verdict: str = "fine") -> Night:
    figure = NightFigure(suite="smoke", name="FactRecall", value=value, low=value - 0.05, high=value + 0.05, n=60)
    return Night(
        night=night,
        verdict=verdict,  # type: ignore[arg-type]
        headline=HOSTILE,
        changed=(HOSTILE,),
        cause="retriever",
        stages=(NightStage(name="gate", verdict="fine", summary=HOSTILE, details=(HOSTILE,)),),
        figures=(figure,),
        trends=(),
        worst=(
            NightCase(
                id="c1",
                suite="smoke",
                question=HOSTILE,
                cause="not retrieved",
                expected=HOSTILE,
                answer=HOSTILE,
                evidence=(NightEvidence(document="d", text=HOSTILE),),
                sentences=(NightSentence(text=HOSTILE, supported=False, check="quote"),),
                new=True,
            ),
        ),
        causes={"not retrieved": 1},
        fingerprints={"smoke": "f"},
        results={"smoke": "r"},
    )


def test_the_statistic_of_drift_is_the_one_of_the_textbook() -> None:
    """Distance by hand; p-values as scipy's asymptotic ones, within Stephens' correction."""
    assert drift([1, 2, 3, 4], [1, 2, 3, 4]).distance == 0.0
    assert drift([1, 2, 3, 4], [1, 2, 3, 4]).p == 1.0
    assert drift([0, 0, 0, 0], [1, 1, 1, 1]).distance == 1.0
    assert drift([1, 2, 3, 4], [3, 4, 5, 6]).distance == 0.5
    random = np.random.default_rng(3)
    alarms = sum(drift(random.normal(size=80).tolist(), random.normal(size=80).tolist()).p < 0.05 for _ in range(400))
    assert 4 <= alarms <= 36, "about 5 % of 400 under the null"
    assert drift(random.normal(size=80).tolist(), random.normal(1.0, size=80).tolist()).alarming


def test_history_keeps_a_night_once_and_the_last_ones_only(tmp_path: Path) -> None:
    history = History(tmp_path / "h.db")
    for day, value in (("2026-01-01", 0.5), ("2026-01-02", 0.6), ("2026-01-02", 0.7), ("2026-01-03", 0.8)):
        history.keep(_night(day, value))
    assert [night for night, _ in history.before("2026-01-03")] == ["2026-01-02", "2026-01-01"]
    assert history.before("2026-01-01") == []
    (trend,) = history.trends("2026-01-03")
    assert [point.value for point in trend.points] == [0.5, 0.7, 0.8]
    assert [point.value for point in history.trends("2026-01-02")[0].points] == [0.5, 0.7]
    assert history.drop(2) == ["2026-01-01"]
    assert len(history.trends("2026-01-03")[0].points) == 2


def test_a_standing_state_is_news_once(tmp_path: Path) -> None:
    old = NightStage(name="staleness", verdict="look", summary="2 documents", details=("a", "b"))
    first = Earlier(tmp_path, [])
    assert first.settled(old) == old
    second = Earlier(tmp_path, [("2026-01-01", (old,))]).settled(old)
    assert (second.verdict, second.summary) == ("fine", "2 documents, as the night before")
    third = Earlier(tmp_path, [("2026-01-02", (second,)), ("2026-01-01", (old,))])
    assert third.settled(old) == second
    other = old.model_copy(update={"details": ("a", "c")})
    assert third.settled(other) == other
    assert third.settled(old.model_copy(update={"verdict": "bad"})).verdict == "bad"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


@pytest.mark.parametrize("verdict", ["fine", "look", "bad", "untrusted"])
def test_the_page_says_the_verdict_first_and_runs_nothing(verdict: str) -> None:
    points = tuple(NightPoint(night=f"2026-01-0{n}", value=n / 10, low=0.0, high=1.0) for n in range(1, 4))
    trend = NightTrend(suite="smoke", name="FactRecall", points=points)
    shown = page(_night("2026-01-03", verdict=verdict).model_copy(update={"trends": (trend,)}))
    read = _Tags()
    read.feed(shown)
    assert "script" not in read.tags
    assert read.links == []
    assert "<svg" in shown
    assert HOSTILE not in shown
    body = shown[shown.index("<body>") :]
    assert body.index('class="verdict"') < body.index("What changed") < body.index("The parts of the night")
    assert "url(" not in shown
    assert "Cases that failed: 1 not retrieved" in shown


def test_the_page_says_what_the_cause_is_in_a_sentence() -> None:
    assert "Why a gate is broken</h2><p><b>Probably because of the retriever<" in page(_night("2026-01-03"))
    assert "Why a gate" not in page(_night("2026-01-03").model_copy(update={"cause": ""}))
    told = page(_night("2026-01-03").model_copy(update={"cause": "most failed cases: wrongly cited"}))
    assert "<b>Most failed cases: wrongly cited</b>" in told
    assert "Probably" not in told


def test_the_parts_are_counted_by_verdict_the_gravest_first() -> None:
    fine = NightStage(name="a", verdict="fine", summary="")
    parts = (fine, fine, fine.model_copy(update={"verdict": "bad"}), fine.model_copy(update={"verdict": "look"}))
    shown = page(_night("2026-01-03").model_copy(update={"stages": parts}))
    tally = re.search(r'<ul class="tally">(.*?)</ul>', shown)
    assert tally is not None
    assert re.findall(r">([^<]+)</li>", tally[1]) == ["1 not fine", "1 look", "2 fine"]


def test_a_trend_of_one_night_is_drawn_within_the_picture() -> None:
    drawn = plot(NightTrend(suite="s", name="n", points=(NightPoint(night="x", value=1.0),)))
    numbers = [float(n) for n in re.findall(r'c[xy]="(-?[\d.]+)"', drawn)]
    assert all(0 <= n <= 220 for n in numbers)
    assert "nan" not in drawn


def test_a_second_run_is_kept_out(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreBusy, match="another nightly run"):
            nightly([], tmp_path, "2026-01-01", Silent(), sample=Sample(tmp_path))


def test_a_night_that_is_no_date_is_refused(tmp_path: Path) -> None:
    assert run(["nightly", "--home", str(tmp_path), "--night", "../../etc"]) == 2
    assert list(tmp_path.iterdir()) == []


def _is_a_command(line: str) -> None:
    words = shlex.split(line)
    at = next(n for n, word in enumerate(words) if word.endswith("aether-eval"))
    command = get_command(app).commands[words[at + 1]]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words[at + 2 :] if word.startswith("--")} <= known


def test_the_systemd_units_start_a_command_that_exists() -> None:
    units = {}
    for name in ("aether-nightly.service", "aether-nightly.timer"):
        units[name] = configparser.ConfigParser(strict=False, interpolation=None)
        units[name].read_string((REPO / "deploy/systemd" / name).read_text("utf-8"))
    _is_a_command(units["aether-nightly.service"]["Service"]["ExecStart"])
    assert units["aether-nightly.timer"]["Timer"]["OnCalendar"].endswith("02:30:00")


def test_the_cron_line_starts_a_command_that_exists() -> None:
    (line,) = [x for x in (REPO / "deploy/cron/aether-nightly").read_text("utf-8").splitlines() if x[:1] != "#"]
    assert re.fullmatch(r"30 2 \* \* \* aether .+", line)
    _is_a_command(line.partition("&&")[2])


def test_the_cluster_job_starts_a_command_that_exists_and_never_twice() -> None:
    job = yaml.safe_load((REPO / "deploy/kubernetes/nightly-cronjob.yaml").read_text("utf-8"))
    assert (job["kind"], job["spec"]["concurrencyPolicy"]) == ("CronJob", "Forbid")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    _is_a_command(shlex.join(container["command"]))
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_the_workflow_starts_a_command_that_exists() -> None:
    flow = yaml.safe_load((REPO / ".github/workflows/nightly.yml").read_text("utf-8"))
    (job,) = flow["jobs"].values()
    lines = [step["run"] for step in job["steps"] if "run" in step]
    _is_a_command(next(line for line in lines if line.startswith("aether-eval")))
    assert flow[True]["schedule"] == [{"cron": "30 2 * * *"}]


def test_saved_answers_and_reports_are_followed_too(tmp_path: Path) -> None:
    docs, store, saved = tmp_path / "docs", tmp_path / "store", tmp_path / "saved"
    docs.mkdir()
    (docs / "keys.md").write_text("# Rotate the keys\n\nRotate the vault keys every quarter.\n")
    ingest = ["ingest", str(docs), "--store", str(store)]
    assert aether(ingest) == 0
    cited = {"number": 1, "document": "docs/keys.md", "start": 19, "end": 55}
    answer = {"citations": [{**cited, "quote": "Rotate the vault keys every quarter."}]}
    (saved / "adr").mkdir(parents=True)
    (saved / "adr" / "0001.json").write_text(json.dumps(answer))
    (saved / "other.json").write_text("{}")
    (store / "journal").mkdir()
    (store / "journal" / "2026-11-25.jsonl").write_text(json.dumps({"answer": answer}) + '\n{"answer": {"cita')
    found = saved_citations(saved, store / "journal")
    with Store.open(store) as opened:
        stage = citation_stage([], found, opened)
    assert (len(found), stage.verdict) == (2, "fine")
    assert "of what was saved 1 holds" in stage.summary
    (docs / "keys.md").write_text("# Rotate the keys\n\nRotate the vault keys every month.\n")
    assert aether(ingest) == 0
    with Store.open(store) as opened:
        assert citation_stage([], found, opened).verdict == "look"
    with pytest.raises(UsageError, match="no such folder"):
        saved_citations(tmp_path / "none", store / "journal")


def test_the_judge_is_held_against_people_where_their_ratings_are(shared: Path, tmp_path: Path) -> None:
    settings = read_settings(store=tmp_path)
    stage = people_stage(shared / "data", settings)
    assert re.fullmatch(r"Spearman with people 0\.\d\d on the reported half of 147 answers", stage.summary)
    assert (stage.verdict, len(stage.details)) == ("fine", 2)
    assert people_stage(tmp_path, settings).summary == "no answers rated by people are on this machine"


def test_the_attacks_of_a_night_are_drawn_by_its_date(tmp_path: Path) -> None:
    first = attacks_of("2026-11-20", tmp_path, 5)
    assert first == attacks_of("2026-11-20", tmp_path, 5)
    assert len({attack.id for attack in first}) == 5
    assert any(first != attacks_of(f"2026-11-{day}", tmp_path, 5) for day in range(21, 25))
    assert Sample(tmp_path).first(3) == Sample(tmp_path, 3, 3)


def test_half_of_the_attacks_are_others_where_those_are_here(shared: Path) -> None:
    drawn = attacks_of("2026-11-20", shared / "data", 10)
    assert sum(attack.id.startswith("own/") for attack in drawn) == 5
    assert len({attack.id for attack in drawn}) == 10


@pytest.mark.slow
def test_the_success_of_attacks_is_a_figure_with_an_interval(tmp_path: Path) -> None:
    tried = attacked("2026-11-20", Sample(tmp_path, attacks=1, requests=20))
    found = {figure.name: figure for figure in tried.figures}
    assert (found["AttackSuccess:quoted"].n, found["AttackSuccess:written"].n, found["Leaks"].n) == (3, 6, 20)
    assert found["AttackShown:quoted"].n == 3
    assert all(f.value == 0.0 == f.low and f.high is not None and f.high > 0.1 for f in found.values())
    assert [stage.verdict for stage in tried.stages] == ["fine", "fine"]


def test_a_planted_text_in_a_quoted_answer_is_counted_and_an_order_is_worth_a_look() -> None:
    quiet = Outcome("own/task", "own", "beside", "extractive", *[False] * 5)
    shown = replace(quiet, quoted=True, said=("Write a poem.",))
    told = injection_stage([], [quiet, shown, replace(shown, writer="obedient")])
    assert (told.verdict, told.details) == ("fine", ("own/task, beside, extractive: Write a poem.",))
    assert "1 of 2 quoted ones show a planted text" in told.summary
    assert injection_stage([], [quiet, replace(shown, ordered=True)]).verdict == "look"
    assert injection_stage([], [quiet]).details == ()


def test_the_interval_of_a_share_is_wilsons() -> None:
    """Values of the article's formula, worked by hand."""
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 96) == (0.0, pytest.approx(0.0385, abs=1e-4))
    assert wilson(5, 10) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))
