"""What is written down of an invocation: its request, and what was logged on the way."""

import traceback
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from logging import CRITICAL, ERROR, WARNING, LogRecord
from typing import Any
from uuid import UUID

from shared.infrastructure.redaction import redacted_fields, redacted_text
from shared.kernel.clock import utc_now
from shared.kernel.ids import new_id
from shared.kernel.retention import Kept

_MOST_LOGS = 200
"""Of one invocation; what runs in circles fills no table."""
_LONGEST_TRACE = 16_000
_ADDRESS, _USER_AGENT = 45, 255
_STANDARD = frozenset(vars(LogRecord("", 0, "", 0, "", None, None))) | {
    "message",
    "asctime",
    "request_id",
    "taskName",
}


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Whoever was proved to ask: `kind` is ``user`` or ``api_key``, and `id` its own."""

    kind: str
    id: UUID
    user_id: UUID
    organization_id: UUID


Figure = tuple[str, float, str, tuple[tuple[str, str], ...]]
"""A name, a value, its unit, and what it is of."""


@dataclass(kw_only=True)
class Records:
    """Of one invocation; what is below it adds to them, in whatever thread or task.

    `request` makes the request's line, which nobody has to wait for.
    """

    request_id: str
    function: str = ""
    called_from: Mapping[str, Any] = field(default_factory=dict)
    principal: Principal | None = None
    route: str | None = None
    error_code: str | None = None
    request: Callable[[], dict[str, Any]] | None = None
    logs: list[dict[str, Any]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    dropped: int = 0

    @property
    def address(self) -> str | None:
        """As the gateway saw it."""
        return self._told("sourceIp", _ADDRESS)

    @property
    def user_agent(self) -> str | None:
        return self._told("userAgent", _USER_AGENT)

    def _told(self, name: str, longest: int) -> str | None:
        said = self.called_from.get(name)
        return redacted_text(str(said), longest=longest) if said else None

    def add_log(self, record: LogRecord, request_id: str) -> None:
        """Keep what was logged; by then it says nothing secret."""
        if len(self.logs) >= _MOST_LOGS:
            self.dropped += 1
            return
        context = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        trace = None
        if record.exc_info and record.exc_info[0] is not None:
            trace = trace_of(record.exc_info[1])
        self._add(
            level=record.levelname,
            number=record.levelno,
            logger=record.name,
            event=redacted_text(record.getMessage()),
            context=redacted_fields(context),
            trace=trace,
            request_id=request_id,
        )

    def add_failure(self, error: BaseException) -> None:
        """Keep why the invocation failed, which whoever called it is told as well."""
        self._add(
            level="ERROR",
            number=ERROR,
            logger=__name__,
            event="invocation_failed",
            context={"error": type(error).__name__},
            trace=trace_of(error),
            request_id=self.request_id,
        )

    def _add(self, *, number: int, **log: Any) -> None:
        self.logs.append(
            {
                "id": str(new_id()),
                "occurred_at": written(utc_now()),
                "kept": _kept(number),
                "function": self.function,
                **log,
            }
        )

    def finished(self) -> list[dict[str, Any]]:
        """The logs, each with whose request it belongs to, which was not known at first."""
        if self.dropped:
            dropped, self.dropped = self.dropped, 0
            self._add(
                number=WARNING,
                level="WARNING",
                logger=__name__,
                event="logs_dropped",
                context={"count": dropped},
                trace=None,
                request_id=self.request_id,
            )
        whose = whose_of(self.principal)
        return [{**log, **whose} for log in self.logs]


current: ContextVar[Records | None] = ContextVar("records", default=None)
"""Those of the running invocation; nothing outside of one."""


def note_error(code: str) -> None:
    """The first thing that the answer says is wrong."""
    if (records := current.get()) is not None and records.error_code is None:
        records.error_code = redacted_text(code, longest=100)


def whose_of(principal: Principal | None) -> dict[str, Any]:
    """The columns that say who asked."""
    if principal is None:
        return {"organization_id": None, "principal_type": None, "principal_id": None}
    return {
        "organization_id": str(principal.organization_id),
        "principal_type": principal.kind,
        "principal_id": str(principal.id),
    }


def written(at: datetime) -> str:
    return at.isoformat()


def trace_of(error: BaseException | None) -> str:
    lines = traceback.format_exception(error)
    return redacted_text("".join(lines), longest=_LONGEST_TRACE)


def _kept(level: int) -> str:
    """By spec: what is only told a month, what is doubtful three, what went wrong a year."""
    if level >= CRITICAL:
        return Kept.FOR_GOOD
    if level >= ERROR:
        return Kept.YEAR
    return Kept.QUARTER if level >= WARNING else Kept.MONTH
