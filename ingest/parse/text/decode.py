"""Bytes to text: the canonical text of native formats.

A byte order mark decides (and is dropped); else strict UTF-8; else a guess by charset-normalizer, which counts only
when the text it gives is almost free of disorder. Line ends and everything else stay as they are.
"""

from __future__ import annotations

import codecs

from corpus.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 256 * 1024
_USUAL = ("cp1252", "cp1250", "cp1251", "koi8_r", "cp932", "gb18030", "big5", "euc_jis_2004", "cp949")
_TIE = 0.02
_CHAOS = 0.15  # share of disorder above which a guessed decoding is not trusted


def decode(data: bytes, name: str) -> str:
    """The text of a file, without byte order mark.

    Raises `SourceError`: `binary` where the bytes cannot be text, `undecodable` where no encoding is certain enough.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(name, f"not valid {encoding} after its byte order mark: {error.reason}") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data, name)
    if text.count("\0") > len(text) // 100:
        raise SourceError("binary content", outcome="binary", item=name, next_step="Exclude it, or export it as text.")
    return text


def _guess(data: bytes, name: str) -> str:
    if b"\0" in data[:_SAMPLE]:
        raise SourceError("binary content", outcome="binary", item=name, next_step="Exclude it, or export it as text.")
    from charset_normalizer import from_bytes

    matches = list(from_bytes(data[:_SAMPLE], threshold=_CHAOS))
    best = matches[0] if matches else None
    if best is None:
        raise _undecodable(name, "no text encoding fits")
    close = [m for m in matches if m.chaos <= best.chaos + _TIE and m.coherence >= best.coherence - _TIE]
    readings = {str(m) for m in close}
    usual = [m.encoding for m in close if m.encoding in _USUAL]
    if len(readings) > 1 and not usual:
        raise _undecodable(name, "several text encodings fit equally well")
    encoding = min(usual, key=_USUAL.index) if usual else best.encoding
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(name, f"looked like {encoding}, but is not: {error.reason}") from error


def _undecodable(name: str, why: str) -> SourceError:
    return SourceError(why, outcome="undecodable", item=name, next_step="Save it as UTF-8.")
