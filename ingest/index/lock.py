"""One process at a time: an advisory lock on a folder, taken before the embedded store looks at its files.

The embedded store lets a second opener damage the first one's next flush, so the second one must be kept out by
us. The lock is `flock` on a file that is never deleted; it ends with the process that holds it.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from corpus.errors import StoreBusy, StoreError

_POLL = 0.02


class FolderLock:
    """Holds a folder for this opener until `release`.

    Raises `StoreBusy` when it is still held after `wait` seconds, `StoreError` where the lock file cannot be made.
    """

    def __init__(self, folder: Path, *, wait: float = 5.0) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(
                f"the lock cannot be made ({error.strerror})", item=str(folder), next_step="Check the folder's rights"
            ) from error
        self._take(time.monotonic() + wait, wait)

    def release(self) -> None:
        """Let the next one in. A second call does nothing."""
        if self._file >= 0:
            # Unlocked by name: a forked worker may still share the open file.
            fcntl.flock(self._file, fcntl.LOCK_UN)
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def _take(self, deadline: float, wait: float) -> None:
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    owner = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
                    os.close(self._file)
                    raise StoreBusy(
                        f"process {owner or 'of another program'} has held it for more than {wait:g} s",
                        item=str(self._folder),
                        next_step="Try again when it has finished, or stop the Aether service that uses this store",
                    ) from None
                time.sleep(_POLL)
            else:
                os.ftruncate(self._file, 0)
                os.pwrite(self._file, str(os.getpid()).encode(), 0)
                return
