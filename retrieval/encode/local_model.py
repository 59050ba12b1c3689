"""A model of sentence-transformers that is on this machine (extra `st`). Nothing is downloaded.

torch is imported when a model is loaded, not with this module.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from corpus.errors import EncoderError

_Model = TypeVar("_Model")


def load_local(find: Callable[[], Callable[..., _Model]], name: str, *, item: str, repair: str) -> _Model:
    """The model in that folder or, by its name, in the local cache. Raises `EncoderError`.

    find          imports the model's class
    item, repair  what the error names, and what it says to do, when the model is not there
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        made = find()
    except ImportError as error:
        raise EncoderError(
            "needs sentence-transformers", item=name, next_step="pip install 'aether-assistant[st]'"
        ) from error
    try:
        return made(name, device="cpu", local_files_only=True, trust_remote_code=False)
    except Exception as error:  # a missing model surfaces as OSError, ValueError or a hub's own error
        reason = str(error).strip().splitlines()
        raise EncoderError(
            f"cannot be loaded ({reason[0] if reason else type(error).__name__})", item=item, next_step=repair
        ) from error
