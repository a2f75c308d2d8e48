"""Organizations, accounts and thousands of scheduled posts, written by a few statements.

Through the front door the same would take minutes; the rows are those it would have written.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from shared.channels.adapters.vault import seal
from shared.kernel.ids import new_id

ORGANIZATIONS = 5
ACCOUNTS = 1000
"""Of all organizations together; with few, one queue would get far more than its share."""

HISTORY = 20_000
"""Posts that were published before."""

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When posts are due that somebody else than the runner is to publish."""

ENCRYPTION_KEYS = "bench:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

_PEOPLE = """
    WITH wanted AS (SELECT * FROM unnest(%(organizations)s::uuid[], %(users)s::uuid[])
                    WITH ORDINALITY AS wanted(organization_id, user_id, number)),
    organization AS (
        INSERT INTO organizations (id, name, created_at, updated_at)
        SELECT organization_id, 'Organization ' || number, now(), now() FROM wanted
    ), person AS (
        INSERT INTO users (id, email, name, auth_method, status, is_root, timezone, locale,
                           created_at, updated_at)
        SELECT user_id, 'person' || number || '@bench.example', 'Ada', 'password', 'active', false,
               'UTC', 'en', now(), now() FROM wanted
    )
    INSERT INTO memberships (organization_id, user_id, role, created_at)
    SELECT organization_id, user_id, 'owner', now() FROM wanted
"""

_CONNECTIONS = """
    INSERT INTO channel_connections (id, organization_id, created_by, channel, external_account_id,
        display_name, account_username, limits, status, credentials, credentials_key_id, created_at,
        updated_at)
    SELECT wanted.id, organization_id, user_id, 'mastodon', wanted.id || '@bench.example', 'Ada',
           '@ada@bench.example', '{}', 'connected', credentials, key_id, now(), now()
    FROM unnest(%(ids)s::uuid[], %(credentials)s::bytea[], %(key_ids)s::text[])
         WITH ORDINALITY AS wanted(id, credentials, key_id, number)
    JOIN (SELECT organization_id, user_id, row_number() OVER () AS place FROM memberships) AS owner
      ON place = number %% %(organizations)s + 1
"""

# One statement for all three tables: each post with its variant and its schedule.
_POSTS = """
    WITH wanted AS MATERIALIZED (
        SELECT number, account.id AS connection, organization_id, created_by,
               uuidv7() AS post, uuidv7() AS variant, uuidv7() AS schedule,
               %(start)s::timestamptz + random() * %(span)s::interval AS run_at
        FROM generate_series(1, %(posts)s) AS number
        JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM channel_connections)
          AS account ON place = number %% %(accounts)s + 1
    ), post AS (
        INSERT INTO posts (id, organization_id, created_by, description, tags, status, metadata,
                           created_at, updated_at)
        SELECT post, organization_id, created_by, 'Benchmark post ' || number, '{}', 'scheduled',
               '{}', now(), now()
        FROM wanted
    ), variant AS (
        INSERT INTO post_variants (id, post_id, organization_id, created_by, channel, content,
                                   media, source, status, metadata, created_at, updated_at)
        SELECT variant, post, organization_id, created_by, 'mastodon', 'Benchmark post ' || number,
               '{}', 'manual', 'ready', '{}', now(), now()
        FROM wanted
    )
    INSERT INTO schedules (id, organization_id, created_by, post_id, post_variant_id,
        channel_connection_id, channel, run_at, next_attempt_at, timezone, status, attempts_allowed,
        created_at, updated_at)
    SELECT schedule, organization_id, created_by, post, variant, connection, 'mastodon', run_at,
           run_at, 'UTC', 'pending', 5, now(), now()
    FROM wanted
"""

