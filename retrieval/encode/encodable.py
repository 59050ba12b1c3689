"""Text as an encoder can take it."""

from __future__ import annotations


def encodable(text: str) -> str:
    """The text with lone surrogates, which are no UTF-8 and which tokenizers refuse, replaced one to one."""
    return text.encode("utf-8", "replace").decode()
