"""Where records of an invocation go: one statement to PostgreSQL, else lines of standard output.

It is a transaction of its own whose commit is not waited for: what a crash of the database takes
with it are the records of its last moments, and nobody's answer waits for a disk.
"""

import json
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from shared.infrastructure.settings import Settings

logger = logging.getLogger(__name__)

SILENCE = 5.0
"""Seconds for which a database that did not take records is not asked again."""

# `hurried` is asked first, for the rows come out of it; the setting ends with the statement.
_STORE = """
    WITH hurried AS MATERIALIZED (
        SELECT set_config('synchronous_commit', 'off', true)
    ), requested AS (
        INSERT INTO request_logs (
            id, kept, request_id, occurred_at, organization_id, principal_type, principal_id,
            user_id, method, path, status_code, duration_ms, request_bytes, response_bytes,
            error_code, address, user_agent, function, context)
        SELECT row.* FROM hurried, jsonb_to_recordset(%s::jsonb) AS row(
            id uuid, kept text, request_id text, occurred_at timestamptz, organization_id uuid,
            principal_type text, principal_id uuid, user_id uuid, method text, path text,
            status_code smallint, duration_ms real, request_bytes int, response_bytes int,
            error_code text, address text, user_agent text, function text, context jsonb)
    )
    INSERT INTO system_logs (
        id, kept, request_id, occurred_at, organization_id, principal_type, principal_id, level,
        logger, event, function, context, trace)
    SELECT row.* FROM hurried, jsonb_to_recordset(%s::jsonb) AS row(
        id uuid, kept text, request_id text, occurred_at timestamptz, organization_id uuid,
        principal_type text, principal_id uuid, level text, logger text, event text,
        function text, context jsonb, trace text)
"""


@dataclass(frozen=True, kw_only=True)
class RecordsSettings(Settings):
    """Where records go: to the database, to standard output, or nowhere."""

    store: Literal["database", "output", "nowhere"] = "database"


@cache
def where() -> str:
    return RecordsSettings.read().store


_silent_until = 0.0


def store(requests: Sequence[dict[str, Any]], logs: Sequence[dict[str, Any]]) -> None:
    """Keep them, if anything can; whatever happens, nothing is raised."""
    if not requests and not logs:
        return
    if where() == "database" and time.monotonic() >= _silent_until and _stored(requests, logs):
        return
    if where() != "nowhere":
        _tell(requests)


def _stored(requests: Sequence[dict[str, Any]], logs: Sequence[dict[str, Any]]) -> bool:
    global _silent_until  # noqa: PLW0603 a container's, as its connection is
    # Here, for a function may have been loaded and answered without it.
    from shared.infrastructure.database import engine

    try:
        connection = engine().raw_connection()
        try:
            connection.cursor().execute(_STORE, (json.dumps(requests), json.dumps(logs)))
        finally:
            connection.close()
    except Exception as error:  # noqa: BLE001 a record is worth nobody's answer
        _silent_until = time.monotonic() + SILENCE
        logger.warning("records_not_stored", extra={"reason": type(error).__name__})
        return False
    return True


def _tell(requests: Sequence[dict[str, Any]]) -> None:
    """A line each; what was logged has been told on standard error by then."""
    for each in requests:
        sys.stdout.write(json.dumps({"record": "request", **each}) + "\n")
