"""The command line of the measurements."""

from __future__ import annotations

import sys


def main() -> None:
    """The script `aether-eval`."""
    from eval.cli.program import run

    sys.exit(run(sys.argv[1:]))
