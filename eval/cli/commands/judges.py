"""RAGAS over a run with the judge that was asked for, and the checks of the embedded judge."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from eval.cli.app import HOME
from eval.datasets.wice import wice
from eval.judging.agreement import agreement, rated
from eval.judging.checked import JudgeChecked, check_judge, check_on_claims
from eval.judging.embedded import EmbeddedJudge
from eval.judging.endpoint import EndpointJudge
from eval.judging.known import known_sentences
from eval.judging.port import Judge
from eval.judging.recorded import RecordedJudge
from eval.running.log import read_log
from eval.running.world import ingest_suite, opened
from eval.suites.catalog import SHARED, suite
from service.cli.ending import DONE
from service.cli.terminal import print_json
from service.settings import read_settings
from service.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line said."""

    log: Path | None
    endpoint: str | None
    model: str
    record: Path | None
    check: bool
    agreement: bool
    store: Path | None
    data: Path | None
    json: bool


def judge_and_tell(wanted: Wanted) -> int:
    """Do what was asked for and show it."""
    if not (wanted.log or wanted.check or wanted.agreement):
        raise UsageError("nothing to judge", next_step="Give a LOG, --check or --agreement")
    told: dict[str, Any] = {}
    if wanted.check:
        told["check"] = [_told(_checked(wanted))]
        if (wanted.data or SHARED / "data").is_dir():
            claims = wice((wanted.data or SHARED / "data") / "wice")
            told["check"].append(_told(check_on_claims(_embedded(), claims)) | {"judge": "on WiCE, by people"})
    if wanted.agreement:
        told["agreement"] = asdict(agreement(rated(wanted.data or SHARED / "data", _embedded())))
    if wanted.log:
        told |= ragas_told(wanted.log, wanted.endpoint, wanted.model, wanted.record)
    if wanted.json:
        print_json(told)
    else:
        _show(told)
    return DONE


def _embedded() -> EmbeddedJudge:
    """The one that a night is judged by: over the verifier of the settings."""
    return EmbeddedJudge(Wiring(read_settings()).verifier)


def _judge(endpoint: str | None, model: str, record: Path | None) -> Judge:
    source: Judge = _embedded()
    if endpoint:
        if not model:
            raise UsageError("the endpoint needs a model", item=endpoint, next_step="Give --model NAME")
        source = EndpointJudge(endpoint, model, key=os.environ.get("OPENAI_API_KEY", ""))
    return RecordedJudge(record, source) if record else source


def ragas_told(log: Path, endpoint: str | None, model: str, record: Path | None = None) -> dict[str, Any]:
    """RAGAS over a log as data. Raises `UsageError` where the extra or the endpoint's model is missing."""
    from eval.judging.ragas_scores import ragas_scores

    judge = _judge(endpoint, model, record)
    scores = ragas_scores(read_log(log).records, judge, Wiring(read_settings()).embedder)
    return {"label": judge.label, "ragas": [score.model_dump(exclude={"cases"}) for score in scores]}


def _told(checked: JudgeChecked) -> dict[str, Any]:
    kinds = [kind.model_dump() | {"recall": kind.recall, "precision": kind.precision} for kind in checked.kinds]
    return checked.model_dump() | {"kinds": kinds}


def _checked(wanted: Wanted) -> JudgeChecked:
    smoke = suite("smoke")
    store = wanted.store or HOME / "stores" / smoke.name
    if wanted.store is None:
        ingest_suite(smoke, store)
    with opened(store) as world:
        return check_judge(_embedded(), known_sentences(smoke, world.store))


def _show(told: dict[str, Any]) -> None:
    for check in told.get("check", ()):
        print(f"{check['judge']}: {'trusted' if check['trusted'] else 'UNDER ITS FLOOR'}")
        print(f"  true sentences let by {check['passed']:.3f} of {check['true_shown']}")
        print(f"  recall {check['recall']:.3f}, precision {check['precision']:.3f}")
        if check["restated_shown"]:
            print(f"  true sentences in other words let by {check['restated']:.3f} of {check['restated_shown']}")
        for kind in check["kinds"]:
            print(f"  {kind['kind']:12} {kind['seen']} of {kind['shown']} seen")
    if "agreement" in told:
        one = told["agreement"]
        print(
            f"Spearman with people: {one['reported']:.3f} (reported half, n {one['n']}), {one['fitting']:.3f} (other)"
        )
    if "ragas" in told:
        show_ragas(told)


def show_ragas(told: dict[str, Any]) -> None:
    """A line a metric, and whose judgement it is."""
    for score in told["ragas"]:
        value = "-" if score["value"] is None else f"{score['value']:.3f}"
        counts = f"scored {score['scored']}, refused {score['refused']}, judge failed {score['judge_failed']}"
        print(f"{score['name']:22} {value:>7}  {counts}")
    print(f"({told['label']})")
