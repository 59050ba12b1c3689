"""The priority of a thread that works while others answer."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress


def step_back(nice: int) -> None:
    """Let what asks have the cores before this thread, and the processes that it starts.

    Linux has a priority a thread, other systems one a process, where everything would become slower alike.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
