"""The line of the request log that a request and its answer make."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.records import Records, whose_of, written
from shared.infrastructure.redaction import redacted_query, redacted_text
from shared.kernel.ids import new_id
from shared.kernel.retention import Kept

_AN_ID = re.compile(
    r"^(?:\d+|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|[\w.~-]{24,})$", re.IGNORECASE
)
_LONGEST_PATH = 200
_SIGNING_IN = re.compile(r"^/api/v1/(?:system/)?auth/")
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,128}")


def request_log(
    event: Event, answer: Mapping[str, Any], records: Records, *, milliseconds: float, at: datetime
) -> dict[str, Any]:
    """What `record_store` keeps of a request, however far it came."""
    http = event["requestContext"]["http"]
    path = records.route or normalised(event["rawPath"])
    status = int(answer.get("statusCode", 500))
    principal = records.principal
    return {
        "id": str(new_id()),
        "kept": kept(path, status),
        "request_id": records.request_id,
        "occurred_at": written(at),
        **whose_of(principal),
        "user_id": str(principal.user_id) if principal else None,
        "method": redacted_text(http["method"], longest=10),
        "path": path,
        "status_code": status,
        "duration_ms": round(milliseconds, 3),
        "request_bytes": _size(event.get("body"), encoded=bool(event.get("isBase64Encoded"))),
        "response_bytes": _size(answer.get("body"), encoded=bool(answer.get("isBase64Encoded"))),
        "error_code": records.error_code,
        "address": records.address,
        "user_agent": records.user_agent,
        "function": records.function,
        "context": _context(event),
    }


def kept(path: str, status: int) -> Kept:
    """By spec; whoever signs in, or tries to, is asked about later than others."""
    if _SIGNING_IN.match(path):
        return Kept.YEAR
    if status >= 500:  # noqa: PLR2004 ours
        return Kept.HALF_YEAR
    return Kept.QUARTER if status >= 400 else Kept.MONTH  # noqa: PLR2004 the caller's


def normalised(path: str) -> str:
    """A path that no route has, with what looks like an id or a token taken out."""
    parts = ["{id}" if _AN_ID.fullmatch(part) else part for part in path.split("/")]
    return redacted_text("/".join(parts), longest=_LONGEST_PATH)


def _context(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if query := event.get("queryStringParameters"):
        told["query"] = redacted_query(query)
    correlation = event["headers"].get("x-correlation-id", "")
    if _WELL_FORMED.fullmatch(correlation):
        told["correlation_id"] = correlation
    return told


def _size(body: str | None, *, encoded: bool) -> int:
    if not body:
        return 0
    return len(body) * 3 // 4 if encoded else len(body.encode(errors="replace"))
