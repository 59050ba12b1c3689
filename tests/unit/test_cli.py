"""The commands, called in this process over a small real store."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.main import get_command

from service.answer import Answer
from service.answering.compose import BRIEF, FULL, NORMAL, Length
from service.cli.commands.ask import Asked, length_of, template
from service.cli.program import app, run
from service.engine import Engine, Request

COMMANDS = """
adr ask assess backup check completion doctor forget ingest intake keys lint mcp premortem restore review
schema search serve settings show status verify
""".split()
RESTORE = """# Restore the ledger

## When to do this

Restore the ledger when `ledger_lag_seconds` stays above 300 for ten minutes.

## Steps

1. Stop the writer with `ledgerctl stop writer`.
2. Run `ledgerctl restore --from latest` on the standby.
3. Start the writer with `ledgerctl start writer`.
"""
RETRIES = """---
status: accepted
---
# Retry with jitter

## Decision

Clients of the billing gateway retry three times with full jitter.
"""
PAYROLL = "# Payroll\n\nThe payroll export runs on the 25th of each month.\n"


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


Aether = Callable[..., Said]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.upper().startswith("AETHER_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def aether(capsys: pytest.CaptureFixture[str]) -> Aether:
    def call(*arguments: object) -> Said:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return call


def write_handbook(folder: Path) -> Path:
    for path, text in {
        "welcome.md": "# Welcome\n\nThis handbook is read by Aether.\n",
        "runbooks/restore-ledger.md": RESTORE,
        "decisions/0007-retries.md": RETRIES,
        "people/payroll.md": PAYROLL,
        "people/.aether-access": "group:finance\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_handbook(tmp_path_factory.mktemp("files") / "handbook")


@pytest.fixture(scope="module")
def ingested(handbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("store") / "s"
    assert run(["ingest", str(handbook), "--store", str(store)]) == 0
    return store


@pytest.fixture
def store(ingested: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(ingested, tmp_path / "store"))


def one_line(said: Said) -> str:
    lines = said.err.splitlines()
    assert len(lines) == 1, said.err
    assert lines[0].startswith("aether: ")
    return lines[0]


# --- Help and the bare command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command: str, aether: Aether) -> None:
    said = aether(command, "--help")
    assert (said.status, said.err) == (0, "")
    assert re.search(rf"Examples:\n    .*aether {command}", said.out)


def test_commands_are_sorted_and_shown_whole(aether: Aether) -> None:
    said = aether("--help")
    listed = re.findall(r"^  (\w+) +[A-Z](.*)$", said.out.split("Commands:")[1], re.MULTILINE)
    assert [name for name, _ in listed] == COMMANDS == sorted(COMMANDS)
    assert not [text for _, text in listed if text.endswith("...")]


def test_version(aether: Aether) -> None:
    assert re.fullmatch(r"aether \d+\.\d+\.\d+\n", aether("--version").out)


def test_alone_without_a_store_it_names_the_next_three_commands(aether: Aether) -> None:
    said = aether()
    assert said.status == 0
    assert [line.split()[:2] for line in said.out.splitlines()[1:]] == [
        ["aether", "ingest"],
        ["aether", "ask"],
        ["aether", "--help"],
    ]
    assert not Path(".aether").exists()


def test_alone_with_a_store_it_says_how_things_stand(
    aether: Aether, ingested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AETHER_STORE", str(ingested))
    lines = aether().out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("4 documents of 1 source in")
    assert "aether ask" in lines[3]


# --- Usage and errors


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "nonsense"),
        (["ask"], 'aether ask "..."'),
        (["ask", " "], "no question"),
        (["ask", "a", "--brief", "--full"], "--brief and --full"),
        (["ask", "a", "--kind", "novel"], "novel"),
        (["ask", "a", "--as", "everyone"], "everyone"),
        (["ask", "a", "--batch", "q.jsonl"], "from the file"),
        (["ask", "--batch", "q.jsonl"], "--out"),
        (["ingest"], "PATH"),
        (["ingest", "gone"], "gone"),
        (["search", "a", "--limit", "0"], "--limit"),
        (["show", "3"], "--answer"),
        (["show", "3", "--answer", "gone.json"], "gone.json"),
        (["completion", "tcsh"], "tcsh"),
        (["serve", "--host", "0.0.0.0"], "AETHER_API_KEY"),
    ],
)
def test_misuse_is_one_line_and_status_2(arguments: Sequence[str], says: str, aether: Aether) -> None:
    said = aether(*arguments)
    assert said.status == 2
    assert said.out == ""
    assert says in one_line(said)
    assert not Path(".aether").exists()


@pytest.mark.parametrize(
    "arguments", [["ask", "Why?"], ["search", "why"], ["show", "a/b.md"], ["status"], ["doctor"], ["forget", "a"]]
)
def test_without_a_store_the_next_step_is_to_ingest(arguments: Sequence[str], aether: Aether) -> None:
    said = aether(*arguments)
    assert said.status == 1
    assert "aether ingest" in one_line(said)


def test_unknown_settings_are_refused(aether: Aether, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AETHER_STROE", "x")
    said = aether("status")
    assert said.status == 2
    assert "AETHER_STROE" in one_line(said)


def test_a_bug_is_one_line_and_the_traceback_is_there_for_the_asking(
    aether: Aether, ingested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(engine: Engine, request: Request) -> Answer:
        raise ZeroDivisionError("of\nsorts")

    monkeypatch.setattr(Engine, "ask", crash)
    said = aether("ask", "Why?", "--store", ingested)
    assert said.status == 1
    assert one_line(said) == (
        "aether: ZeroDivisionError: of sorts. This is a bug in Aether; AETHER_DEBUG=1 shows where"
    )
    monkeypatch.setenv("AETHER_DEBUG", "1")
    assert "Traceback" in aether("ask", "Why?", "--store", ingested).err


# --- Ingest


def test_ingest_says_what_it_did_and_what_failed(aether: Aether, handbook: Path, tmp_path: Path) -> None:
    files = Path(shutil.copytree(handbook, tmp_path / "copy"))
    (files / "empty.md").write_text("")
    (files / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    said = aether("ingest", files, "--store", "s")
    assert said.status == 4
    assert "copy: 4 added, 1 skipped, 1 failed" in said.out
    assert "copy/empty.md: empty" in said.out
    assert "Reading copy: 6 files" in said.err
    (files / "empty.md").write_text("# Now it says something\n\nIndeed.\n")
    again = aether("ingest", files, "--store", "s")
    assert again.status == 0
    assert "1 changed" in again.out
    assert "4 same" in again.out


def test_ingest_as_json_prints_nothing_else(aether: Aether, handbook: Path) -> None:
    said = aether("ingest", handbook, "--store", "s", "--json", "--exclude", "people/", "--source", "book")
    assert (said.status, said.err) == (0, "")
    report = json.loads(said.out)
    assert report["added"] == ["book/decisions/0007-retries.md", "book/runbooks/restore-ledger.md", "book/welcome.md"]
    assert report["dense"]["vectors"] == report["passages"] > 0
    assert report["without_vector"] == 0


def test_vectors_can_wait_and_answers_say_so(aether: Aether, handbook: Path) -> None:
    said = aether("ingest", handbook, "--store", "s", "--no-dense")
    assert said.status == 0
    assert "without --no-dense" in said.out
    answer = aether("ask", "How do I restore the ledger?", "--store", "s")
    assert "0 % of the index can be searched by meaning so far" in answer.out
    assert json.loads(aether("status", "--store", "s", "--json").out)["dense_share"] == 0
    assert "vectors made" in aether("ingest", handbook, "--store", "s").out
    assert "searched by meaning so far" not in aether("ask", "How do I restore the ledger?", "--store", "s").out


MANIFEST = """[[document]]
path = "people/payroll.md"
kind = "guide"
status = "superseded"
owner = "maintainers"
tier = "own decision"
access = ["user:ada"]
"""


def test_the_manifest_of_a_library_is_believed(aether: Aether, handbook: Path, tmp_path: Path) -> None:
    files = Path(shutil.copytree(handbook, tmp_path / "lib"))
    (files / "manifest.toml").write_text(MANIFEST)
    assert aether("ingest", files, "--store", "s").status == 0
    question = "When does the payroll export run?"
    assert "25th" not in aether("ask", question, "--store", "s", "--as", "group:finance").out
    cited, *_ = json.loads(aether("ask", question, "--store", "s", "--as", "user:ada", "--json").out)["citations"]
    assert "25th" in cited["quote"]
    assert (cited["kind"], cited["status"]) == ("guide", "superseded")


def test_a_broken_manifest_is_said_and_a_foreign_one_is_a_file(aether: Aether, handbook: Path, tmp_path: Path) -> None:
    files = Path(shutil.copytree(handbook, tmp_path / "lib"))
    (files / "manifest.toml").write_text('[[document]]\npath = "people/payroll.md"\n')
    said = aether("ingest", files, "--store", "s", "--no-dense")
    assert said.status == 1
    assert "manifest.toml" in said.err.splitlines()[-1]
    (files / "manifest.toml").write_text('[package]\nname = "of something else"\n')
    assert "5 added" in aether("ingest", files, "--store", "s", "--no-dense").out


# --- Ask


def test_an_answer_shows_its_sources(aether: Aether, ingested: Path) -> None:
    said = aether("ask", "How do I restore the ledger?", "--store", ingested)
    assert (said.status, said.err) == (0, "")
    assert "ledgerctl restore --from latest" in said.out
    assert re.search(
        r"\[1\] Restore the ledger > .*\(runbook, \d{4}-\d\d-\d\d\)\n    handbook/runbooks/.*#L\d+", said.out
    )
    assert "\x1b" not in said.out


def test_answers_are_as_their_schema_says(aether: Aether, ingested: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = json.loads(aether("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema).validate
    answer = json.loads(aether("ask", "How do I restore the ledger?", "--store", ingested, "--json").out)
    check(answer)
    assert answer["status"] == "grounded"
    monkeypatch.setenv("AETHER_THRESHOLD", "1")
    refused = aether("ask", "How do I restore the ledger?", "--store", ingested, "--json")
    check(json.loads(refused.out))
    assert refused.status == 3
    with pytest.raises(jsonschema.ValidationError):
        check(answer | {"status": "perhaps"})


def test_a_refusal_has_its_own_status_and_says_what_was_searched(
    aether: Aether, ingested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AETHER_THRESHOLD", "1")
    said = aether("ask", "How do I restore the ledger?", "--store", ingested)
    assert said.status == 3
    for part in ("Nearest documents", "What would settle it", "Searched "):
        assert part in said.out


def test_who_may_not_read_a_document_cannot_tell_that_it_exists(aether: Aether, ingested: Path) -> None:
    question = ("ask", "When does the payroll export run?", "--store", ingested)
    assert "25th" in aether(*question, "--as", "group:finance").out
    assert "payroll" not in aether(*question, "--json").out.replace(question[1], "").lower()
    hidden = aether("show", "handbook/people/payroll.md", "--store", ingested)
    absent = aether("show", "handbook/people/absent.md", "--store", ingested)
    assert hidden.status == absent.status == 1
    assert hidden.err.replace("payroll", "absent") == absent.err
    assert "25th" in aether("show", "handbook/people/payroll.md", "--store", ingested, "--as", "group:finance").out


def test_questions_can_be_narrowed(aether: Aether, ingested: Path) -> None:
    def documents(*options: str) -> set[str]:
        said = aether("search", "restore ledger retry", "--json", "--store", ingested, *options)
        return {item["passage"]["document"] for item in json.loads(said.out)}

    restore, retries, welcome = (
        f"handbook/{path}" for path in ("runbooks/restore-ledger.md", "decisions/0007-retries.md", "welcome.md")
    )
    assert documents() == {restore, retries, welcome}
    assert documents("--kind", "adr") == {retries}
    assert documents("--exclude", retries, "--exclude", welcome) == {restore}
    assert documents("--source", "elsewhere") == set()
    assert len(documents("--limit", "1")) == 1


def test_lengths() -> None:
    def length(*, brief: bool, full: bool) -> Length:
        return template(Asked("Why?", length_of(brief=brief, full=full), (), (), (), ()), batch=False).length

    assert length(brief=True, full=False) == BRIEF
    assert length(brief=False, full=False) == NORMAL
    assert length(brief=False, full=True) == FULL


# --- Batch


def batch(aether: Aether, store: Path, questions: Sequence[object], *options: str) -> tuple[Said, list[dict[str, Any]]]:
    lines = [question if isinstance(question, str) else json.dumps(question) for question in questions]
    Path("q.jsonl").write_text("\n".join(lines), "utf-8")
    said = aether("ask", "--batch", "q.jsonl", "--out", "out/a.jsonl", "--store", store, *options)
    out = Path("out/a.jsonl")
    return said, [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.exists() else []


FIRST = {"id": "one", "question": "How do I restore the ledger?", "type": "ignored"}
SECOND = {"id": 2, "question": "How often do clients retry?", "exclude": ["handbook/decisions/0007-retries.md"]}


def test_a_batch_answers_line_by_line_and_goes_on_where_it_stopped(aether: Aether, ingested: Path) -> None:
    said, answers = batch(aether, ingested, [FIRST])
    assert said.status == 0
    assert [answer["id"] for answer in answers] == ["one"]
    with Path("out/a.jsonl").open("a") as file:
        file.write('{"id": "2", "question": "cut o')
    before = Path("out/a.jsonl").read_text().splitlines()[0]
    said, answers = batch(aether, ingested, [FIRST, "", SECOND])
    assert said.out == "1 answered, 1 answered before: out/a.jsonl\n"
    assert [answer["id"] for answer in answers] == ["one", "2"]
    assert Path("out/a.jsonl").read_text().splitlines()[0] == before
    assert "handbook/decisions/0007-retries.md" not in {item["document"] for item in answers[1]["evidence"]}
    for answer in answers:
        Answer.model_validate_json(json.dumps(answer))
    said, answers = batch(aether, ingested, [SECOND], "--overwrite", "--json")
    assert [answer["id"] for answer in answers] == ["2"]
    assert json.loads(said.out) == {"asked": 1, "answered": 1, "skipped": 0, "failed": []}
    assert said.err == ""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"question": "Why?"}', "no id"),
        ('{"id": true, "question": "Why?"}', "no id"),
        ('{"id": "x"}', "no question"),
        ('{"id": "x", "question": " "}', "no question"),
        ('{"id": "x", "question": "Why?", "exclude": "all"}', "exclude"),
        ('{"id": "one", "question": "Again?"}', "second question"),
    ],
)
def test_a_malformed_question_is_named_by_its_line_before_any_is_asked(
    line: str, says: str, aether: Aether, ingested: Path
) -> None:
    said, answers = batch(aether, ingested, [FIRST, "", line])
    assert said.status == 2
    assert "q.jsonl:3" in one_line(said)
    assert says in said.err
    assert answers == []


def test_an_out_file_that_holds_something_else_is_left_alone(aether: Aether, ingested: Path) -> None:
    Path("out").mkdir()
    Path("out/a.jsonl").write_text("my notes\n")
    Path("q.jsonl").write_text(json.dumps(FIRST))
    said = aether("ask", "--batch", "q.jsonl", "--out", "out/a.jsonl", "--store", ingested)
    assert said.status == 2
    assert "a.jsonl:1" in one_line(said)
    assert Path("out/a.jsonl").read_text() == "my notes\n"


def test_a_crashed_question_does_not_lose_the_rest(
    aether: Aether, ingested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Engine.ask

    def crash(engine: Engine, request: Request) -> Answer:
        if request.id == "one":
            raise ZeroDivisionError("of sorts")
        return real(engine, request)

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "ask", crash)
        said, answers = batch(aether, ingested, [FIRST, SECOND])
    assert said.status == 1
    assert [answer["id"] for answer in answers] == ["2"]
    assert "one: ZeroDivisionError: of sorts" in said.err
    said, answers = batch(aether, ingested, [FIRST, SECOND])
    assert (said.status, {answer["id"] for answer in answers}) == (0, {"one", "2"})


# --- Show


def test_show_opens_what_search_and_answers_name(aether: Aether, ingested: Path) -> None:
    found = aether("search", "ledger_lag_seconds", "--store", ingested, "--limit", "1").out
    (name,) = re.findall(r"^   (handbook/\S+@[0-9a-f]{12}:\d+-\d+)$", found, re.MULTILINE)
    assert "> " in aether("show", name, "--store", ingested).out
    Path("a.json").write_text(aether("ask", "How do I restore the ledger?", "--store", ingested, "--json").out)
    cited = json.loads(Path("a.json").read_text())["citations"][0]
    shown = aether("show", "1", "--answer", "a.json", "--store", ingested, "--context", "0").out
    marked = [line.split(" | ", 1)[1] for line in shown.splitlines() if line.startswith("> ") and " | " in line]
    for line in cited["quote"].splitlines():
        assert any(line in other for other in marked) or not line
    said = aether("show", "99", "--answer", "a.json", "--store", ingested)
    assert said.status == 1
    assert "no citation 99" in one_line(said)


def test_show_counts_lines_as_the_file_does(aether: Aether, ingested: Path) -> None:
    name = "handbook/runbooks/restore-ledger.md"
    shown = aether("show", f"{name}#L9-L10", "--store", ingested, "--context", "1").out
    rows = re.findall(r"^([> ]) +(\d+) \| ?(.*)$", shown, re.MULTILINE)
    lines = RESTORE.splitlines()
    assert rows == [(">" if 9 <= n <= 10 else " ", str(n), lines[n - 1]) for n in range(8, 12)]
    assert "1. Stop the writer" in aether("show", name, "--store", ingested).out
    for wrong in (f"{name}#L90", f"{name}#L9-L4", f"{name}@abcdef123456", f"{name}@abcdef:900-90000"):
        assert one_line(aether("show", wrong, "--store", ingested))


def test_show_says_that_a_document_has_changed_and_shows_both(aether: Aether, tmp_path: Path) -> None:
    files = write_handbook(tmp_path / "handbook")
    aether("ingest", files, "--store", "s", "--no-dense")
    Path("a.json").write_text(aether("ask", "ledger_lag_seconds above", "--brief", "--store", "s", "--json").out)
    file = files / "runbooks/restore-ledger.md"
    file.write_text(RESTORE.replace("above 300", "above 900").replace("# Restore", "Preface.\n\n# Restore"))
    aether("ingest", files, "--store", "s", "--no-dense")
    shown = aether("show", "1", "--answer", "a.json", "--store", "s", "--context", "0").out
    old, _, new = shown.partition("has changed since")
    assert re.search(r"> 5 \| .*above 300", old)
    assert re.search(r"> 7 \| .*above 900", new)
    file.unlink()
    aether("ingest", files, "--store", "s", "--no-dense")
    shown = aether("show", "1", "--answer", "a.json", "--store", "s").out
    assert "above 300" in shown
    assert "left its source" in shown


# --- Status, doctor, forget, settings, completion


def test_status_counts(aether: Aether, ingested: Path) -> None:
    status = json.loads(aether("status", "--store", ingested, "--json").out)
    assert status["documents"] == 4
    assert status["kinds"] == {"adr": 1, "other": 2, "runbook": 1}
    assert status["outcomes"] == {"indexed": 4}
    assert status["dense_share"] == 1
    assert status["bytes"] > 0
    assert status["run"]["finished"]
    shown = aether("status", "--store", ingested).out
    assert "4: 1 adr, 2 other, 1 runbook" in shown
    assert "100 % with a vector" in shown


def test_doctor_is_content_with_a_sound_store(aether: Aether, ingested: Path) -> None:
    said = aether("doctor", "--store", ingested)
    assert said.status == 0
    assert said.out.startswith("Sound:")
    report = json.loads(aether("doctor", "--store", ingested, "--json").out)
    assert (report["clean"], report["repaired"], report["fault"]) == (True, False, "")


def test_doctor_repairs_a_damaged_index(aether: Aether, store: Path) -> None:
    file = max((store / "index").rglob("*.dat"), key=lambda path: path.stat().st_blocks)
    content = bytearray(file.read_bytes())
    at = next(i for i, byte in enumerate(content) if byte)
    content[at] ^= 0xFF
    file.write_bytes(content)
    said = aether("doctor", "--store", store)
    assert said.status == 0
    assert "Found:" in said.out
    assert "Repaired:" in said.out
    assert aether("doctor", "--store", store).out.startswith("Sound:")
    assert "Repaired:" in aether("doctor", "--rebuild", "--store", store).out


def test_doctor_says_when_the_store_itself_is_damaged(aether: Aether, store: Path) -> None:
    database = store / "aether.db"
    content = bytearray(database.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    database.write_bytes(content)
    said = aether("doctor", "--store", store)
    assert said.status == 1
    assert "backup" in one_line(said)


def test_forget_asks_first_and_then_forgets(aether: Aether, store: Path, handbook: Path) -> None:
    name = "handbook/runbooks/restore-ledger.md"
    said = aether("forget", name, "--store", store)
    assert said.status == 2
    assert "--yes" in one_line(said)
    said = aether("forget", name, "--yes", "--store", store)
    assert said.status == 0
    assert str(handbook / "runbooks/restore-ledger.md") in said.out
    assert b"ledgerctl" not in b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
    assert aether("show", name, "--store", store).status == 1
    assert "no such document or source" in one_line(aether("forget", name, "--yes", "--store", store))
    assert aether("forget", "handbook", "--yes", "--store", store).status == 0
    assert json.loads(aether("status", "--store", store, "--json").out)["documents"] == 0


def test_settings_say_where_they_come_from_and_keep_secrets(aether: Aether, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AETHER_INDEX_KEY", "s3cret")
    monkeypatch.setenv("AETHER_WAIT", "7")
    said = aether("settings", "--store", "here", "--json")
    assert "s3cret" not in said.out + aether("settings").out
    rows = {row["name"]: (row["value"], row["from"]) for row in json.loads(said.out)}
    assert rows["AETHER_INDEX_KEY"] == ("(set)", "environment")
    assert rows["AETHER_WAIT"] == ("7.0", "environment")
    assert rows["AETHER_STORE"] == ("here", "--store")
    assert rows["AETHER_WORKERS"][1] == "default"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, aether: Aether) -> None:
    said = aether("completion", shell)
    assert said.status == 0
    assert f"_AETHER_COMPLETE=complete_{shell}" in said.out


def test_the_program_offers_what_is_tested_here() -> None:
    assert sorted(getattr(get_command(app), "commands", {})) == COMMANDS
