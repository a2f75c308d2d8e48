"""Whether it works, for balancers and people who watch over it."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self

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
from shared.operations.adapters.health import checks
from shared.operations.domain.health import Health, ServiceCheck, health

router = Router(prefix="/api/v1/ops", tags=["health"])


class HealthOut(BaseModel):
    """`degraded`: one service is down that the rest goes on without."""

    status: Health
    checks: Mapping[str, ServiceCheck]

    @classmethod
    def of(cls, checked: Mapping[str, ServiceCheck], **more: Any) -> Self:
        return cls(status=health(checked), checks=checked, **more)


class StatusOut(HealthOut):
    """`commit_sha` is null where nobody has said what is deployed."""

    version: str
    commit_sha: str | None
    environment: str
    timestamp: datetime


@router.get("/health", dependencies=[public], response_model=HealthOut)
def tell_health() -> Response:
    """Whether it works; 503 where it does not, with the same beside the errors."""
    return _answer(HealthOut.of(checks()))


@router.get("/status", dependencies=[public], response_model=StatusOut)
def tell_status() -> Response:
    """The same, with what is deployed where."""
    release = ReleaseSettings.read()
    return _answer(
        StatusOut.of(
            checks(),
            version=release.version,
            commit_sha=release.commit or None,
            environment=EnvironmentSettings.read().name,
            timestamp=utc_now(),
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
