"""The guide's examples of checking are run as they are printed, over the library that the guide belongs to."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from corpus.library import LIBRARY
from service.cli.program import run

GUIDE = (LIBRARY / "guides" / "checking.md").read_text("utf-8")
FILES = dict(re.findall(r"The file `([\w.-]+)`:\n\n```markdown\n(.*?)```", GUIDE, re.DOTALL))
COMMANDS = re.findall(r"^aether (.+)$", GUIDE, re.MULTILINE)


@pytest.mark.slow
def test_the_examples_say_what_the_guide_says(
    bundled_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, "utf-8")
    said = {}
    for command in COMMANDS:
        words, _, file = command.partition(" > ")
        status = run([*shlex.split(words), "--store", str(bundled_store)])
        said[words.split()[0]] = (status, capsys.readouterr().out)
        if file:
            Path(file).write_text(said[words.split()[0]][1], "utf-8")
    status, checked = said["check"]
    marks = [line.split()[0] for line in checked.splitlines() if line.startswith(("ok ", "NOT ", "- "))]
    assert (status, marks) == (3, ["ok", "NOT", "-"])
    assert "contradiction:numerical" in checked
    status, verified = said["verify"]
    assert status == 0
    assert re.search(r"citations?: \d+ holds\.$", verified.strip())
