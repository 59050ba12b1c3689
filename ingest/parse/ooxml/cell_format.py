"""What a spreadsheet shows of a value under its number format, as far as a reader needs it.

Dates are ISO 8601 whatever their format's order of day and month, since the file does not tell the reader's locale.
Of number formats the first section counts: decimals, thousands, percent, exponent, and literal text around the number
(a currency sign or unit). Anything else is shown plainly.
"""

from __future__ import annotations

import datetime as dt
import re

_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_NUMBER = re.compile(r"[#0?][#0?,]*(?:\.([0#?]+))?(?:E[+-]0+)?")


def shown(value: object, number_format: str) -> str:
    """The text of the cell; "" of an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return _moment(value, number_format)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(value, int | float):
        return _number(value, number_format)
    return str(value).strip()


def _moment(value: dt.datetime, number_format: str) -> str:
    timed = bool(re.search(r"[hs]", _LITERAL.sub("", number_format), re.I))
    if not timed and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def _number(value: int | float, number_format: str) -> str:
    section = number_format.split(";")[0]
    if section in ("General", "@", ""):
        return _plain(value)
    section = _CURRENCY.sub(lambda m: f'"{m[1]}"', section)
    section = re.sub(r"\[[^\]]*\]|_.|\*.", "", section)
    literal_free = _LITERAL.sub(lambda m: "\0" * len(m.group()), section)
    mask = _NUMBER.search(literal_free)
    if mask is None:
        return _plain(value)
    percent = "%" in literal_free
    before = _LITERAL.sub(r"\1\2", section[: mask.start()])
    after = _LITERAL.sub(r"\1\2", section[mask.end() :])
    amount = abs(value) * (100 if percent else 1)
    digits = _digits(amount, mask)
    sign = "-" if value < 0 and re.search(r"[1-9]", digits) else ""
    return f"{sign}{before}{digits}{after}".strip()


def _digits(amount: float, mask: re.Match[str]) -> str:
    decimals = len(mask[1] or "")
    if "E" in mask.group():
        return f"{amount:.{decimals}E}"
    grouped = "," if "," in mask.group().partition(".")[0].rstrip(",") else ""
    digits = f"{amount:{grouped}.{decimals}f}"
    optional = len(mask[1] or "") - len((mask[1] or "").rstrip("#?"))
    for _ in range(optional):
        digits = digits.removesuffix("0")
    return digits.removesuffix(".")


def _plain(value: int | float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.12g}"
