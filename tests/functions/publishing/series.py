"""Series and slots as tests make them, and what the database has of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from runner.timers import tick_event
from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from tests.api import ApiAnswer, keep_loop
from tests.author import Author
from tests.deployed_functions import function

NOON = "2026-11-20T12:00:00Z"
"""A Friday, and the moment at which most of these tests begin."""
DAILY = {"rule": "FREQ=DAILY", "starts_at": "2026-11-20T18:00", "timezone": "UTC"}


def try_to_recur(author: Author, variant: str, connection: str, **changes: Any) -> ApiAnswer:
    body = {"post_variant_id": variant, "channel_connection_id": connection, **DAILY, **changes}
    return author.api.post("/recurrences", body)


def recurring(author: Author, **changes: Any) -> Any:
    """A series of a new post on a new connection, each day at six in the evening."""
    answer = try_to_recur(author, author.write()[1], author.connect(), **changes)
    assert answer.status == 201, answer.content
    return answer.json["data"]


def look(author: Author, series: Mapping[str, Any]) -> Any:
    return author.api.get(f"/recurrences/{series['id']}").json["data"]


def moments(series: Mapping[str, Any]) -> list[str]:
    """When its next occurrences leave, on the author's clock, without year and offset."""
    return [each["run_at_local"][5:16] for each in series["next_occurrences"]]


def run_planner() -> int:
    """Let the timer call the planner; answers how many series it looked at."""
    keep_loop()
    handler = function("PublishingPlanner").load()
    looked_at: int = handler(tick_event("PublishingPlanner", utc_now()), None)["series"]
    return looked_at


def rows(series: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """All schedules of a series that ever were and are not removed."""
    query = "SELECT * FROM schedules WHERE recurrence_id = :id ORDER BY occurrence_at, part"
    with engine().connect() as connection:
        return connection.execute(text(query), {"id": series["id"]}).all()


def status_of(series: Mapping[str, Any]) -> str:
    """As the database has it, for when the author's token has expired."""
    with engine().connect() as connection:
        query = text("SELECT status FROM recurrences WHERE id = :id")
        status: str = connection.scalar(query, {"id": series["id"]})
        return status


def planned(series: Mapping[str, Any]) -> list[datetime]:
    return [row.occurrence_at for row in rows(series) if row.status == "pending" and not row.part]


def change(statement: str, **values: Any) -> None:
    """Do to the database what no request of a test can."""
    with engine().begin() as connection:
        assert connection.execute(text(statement), values).rowcount


def told(schedule_ids: Sequence[str]) -> set[tuple[str, str]]:
    """What has happened to these, by name."""
    query = "SELECT name, subject_id FROM business_events WHERE subject_id = ANY(:ids)"
    with engine().connect() as connection:
        found = connection.execute(text(query), {"ids": [UUID(each) for each in schedule_ids]})
        return {(row.name, str(row.subject_id)) for row in found}
