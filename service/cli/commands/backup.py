"""`aether backup` and `aether restore`: a store as one file, and back."""

from __future__ import annotations

from pathlib import Path

from service.backup import backup, restore
from service.cli.ending import DONE
from service.cli.terminal import counted
from service.wiring import Wiring


def back_up(wiring: Wiring, target: Path) -> int:
    """Write the archive and say what it holds; the exit status."""
    made = backup(wiring, target)
    print(f"{made.path}: {counted(made.documents, 'document')}, {made.size / 1e6:,.1f} MB")
    print(f"Next: aether restore {made.path} --store NEW-FOLDER makes a store of it")
    return DONE


def bring_back(wiring: Wiring, source: Path) -> int:
    """Make the store and its index; the exit status."""
    made = restore(wiring.settings, source)
    print(f"{wiring.settings.store}: {counted(made.documents, 'document')} as of {made.made}")
    return DONE