# The ledger has a past: on empty tables the planner would settle for plans that nobody meets.
_PUBLISHED_BEFORE = (
    """
    INSERT INTO publish_events (id, organization_id, schedule_id, channel_connection_id, attempt,
        fencing_token, status, started_at, finished_at, external_post_id, external_url)
    SELECT uuidv7(), organization_id, id, channel_connection_id, 1, 1, 'success', run_at,
           run_at + interval '50 ms', id, 'https://bench.example/@ada/' || id
    FROM schedules
    """,
    """
    INSERT INTO business_events (id, organization_id, name, subject_id, occurred_at, details)
    SELECT uuidv7(), organization_id, name, id, run_at, '{}'
    FROM schedules, unnest(ARRAY['SCHEDULE_QUEUED', 'SCHEDULE_PUBLISHED']) AS name
    """,
    """
    UPDATE schedules SET status = 'success', attempt_count = 1, fencing_token = 1,
                         started_token = 1, last_attempt_at = run_at
    """,
    "UPDATE post_variants SET status = 'published', published_at = created_at",
    "UPDATE posts SET status = 'published', published_at = created_at",
)

_EMPTIED = (
    "business_events, publish_events, connection_budgets, schedules, post_variants, posts,"
    " channel_connections, memberships, users, organizations"
)


def settle(database: str, *, network: str, history: int = HISTORY) -> None:
    """A new world in place of the old one: people, accounts, and what was published before."""
    os.environ["ENCRYPTION_KEYS"] = ENCRYPTION_KEYS
    connections = _new_ids(ACCOUNTS)
    sealed = [seal(each, _credentials(each, network)) for each in connections]
    with psycopg.connect(database, autocommit=True) as connection:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # the log, too
            connection.execute(f"TRUNCATE {_EMPTIED} CASCADE")
            connection.execute("SET LOCAL session_replication_role = DEFAULT")
            people = {"organizations": _new_ids(ORGANIZATIONS), "users": _new_ids(ORGANIZATIONS)}
            connection.execute(_PEOPLE, people)
            accounts = {
                "ids": connections,
                "credentials": [each.text for each in sealed],
                "key_ids": [each.key_id for each in sealed],
                "organizations": ORGANIZATIONS,
            }
            connection.execute(_CONNECTIONS, accounts)
            month_ago = datetime.now(UTC) - timedelta(days=30)
            _add(connection, history, start=month_ago, span=timedelta(days=29))
            for statement in _PUBLISHED_BEFORE:
                connection.execute(statement)
        connection.execute("VACUUM ANALYZE")


def plan_posts(
    database: str, *, posts: int, start: datetime, span: timedelta = timedelta()
) -> None:
    """More posts, due at random instants from `start` on, within `span`."""
    with psycopg.connect(database) as connection:
        _add(connection, posts, start=start, span=span)


def _add(
    connection: psycopg.Connection[Any], posts: int, *, start: datetime, span: timedelta
) -> None:
    wanted = {"posts": posts, "accounts": ACCOUNTS, "start": start, "span": span}
    connection.execute(_POSTS, wanted)


def _credentials(connection_id: UUID, network: str) -> dict[str, str]:
    return {"instance": network, "access_token": f"token {connection_id}", "account_id": "1"}


def _new_ids(count: int) -> list[UUID]:
    return [new_id() for _ in range(count)]


def due_of(database: str, *, since: datetime) -> dict[str, datetime]:
    """When each schedule from then on is due, by its id, which is its idempotency key."""
    with psycopg.connect(database) as connection:
        rows: Iterable[tuple[UUID, datetime]] = connection.execute(
            "SELECT id, run_at FROM schedules WHERE run_at >= %s", [since]
        )
        return {str(schedule): run_at for schedule, run_at in rows}


def hand_to_somebody_else(database: str) -> None:
    """Take what is pending as `processing`, under a lease that outlives any benchmark."""
    with psycopg.connect(database) as connection:
        connection.execute(
            "UPDATE schedules SET status = 'processing', lease_expires_at = now() + '1 day'"
            " WHERE status = 'pending'"
        )
