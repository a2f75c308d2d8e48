"""Whether it works, for balancers and people who watch over it."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal, Self

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from functions.dependencies import public
from functions.routing import Router
from shared.infrastructure.environment import EnvironmentSettings
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.http_errors import ErrorOut, ErrorsOut
from shared.infrastructure.logging import request_id
from shared.infrastructure.release import ReleaseSettings
from shared.kernel.clock import utc_now
from shared.operations.adapters.health import Findings, findings
from shared.operations.domain.health import Health, ServiceCheck, health

router = Router(prefix="/api/v1/ops", tags=["health"])


class HealthOut(BaseModel):
    """`degraded`: one service is down that the rest goes on without."""

    status: Health
    checks: Mapping[str, ServiceCheck]

    @classmethod
    def of(cls, found: Findings, **more: Any) -> Self:
        return cls(status=health(found.checks), checks=found.checks, **more)


class ScannerOut(BaseModel):
    """What the timer that hands over what is due said last.

    `next_due_at` is when the first of it was due then: long before `last_tick_at`, it is behind.
    `queued` is what waits in the queues now, null where nobody knows.
    """

    last_tick_at: datetime
    next_due_at: datetime | None
    queued: int | None

    @classmethod
    def of(cls, found: Findings) -> Self | None:
        tick = found.scanner
        if tick is None:
            return None
        return cls(last_tick_at=tick.ticked_at, next_due_at=tick.next_due_at, queued=found.queued)


class LiveOut(BaseModel):
    status: Literal["alive"] = "alive"


class StatusOut(HealthOut):
    """`commit_sha` is null where nobody has said what is deployed."""

    version: str
    commit_sha: str | None
    environment: str
    timestamp: datetime
    scanner: ScannerOut | None


@router.get("/live", dependencies=[public])
def tell_life() -> LiveOut:
    """Whether the function answers at all, whatever it stands on."""
    return LiveOut()


@router.get("/health", dependencies=[public], response_model=HealthOut)
def tell_health() -> Response:
    """Whether it works; 503 where it does not, with the same beside the errors."""
    return _answer(HealthOut.of(findings(now=utc_now())))


router.get("/ready", dependencies=[public], response_model=HealthOut, name="tell_readiness")(
    tell_health
)


@router.get("/status", dependencies=[public], response_model=StatusOut)
def tell_status() -> Response:
    """The same, with what is deployed where."""
    release = ReleaseSettings.read()
    now = utc_now()
    found = findings(now=now)
    return _answer(
        StatusOut.of(
            found,
            version=release.version,
            commit_sha=release.commit or None,
            environment=EnvironmentSettings.read().name,
            timestamp=now,
            scanner=ScannerOut.of(found),
        )
    )


def _answer(told: HealthOut) -> Response:
    body, headers = told.model_dump(mode="json"), {"Cache-Control": "no-store"}
    if told.status is not Health.UNHEALTHY:
        return JSONResponse(body, headers=headers)
    down = [name for name, check in told.checks.items() if check is not ServiceCheck.OK]
    error = ErrorOut(
        error_code="UNHEALTHY",
        error_description=f"This cannot be reached: {', '.join(down)}",
        error_severity="critical",
    )
    refusal = ErrorsOut(errors=[error], request_id=request_id.get())
    body |= refusal.model_dump(exclude_none=True)
    return JSONResponse(body, HTTPStatus.SERVICE_UNAVAILABLE, headers)


app = create_app("Health")
app.include_router(router)
handler = lambda_handler(app)
