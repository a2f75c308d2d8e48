"""Millions of pending schedules, for the posts that there are."""

from datetime import datetime

import psycopg

# Of every so many rows one is due, and of those in turn one at each second.
_SCHEDULES = """
    INSERT INTO schedules (id, organization_id, created_by, post_id, post_variant_id,
        channel_connection_id, channel, run_at, next_attempt_at, timezone, status, attempts_allowed,
        created_at, updated_at)
    SELECT uuidv7(), organization_id, created_by, post_id, variant, connection, 'mastodon', run_at,
           run_at, 'UTC', 'pending', 5, now(), now()
    FROM (
        SELECT *, %(start)s::timestamptz + CASE
            WHEN number %% (%(pending)s / %(due)s) = 0 AND number <= %(pending)s / %(due)s * %(due)s
            THEN (number / (%(pending)s / %(due)s) %% (%(due)s / %(at_once)s)) * interval '1 s'
            ELSE interval '1 hour' + random() * interval '89 days' END AS run_at
        FROM generate_series(1, %(pending)s) AS number
        JOIN planned_before AS before ON place = number %% (SELECT count(*) FROM planned_before)
    ) AS wanted
"""

_PLANNED_BEFORE = """
    CREATE TABLE IF NOT EXISTS planned_before AS
    SELECT organization_id, created_by, post_id, post_variant_id AS variant,
           channel_connection_id AS connection, row_number() OVER (ORDER BY id) - 1 AS place
    FROM schedules
"""

_PLAIN_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'schedules' AND indexname LIKE 'ix\\_%'
"""


def fill_schedules(database: str, *, pending: int, due: int, at_once: int, start: datetime) -> None:
    """Give the posts so many schedules, in place of those there are.

    Of all `pending` the `due` ones are spread evenly over the table, `at_once` at each second from
    `start` on; the others follow within 90 days. Plain indexes are made after the rows, and foreign
    keys are not asked, for that is what millions of rows would wait for.
    """
    with psycopg.connect(database, autocommit=True) as connection:
        for setting in (
            "session_replication_role = replica",
            "maintenance_work_mem = '512MB'",
            "synchronous_commit = off",
        ):
            connection.execute(f"SET {setting}")
        connection.execute(_PLANNED_BEFORE)
        connection.execute("ANALYZE planned_before")
        connection.execute("TRUNCATE schedules CASCADE")
        indexes = connection.execute(_PLAIN_INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute(
            _SCHEDULES, {"pending": pending, "due": due, "at_once": at_once, "start": start}
        )
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute("VACUUM ANALYZE schedules")
        connection.execute("CHECKPOINT")
