"""Suites by name: those that are bundled, and adapters that read others' data from where it lies."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import UsageError
from eval.suites.foreign import ADAPTERS
from eval.suites.suite import BUNDLED, Suite, read_suite

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def names() -> list[str]:
    """What can be run."""
    return sorted([path.stem for path in BUNDLED.glob("*.toml")]) + sorted(ADAPTERS)


def suite(name: str, data: Path | None = None) -> Suite:
    """The suite of a name, or of a TOML file. Raises `UsageError` on an unknown one or where its data is missing."""
    if name.endswith(".toml"):
        return read_suite(Path(name))
    if (BUNDLED / f"{name}.toml").exists():
        return read_suite(BUNDLED / f"{name}.toml")
    if name not in ADAPTERS:
        raise UsageError("unknown suite", item=name, next_step=f"Known: {', '.join(names())}")
    folder = data or SHARED / "data"
    if not folder.is_dir():
        raise UsageError("the data is not there", item=str(folder), next_step="Say with --data where it lies")
    return ADAPTERS[name](folder)
