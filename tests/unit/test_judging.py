"""Judges: the rules, a recording, an endpoint on loop-back, and the correction of what a judge misses."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from eval.judging.agreement import agreement, rated, spearman
from eval.judging.checked import check_judge, corrected
from eval.judging.embedded import EmbeddedJudge, claims
from eval.judging.endpoint import EndpointJudge
from eval.judging.port import JudgeFailure
from eval.judging.recorded import RecordedJudge
from eval.running.record import Probe

CONTEXT = "The store keeps finished jobs for 30 days. It does not keep drafts. Set `AETHER_STORE` to move it."
JUDGE = EmbeddedJudge()


def _prompt(**asked: object) -> str:
    return f"Do it.\ninput: {json.dumps(asked)}\nOutput: "


def _verdicts(*statements: str) -> list[int]:
    found = JUDGE.fields(_prompt(context=CONTEXT, statements=list(statements)), "NLIStatementOutput", {})
    return [one["verdict"] for one in found["statements"]]


def test_what_stands_there_is_entailed_and_what_was_changed_is_not() -> None:
    assert _verdicts("The store keeps finished jobs for 30 days.", "It does not keep drafts.") == [1, 1]
    assert _verdicts(
        "The store keeps finished jobs for 90 days.",
        "It does keep drafts.",
        "Set `AETHER_HOME` to move it.",
        "The scheduler lives in Lisbon and speaks Portuguese.",
    ) == [0, 0, 0, 0]


def test_a_text_is_taken_apart_without_its_headings_and_marks() -> None:
    assert claims("# Title\n\nOne thing [1]. Another thing.\n\n- an item [2]") == [
        "One thing.",
        "Another thing.",
        "an item",
    ]


def test_what_the_rules_cannot_say_is_a_failure_of_the_judge() -> None:
    with pytest.raises(JudgeFailure):
        JUDGE.fields(_prompt(), "SomethingElse", {})
    with pytest.raises(JudgeFailure):
        JUDGE.fields("no input", "NLIStatementOutput", {})


def test_a_recording_says_it_again_and_nothing_else(tmp_path: Path) -> None:
    prompt = _prompt(context=CONTEXT, statements=["It does not keep drafts."])
    said = RecordedJudge(tmp_path / "said.jsonl", JUDGE).fields(prompt, "NLIStatementOutput", {})
    again = RecordedJudge(tmp_path / "said.jsonl")
    assert again.fields(prompt, "NLIStatementOutput", {}) == said
    with pytest.raises(JudgeFailure, match="nothing was recorded"):
        again.fields(prompt + " ", "NLIStatementOutput", {})


class _Server(BaseHTTPRequestHandler):
    replies: list[tuple[int, str]]

    def do_POST(self) -> None:
        status, content = self.replies.pop(0)
        body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, type[_Server]]]:
    handler = type("Handler", (_Server,), {"replies": []})
    listening = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/v1", handler
    listening.shutdown()
    listening.server_close()
    thread.join()


def test_an_endpoint_is_asked_again_when_it_is_busy_and_fails_when_it_says_no_json(
    server: tuple[str, type[_Server]],
) -> None:
    url, handler = server
    judge = EndpointJudge(url, "m", pause=0.0)
    handler.replies = [(503, ""), (200, 'Sure: {"verdict": 1}')]
    assert judge.fields("p", "W", {}) == {"verdict": 1}
    handler.replies = [(200, "I cannot")]
    with pytest.raises(JudgeFailure, match="no JSON"):
        judge.fields("p", "W", {})
    handler.replies = [(401, "")]
    with pytest.raises(JudgeFailure, match="status 401"):
        judge.fields("p", "W", {})


def test_a_judge_is_held_against_known_sentences() -> None:
    known = [
        (Probe(kind="", text="The store keeps finished jobs for 30 days.", objected=False), CONTEXT),
        (Probe(kind="number", text="The store keeps finished jobs for 31 days.", objected=False), CONTEXT),
        (Probe(kind="negation", text="The store keeps not finished jobs for 30 days.", objected=False), CONTEXT),
    ]
    checked = check_judge(JUDGE, known)
    assert checked.passed == checked.recall == checked.precision == 1.0
    assert checked.trusted
    blind = [(Probe(kind="entity", text="The store keeps finished jobs for 30 days.", objected=False), CONTEXT)]
    assert not check_judge(JUDGE, blind * 3 + known[:1]).trusted


def test_the_corrected_share_covers_the_truth_about_as_often_as_it_says() -> None:
    """A judge that lets a fifth of the wrong ones by: the raw share is off, the corrected interval is not."""
    random = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        truth = random.random(900) < 0.8
        said = np.where(truth, random.random(900) < 0.95, random.random(900) < 0.4).astype(float)
        found = corrected(list(said[200:]), list(zip(said[:200].tolist(), truth[:200].tolist(), strict=True)))
        covered += found.low <= 0.8 <= found.high
        assert found.low <= found.value <= found.high
    assert covered >= 0.9 * 200


def test_spearman_of_known_orders() -> None:
    assert spearman([1, 2, 3, 4], [10, 20, 30, 99]) == pytest.approx(1.0)
    assert spearman([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1.0)
    assert spearman([1, 1, 2, 2], [1, 2, 1, 2]) == pytest.approx(0.0)


@pytest.mark.slow
def test_the_embedded_judge_agrees_with_people(shared: Path) -> None:
    found = agreement(rated(shared / "data", JUDGE))
    assert found.n > 100
    assert found.reported >= 0.5
