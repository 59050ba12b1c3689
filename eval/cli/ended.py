"""How a module that is run as `python -m eval...` ends: as the product's own commands do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

from corpus.errors import AetherError, UsageError
from service.cli.ending import DONE, ending


def ended(main: Callable[[], int | None]) -> NoReturn:
    """Call the module's `main` and leave the process: what went wrong is one line with a next step, and a status.

    The statuses are those of `service.cli.ending`. `AETHER_DEBUG=1` adds the traceback.
    """
    sys.exit(ending(lambda: _told(main)))


def _told(main: Callable[[], int | None]) -> int:
    try:
        return main() or DONE
    except json.JSONDecodeError as error:
        raise UsageError(f"a file is not JSON: {error}", next_step="Check the files that were named") from error
    except subprocess.CalledProcessError as error:
        said = [line for line in str(error.stderr or error.stdout or "").splitlines() if line.strip()]
        what = f"a command of this measurement failed ({said[-1] if said else error.returncode})"
        command = error.cmd if isinstance(error.cmd, str) else " ".join(map(str, error.cmd))
        raise AetherError(what, item=command, next_step="Run it by itself") from error
