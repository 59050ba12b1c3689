"""The wheel, installed in an environment of its own, works from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], cwd=REPO, check=True)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_carries_the_five_rooms_whole_and_nothing_else(wheel: Path) -> None:
    """The bundled encoder, the trained verifier, the fitted rankings and the library among them."""
    rooms = ("corpus", "ingest", "retrieval", "service", "eval")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *rooms]
    listed = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True).stdout.split("\0")
    there = {name for name in listed if name and (REPO / name).is_file()}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in names if ".dist-info/" not in name} == there
    weights = "service/grounding/weighing/trained/weights.npz"
    assert {"retrieval/encode/minilm/model.onnx", "corpus/library/manifest.toml", weights} < names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert wheel.stat().st_size < 40_000_000


def test_the_installed_wheel_works_beside_the_dependencies_of_this_environment(wheel: Path, tmp_path: Path) -> None:
    """Quick and offline: the dependencies are borrowed, Aether itself is the wheel's."""
    prefix = tmp_path / "venv"
    venv.create(prefix, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(prefix)}))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    _pip(prefix, "--no-index", "--no-deps", str(wheel))
    _check_it_answers(prefix, tmp_path)


def test_the_default_install_is_small_without_torch_and_works(wheel: Path, tmp_path: Path) -> None:
    """The real thing: an empty environment and the registry. Needs the network, at install only."""
    prefix = tmp_path / "venv"
    venv.create(prefix, with_pip=False, symlinks=True)
    _pip(prefix, "--no-compile", str(wheel))
    site = Path(sysconfig.get_path("purelib", vars={"base": str(prefix)}))
    assert not [name for name in ("torch", "onnx", "torchvision") if (site / name).exists()]
    megabytes = int(
        subprocess.run(["du", "-sm", str(site)], capture_output=True, text=True, check=True).stdout.split()[0]
    )
    assert megabytes <= 900
    print(f"default install: {megabytes} MB")
    _check_it_answers(prefix, tmp_path)


def _pip(prefix: Path, *arguments: str) -> None:
    """This environment's pip, installing into the other one, without the tests' guard against the network."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "pip", "--python", str(prefix / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*command, *arguments], env=env, check=True)


def _check_it_answers(prefix: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "docs").mkdir(parents=True)
    (elsewhere / "docs" / "restore.md").write_text(
        "# Restore the ledger\n\nRun `ledgerctl restore --from latest` on the standby. It takes about 20 minutes.\n",
        "utf-8",
    )
    origin = [str(prefix / "bin" / "python"), "-c", "import corpus; print(corpus.__file__)"]
    assert _said(origin, elsewhere).startswith(str(prefix))
    aether = str(prefix / "bin" / "aether")
    assert "ingest" in _said([aether, "--help"], elsewhere)
    _said([aether, "ingest", "docs"], elsewhere)
    assert "ledgerctl restore --from latest" in _said([aether, "ask", "How do I restore the ledger?"], elsewhere)


def _said(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"{command} -> {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
