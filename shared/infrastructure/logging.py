"""Logs as JSON lines: a constant event name with fields, and the request they belong to."""

import logging
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from pythonjsonlogger.json import JsonFormatter

from shared.infrastructure.settings import Settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Bound once at the edge; every record made below it carries it."""


@dataclass(frozen=True, kw_only=True)
class LoggingSettings(Settings):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"


def _with_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True


def configure_logging() -> None:
    """Send everything to standard error, replacing what the platform installed."""
    handler = logging.StreamHandler()
    handler.addFilter(_with_request_id)
    handler.setFormatter(
        JsonFormatter(
            "{levelname}{name}{message}{request_id}",
            style="{",
            timestamp=True,
            rename_fields={"levelname": "level", "name": "logger", "message": "event"},
        )
    )
    logging.basicConfig(level=LoggingSettings.read().level, handlers=[handler], force=True)
