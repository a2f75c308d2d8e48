"""How late one organization's single posts leave while another's 10,000 are due at once.

The few are due at moments spread over the first seconds of the flood, on accounts of their own.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from tests.benchmarks.arrivals import network
from tests.benchmarks.figure import Figure
from tests.benchmarks.population import settle
from tests.benchmarks.stage import AS_IT_COMES, stage

FLOOD = 10_000
SINGLE = 5
APART = timedelta(seconds=0.5)
DELAY = 0.05
PROMISE = 5.0
"""Seconds."""

# The accounts of one organization are the others' neighbours in every queue.
_TAKE_APART = """
    WITH organization AS (
        SELECT organization_id, created_by, row_number() OVER (ORDER BY organization_id) AS place
        FROM (SELECT DISTINCT organization_id, created_by FROM channel_connections) AS one
    ), few AS (
        SELECT id, row_number() OVER (ORDER BY id) AS number FROM schedules
        WHERE status = 'pending' ORDER BY id LIMIT %(single)s
    )
    UPDATE schedules AS s
    SET organization_id = organization.organization_id, created_by = organization.created_by,
        run_at = s.run_at + coalesce(few.number, 0) * %(apart)s::interval,
        next_attempt_at = s.run_at + coalesce(few.number, 0) * %(apart)s::interval
    FROM schedules AS same LEFT JOIN few USING (id), organization
    WHERE s.id = same.id AND s.status = 'pending'
      AND organization.place = CASE WHEN few.id IS NULL THEN 1 ELSE 2 END
    RETURNING s.id, s.run_at, few.id IS NOT NULL
"""


def measure() -> Iterator[Figure]:
    with stage(1, AS_IT_COMES) as everything, network(everything.folder, delay=DELAY) as there:
        settle(everything.database, network=there.url)
        due = everything.plan(there, posts=FLOOD + SINGLE)
        few = _take_apart(everything.database)
        everything.wait_for(FLOOD + SINGLE, due=due)
        arrived = there.receipts()
    late = [arrived[str(one)][0] - run_at.timestamp() for one, run_at in few.items()]
    yield Figure(
        name=f"one organization's single posts among {FLOOD} of another, the latest",
        unit="s",
        value=max(late),
        yardstick=PROMISE,
        goal=1.0,
    )
    for name, count in (
        ("lost", FLOOD + SINGLE - len(arrived)),
        ("sent twice", sum(len(each) > 1 for each in arrived.values())),
    ):
        yield Figure(
            name=f"posts {name} in the flood",
            unit="posts",
            value=count,
            yardstick=FLOOD + SINGLE,
            goal=0.0,
        )


def _take_apart(database: str) -> dict[UUID, datetime]:
    """Give all but a few to one organization; answers when each of the few is due."""
    with psycopg.connect(database) as connection:
        rows = connection.execute(_TAKE_APART, {"single": SINGLE, "apart": APART}).fetchall()
    return {schedule: run_at for schedule, run_at, is_single in rows if is_single}
