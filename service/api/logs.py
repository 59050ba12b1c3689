"""What a service writes to its log: one line a record, with the request's id, and nothing secret in it.

As text for people or as JSON for programs. What a caller asked is never in it: of a request its method, the pattern of
its path, its status and how long it took.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from service.api.redact import redact

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered."""


class JsonLine(logging.Formatter):
    """A record as one JSON object: time, level, logger, request, message, and the error if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": REQUEST.get(),
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class TextLine(logging.Formatter):
    """A record for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines where there is an error."""
        request = f" [{REQUEST.get()[:12]}]" if REQUEST.get() else ""
        line = f"{datetime.fromtimestamp(record.created):%H:%M:%S} {record.levelname.lower()}{request} "
        error = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return redact(f"{line}{record.getMessage()}{error}")


def log_config(form: str) -> dict[str, Any]:
    """How uvicorn and we log: `text` or `json`, on standard error."""
    formatter = {"()": JsonLine if form == "json" else TextLine}
    handler = {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"out": handler},
        "root": {"handlers": ["out"], "level": "WARNING"},
        "loggers": {name: {"level": "INFO"} for name in ("aether", "uvicorn.error")},
    }


def log_request(method: str, path: str, status: int, seconds: float) -> None:
    """One line for a request that was answered."""
    logging.getLogger("aether").info("%s %s %d %.0f ms", method, path, status, seconds * 1000)
