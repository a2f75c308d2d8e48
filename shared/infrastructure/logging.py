"""Logs as JSON lines: a constant event name with fields, and the request they belong to."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from uuid import uuid4

from pythonjsonlogger.json import JsonFormatter

from shared.infrastructure import records
from shared.infrastructure.redaction import redacted_fields, redacted_text
from shared.infrastructure.settings import Settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Bound once at the edge; every record made below it carries it."""

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True, kw_only=True)
class LoggingSettings(Settings):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"


def honoured_id(given: str) -> str:
    """The caller's own request id where it is well-formed, else a new one."""
    return given if _WELL_FORMED.fullmatch(given) else str(uuid4())


@contextmanager
def going_back_to(known_id: str | None) -> Iterator[None]:
    """Bind what goes back to another request, where one is known, to that one's id."""
    if known_id is None:
        yield
        return
    token = request_id.set(known_id)
    try:
        yield
    finally:
        request_id.reset(token)


def _with_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True


class _Redacted(JsonFormatter):
    """Nothing secret leaves by the log, whatever somebody has put into it."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        told = super().process_log_record(log_data)
        trace = {name: told.pop(name) for name in ("exc_info",) if name in told}
        return {**redacted_fields(told), **trace}

    def formatException(self, ei: Any) -> str:  # noqa: N802 logging's own name
        return redacted_text(str(super().formatException(ei)), longest=16_000)


class _KeptLogs(logging.Handler):
    """Adds what is logged to the records of the running invocation."""

    def emit(self, record: logging.LogRecord) -> None:
        running = records.current.get()
        if running is not None and record.levelno >= logging.INFO:
            try:
                running.add_log(record, request_id.get())
            except Exception:  # noqa: BLE001 logging's own way with what cannot be logged
                self.handleError(record)


@cache
def configure_logging() -> None:
    """Send everything to standard error, replacing what the platform installed, once a process.

    What an invocation logs is among its records, too.
    """
    handler = logging.StreamHandler()
    handler.addFilter(_with_request_id)
    handler.setFormatter(
        _Redacted(
            "{levelname}{name}{message}{request_id}",
            style="{",
            timestamp=True,
            rename_fields={"levelname": "level", "name": "logger", "message": "event"},
        )
    )
    logging.basicConfig(
        level=LoggingSettings.read().level, handlers=[handler, _KeptLogs()], force=True
    )
