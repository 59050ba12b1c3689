"""The guide's examples are run as they are printed, over the library that the guide belongs to."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from corpus.library import LIBRARY
from service.cli.program import run
from service.protocols.registry import PROTOCOLS

GUIDE = (LIBRARY / "guides" / "protocols.md").read_text("utf-8")
FILES = dict(re.findall(r"The file `([\w.-]+)`:\n\n```markdown\n(.*?)```", GUIDE, re.DOTALL))
COMMANDS = re.findall(r"^aether (.+)$", GUIDE, re.MULTILINE)


def test_every_protocol_has_an_example() -> None:
    assert {command.split()[0] for command in COMMANDS} == set(PROTOCOLS)
    assert {name for name in PROTOCOLS if f"`aether {name}`" in GUIDE} == set(PROTOCOLS)


@pytest.mark.slow
def test_the_examples_run_and_find_what_the_guide_says(
    bundled_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(LIBRARY / "decisions", "decisions")
    for name, text in FILES.items():
        Path(name).write_text(text, "utf-8")
    said = {}
    for command in COMMANDS:
        words = shlex.split(command)
        store = [] if "--lint" in words else ["--store", str(bundled_store)]
        assert run([*words, *store]) == 0, command
        said[command.split()[0] + (" --lint" if "--lint" in words else "")] = capsys.readouterr().out
    assert "Rollback is not addressed" in said["review"]
    assert "The proposal chooses what a decision in force has weighed and not chosen." in said["review"]
    assert "This was decided before" in said["adr"]
    assert "[NEEDS INPUT: sqlite-vec" in Path("record.md").read_text("utf-8")
    assert said["adr --lint"].endswith(" 0 flaws\n")
    assert "Maturity: ad hoc" in said["intake"]
    assert "7.7 ms" in said["assess"]
    assert "Imagine that it has failed" in said["premortem"]
    assert all(Path(name).stat().st_size for name in ("review.sarif", "review.html", "premortem.html"))
