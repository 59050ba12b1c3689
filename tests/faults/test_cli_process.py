"""The command line as a process of its own: interrupted, in a pipe, beside others, on a damaged store."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.index.lock import FolderLock

REPO = Path(__file__).resolve().parents[2]
CALL = "import sys; from service.cli import main; main()"
QUESTION = "How is the alpha of 7 restored?"
HEAVY = (
    "llama_index unstructured torch pandas spacy docx pptx pdfplumber markdown_it fastapi qdrant_client rich".split()
)


def environment(**values: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("AETHER_")}
    path = os.pathsep.join([str(REPO), os.environ.get("PYTHONPATH", "")])
    return kept | {"PYTHONPATH": path, "PYTHONUTF8": "1"} | values


def aether(*arguments: object, code: str = CALL, **values: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(**values), timeout=120)


def start(*arguments: object, **values: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CALL, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**values),
    )


def write(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        steps = "\n".join(f"{n}. Step {n} of {number} runs `alphactl step-{n} --of {number}`." for n in range(1, 9))
        text = f"# Alpha {number}\n\nThe alpha of {number} is restored so.\n\n## Steps\n\n{steps}\n"
        (folder / f"{number}.md").write_text(text)
    return folder


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    store = folder / "store"
    done = aether("ingest", write(folder / "handbook", 12), "--store", store)
    assert done.returncode == 0, done.stderr
    return store


@pytest.fixture
def store(ingested: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ingested, tmp_path / "store"))


@pytest.mark.slow
def test_an_interrupted_ingest_keeps_what_is_done_and_goes_on(tmp_path: Path) -> None:
    folder, place = write(tmp_path / "handbook", 150), tmp_path / "store"
    with start("ingest", folder, "--store", place, AETHER_WORKERS="1") as child:
        assert child.stderr is not None
        while not child.stderr.readline().startswith("Embedding"):
            pass
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "run the same command again" in out
    assert "Traceback" not in err
    status = json.loads(aether("status", "--store", place, "--json").stdout)
    assert status["documents"] == 150
    assert 0 <= status["dense_share"] < 1
    again = aether("ingest", folder, "--store", place, "--no-dense")
    assert again.returncode == 0
    assert "150 same" in again.stdout
    assert aether("doctor", "--store", place).stdout.startswith("Sound:")


def test_interrupted_anywhere_else() -> None:
    code = "from service.cli.ending import ending\ndef f(): raise KeyboardInterrupt\nimport sys; sys.exit(ending(f))"
    done = aether(code=code)
    assert (done.returncode, done.stderr) == (130, "aether: interrupted\n")
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where the tests run in the background
        "from service.cli import main\n"
        "class Interrupting:\n"
        "    def find_spec(self, *rest):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "main()"
    )
    done = aether("--help", code=code)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_full_disk_is_no_bug(ingested: Path, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps({"id": "q", "question": QUESTION}))
    done = aether("ask", "--batch", tmp_path / "q.jsonl", "--out", "/dev/full", "--store", ingested, "--json")
    assert done.returncode == 1
    assert "No space left on device. Check" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_forgetting_asks_on_a_terminal(store: Path) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", CALL, "forget", "handbook/7.md", "--store", str(store)]
    for reply, said, status in ((b"n\n", "Nothing was forgotten", 1), (b"y\n", "Forgotten: 1 document", 0)):
        with subprocess.Popen(
            command, stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        ) as child:
            os.write(leader, reply)
            out, _ = child.communicate(timeout=60)
        assert (said in out.decode(), child.returncode) == (True, status)
    os.close(leader)
    os.close(follower)
    assert aether("show", "handbook/7.md", "--store", store).returncode == 1


@pytest.mark.slow
def test_a_reader_that_has_had_enough_is_no_error(ingested: Path) -> None:
    command = [sys.executable, "-c", CALL, "search", "alpha", "--json", "--store", str(ingested), "--limit", "100"]
    for most in (b"", b"x"):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            if most:
                child.stdout.read(1)
            child.stdout.close()
            assert (child.stderr.read(), child.wait(timeout=60)) == (b"", 0)


def test_asking_loads_nothing_that_it_does_not_need(ingested: Path) -> None:
    code = (
        "import sys\nfrom service.cli.program import run\n"
        "status = run(sys.argv[1:])\n"
        f"print('LOADED', sorted({HEAVY!r} & sys.modules.keys()))\nsys.exit(status)"
    ).replace(repr(HEAVY), repr(set(HEAVY)))
    done = aether("ask", QUESTION, "--store", ingested, code=code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("LOADED []\n")
    code = code.replace(repr(set(HEAVY)), repr({*HEAVY, "pydantic", "numpy", "onnxruntime", "tokenizers", "sqlite3"}))
    assert aether("--help", code=code).stdout.endswith("LOADED []\n")


def test_a_busy_store_is_one_line_with_the_next_step(ingested: Path) -> None:
    with FolderLock(ingested / "index"):
        done = aether("ask", QUESTION, "--store", ingested, AETHER_WAIT="0.2")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(os.getpid()) in done.stderr
    with FolderLock(ingested):
        done = aether("doctor", "--rebuild", "--store", ingested, AETHER_WAIT="0.2")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "damage",
    ["manifest gone", *(pytest.param(how, marks=SLOW) for how in ("index gone", "file changed", "file gone"))],
)
def test_asking_rebuilds_a_damaged_index_and_answers(damage: str, store: Path) -> None:
    index = store / "index"
    if damage == "manifest gone":
        (index / "manifest.json").unlink()
    elif damage == "index gone":
        shutil.rmtree(index)
    else:
        file = max((index / "shard").rglob("*.dat"), key=lambda path: path.stat().st_blocks)
        if damage == "file gone":
            file.unlink()
        else:
            file.write_bytes(file.read_bytes()[:-64])
    done = aether("ask", QUESTION, "--store", store)
    assert done.returncode == 0, done.stderr
    assert "alphactl step-8 --of 7" in done.stdout
    assert "rebuilding the index" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert aether("ask", QUESTION, "--store", store).stderr == ""


@pytest.mark.slow
def test_a_store_of_a_newer_release_is_refused_in_one_line(store: Path) -> None:
    with sqlite3.connect(store / "aether.db") as database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        database.execute(f"PRAGMA user_version = {version + 1}")
    database.close()
    for command in (("ask", "Why?"), ("status",), ("doctor",), ("ingest", store)):
        done = aether(*command, "--store", store)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_an_encoder_that_is_not_there_is_one_line(ingested: Path, tmp_path: Path) -> None:
    done = aether("ask", "Why?", "--store", ingested, AETHER_ENCODER=str(tmp_path / "no-model"))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr


def on_a_terminal(*arguments: object, **values: str) -> tuple[int, str]:
    """Run with standard output on a terminal; the exit status and what the terminal was sent."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", CALL, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=subprocess.PIPE,
        env=environment(TERM="xterm-256color", COLUMNS="200", **values),
    ) as child:
        os.close(follower)
        sent = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            sent += piece
        os.close(leader)
        assert child.stderr is not None
        assert child.stderr.read() == b""
    return child.returncode, sent.decode()


