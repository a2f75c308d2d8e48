"""Logs as JSON lines: a constant event name with fields, and the request they belong to."""

import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Literal
from uuid import uuid4

from pythonjsonlogger.json import JsonFormatter

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


def _with_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True


@cache
def configure_logging() -> None:
    """Send everything to standard error, replacing what the platform installed, once a process."""
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
