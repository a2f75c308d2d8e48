"""What starts a set, or lets it go, is joined row by row, not each with each."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.ids import new_ids
from shared.publishing.adapters.postgres import PostgresPublishing, begin
from shared.publishing.domain.attempt import Claim
from shared.publishing.domain.schedule import LEASE
from tests.accounts import root
from tests.api import Api
from tests.author import Author
from tests.plans import plan_of, statements, steps
from tests.simulator.client import Simulator

MANY = 200
NOW = datetime(2027, 3, 1, tzinfo=UTC)

_SCHEDULES = """
    INSERT INTO schedules (id, organization_id, created_by, post_id, post_variant_id, channel,
                           channel_connection_id, run_at, timezone, status, next_attempt_at,
                           attempts_allowed, created_at, updated_at)
    SELECT gen_random_uuid(), organization_id, created_by, post_id, post_variant_id, channel,
           channel_connection_id, now(), 'UTC', 'cancelled', now(), 5, now(), now()
      FROM schedules, generate_series(1, 2000)
"""


@pytest.fixture
def _many(api: Api, simulator: Simulator) -> None:
    """With few, the planner is right to compare."""
    Author.of(root(api)).scheduled()
    with engine().begin() as database:
        database.execute(text(_SCHEDULES))
        database.execute(text("ANALYZE schedules"))


def _claims() -> list[Claim]:
    return [Claim(schedule_id=each, fencing_token=1) for each in new_ids(MANY)]


def _start(work: PostgresPublishing) -> None:
    work.schedules.start(_claims(), now=NOW, lease=LEASE)


def _release(work: PostgresPublishing) -> None:
    work.schedules.release(_claims(), now=NOW)


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("ask", [_start, _release])
def test_no_set_is_compared_with_itself(ask: Callable[[PostgresPublishing], None]) -> None:
    with statements("schedules") as seen, begin() as work:
        ask(work)
    [asked] = seen
    assert [step["Join Filter"] for step in steps(plan_of(asked)) if _compares_all(step)] == []


def _compares_all(step: dict[str, Any]) -> bool:
    """Rows of the set that is held, each looked for among all others."""
    return step["Node Type"] == "Nested Loop" and "held.id" in step.get("Join Filter", "")