@pytest.mark.slow
def test_a_terminal_gets_colours_and_links_unless_it_says_no(ingested: Path) -> None:
    status, sent = on_a_terminal("ask", QUESTION, "--store", ingested)
    assert status == 0
    assert "\x1b]8;" in sent
    assert "\x1b[34m" in sent
    assert "7.md#L" in sent
    _, plain = on_a_terminal("ask", QUESTION, "--store", ingested, NO_COLOR="1")
    assert "\x1b[34m" not in plain
    assert "7.md#L" in plain


@pytest.mark.slow
def test_four_asks_at_once_while_an_ingest_runs(tmp_path: Path) -> None:
    folder, place = write(tmp_path / "handbook", 300), tmp_path / "store"

    def ask_until_done(ingest: subprocess.Popen[str]) -> list[subprocess.CompletedProcess[str]]:
        asked = []
        while ingest.poll() is None:
            asked.append(aether("ask", QUESTION, "--store", place))
        return asked

    with start("ingest", folder, "--store", place, "--json", AETHER_WORKERS="1") as child:
        while not (place / "index" / "manifest.json").exists():
            assert child.poll() is None
            time.sleep(0.05)
        with ThreadPoolExecutor(4) as pool:
            asked = [one for each in pool.map(ask_until_done, [child] * 4) for one in each]
        out, err = child.communicate(timeout=300)
    assert (child.returncode, err) == (0, "")
    assert json.loads(out)["without_vector"] == 0
    assert len(asked) >= 8
    assert {one.stderr for one in asked} == {""}
    assert {one.returncode for one in asked} <= {0, 3}
    assert asked[-1].returncode == 0
