"""The command line. Nothing heavy is imported before a command needs it, so that `aether --help` is quick."""

from __future__ import annotations


def main() -> None:
    """The console script `aether`."""
    import sys

    from service.cli.program import run

    sys.exit(run(sys.argv[1:]))
