"""How a command ends: an exit status, and for whatever went wrong one line that says what to do next.

0 done, 1 error, 2 usage, 3 refused, 4 some files failed, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from typer.exceptions import Abort, Exit, TyperException

from corpus.errors import AccessError, AetherError, UsageError
from service.cli.terminal import clean

DONE, ERROR, USAGE, REFUSED, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130


def ending(command: Callable[[], int]) -> int:
    """Run a command; its exit status. Nothing escapes: no traceback unless `AETHER_DEBUG` asks for one."""
    try:
        status = command()
        sys.stdout.flush()
        return status
    except Exit as end:
        return end.exit_code
    except BrokenPipeError:
        # The reader has had enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (KeyboardInterrupt, Abort):
        return _say("interrupted", INTERRUPTED)
    except TyperException as error:
        return _say(f"{error.format_message().rstrip('.')}. See aether --help", USAGE)
    except (UsageError, AccessError) as error:
        return _explain(error, str(error), USAGE)
    except AetherError as error:
        return _explain(error, str(error), ERROR)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _explain(error, f"{place}{error.strerror or error}. Check the path, its rights and the disk", ERROR)
    except Exception as error:
        what = " ".join(str(error).split())
        return _explain(
            error,
            f"{type(error).__name__}: {what}. This is a bug in Aether; AETHER_DEBUG=1 shows where",
            ERROR,
        )


def _explain(error: Exception, line: str, status: int) -> int:
    if _debugging():
        import traceback

        traceback.print_exception(error)
    return _say(line, status)


def _debugging() -> bool:
    from service.settings import read_settings

    try:
        return read_settings().debug
    except AetherError:
        return False


def _say(line: str, status: int) -> int:
    notice(line)
    return status


def notice(line: str) -> None:
    """One line on standard error."""
    print(f"aether: {clean(' '.join(line.split()))}", file=sys.stderr)
