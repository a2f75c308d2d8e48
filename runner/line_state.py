"""The line at work, as the database and the queues have it at this moment."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import text

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0)
"""Seconds of lateness, the upper ends of a histogram's columns."""

_STATUSES = text("SELECT status, count(*) FROM schedules WHERE deleted_at IS NULL GROUP BY status")

_DUE = text("""
    SELECT count(*) FILTER (WHERE due_at <= now()) AS due,
           count(*) FILTER (WHERE due_at > now()) AS to_come,
           extract(epoch FROM now() - min(due_at) FILTER (WHERE due_at <= now())) AS oldest,
           min(due_at) FILTER (WHERE due_at > now()) AS next_at
    FROM schedules WHERE due_at IS NOT NULL
""")

_ATTEMPTS = text("""
    SELECT s.channel, e.status, coalesce(e.error_class, '') AS error_class, count(*) AS number
    FROM publish_events AS e JOIN schedules AS s ON s.id = e.schedule_id
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
""")

_LATENESS = text("""
    SELECT s.channel, extract(epoch FROM e.finished_at - s.next_attempt_at) AS seconds
    FROM publish_events AS e JOIN schedules AS s ON s.id = e.schedule_id
    WHERE e.status = 'success' AND e.finished_at > now() - CAST(:within AS interval)
""")

_LATEST = text("""
    SELECT e.started_at, s.channel, e.status, e.error_class, e.error_code, e.external_url,
           e.attempt, e.response_time_ms, e.request_id,
           extract(epoch FROM e.finished_at - s.next_attempt_at)
           - coalesce(e.response_time_ms, 0) / 1000.0 AS late
    FROM publish_events AS e JOIN schedules AS s ON s.id = e.schedule_id
    ORDER BY e.started_at DESC LIMIT 15
""")


def columns(seconds: list[float]) -> list[tuple[str, float]]:
    """How many are no later than each bucket's end, and how many there are at all."""
    counted = [(str(end), float(sum(each <= end for each in seconds))) for end in BUCKETS]
    return [*counted, ("+Inf", float(len(seconds)))]


def line_state(*, within: str = "1 hour") -> dict[str, Any]:
    """Counts by status, what is due, attempts by network, and lateness since `within` ago.

    Raises:
        Unavailable: the database is down.
    """
    from shared.infrastructure.database import transaction

    with transaction() as session:
        due = session.execute(_DUE).one()
        lateness = session.execute(_LATENESS, {"within": within}).all()
        return {
            "statuses": {row.status: row.count for row in session.execute(_STATUSES)},
            "due": due.due,
            "to_come": due.to_come,
            "oldest_due_seconds": float(due.oldest or 0),
            "next_at": due.next_at,
            "attempts": [dict(row) for row in session.execute(_ATTEMPTS).mappings()],
            "lateness": [(row.channel, max(0.0, float(row.seconds))) for row in lateness],
            "latest": [dict(row) for row in session.execute(_LATEST).mappings()],
        }


def queue_depths(broker_url: str, queues: Mapping[str, object]) -> dict[str, int]:
    """How many messages wait in each queue that there is; nothing of a broker that is away."""
    if broker_url.startswith("memory:"):
        from shared.infrastructure.broker import memory_broker

        return {name: memory_broker().queues[name].qsize() for name in queues}
    import pika

    from shared.infrastructure.broker import LOST, connection_parameters

    parameters = connection_parameters(broker_url)
    parameters.socket_timeout = parameters.stack_timeout = 1.0
    found: dict[str, int] = {}
    with suppress(*LOST):
        connection = pika.BlockingConnection(parameters)
        for name in queues:
            with suppress(pika.exceptions.ChannelClosedByBroker):
                declared = connection.channel().queue_declare(name, passive=True)
                found[name] = declared.method.message_count
        connection.close()
    return found
