"""The command line. Nothing heavy is imported before a command needs it, so that `aether --help` is quick."""

from __future__ import annotations


def main() -> None:
    """The console script `aether`."""
    import io
    import sys

    try:
        from service.cli.program import run

        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # while importing
        status = 130
    sys.exit(status)
