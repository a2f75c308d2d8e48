"""Records are kept as long as they should be: partitions come, and go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.infrastructure.database import engine
from shared.kernel.ids import earliest_id
from shared.kernel.retention import Kept
from shared.operations.adapters.retention import keep_records
from shared.operations.domain.retention import PARTITIONED
from tests.accounts import Account
from tests.records import change, rows_of

NOW = datetime(2031, 3, 15, 3, 17, tzinfo=UTC)


def partitions(parent: str) -> list[str]:
    query = text(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
        " WHERE inhparent = CAST(:parent AS regclass) ORDER BY relname"
    )
    with engine().connect() as database:
        found = database.scalars(query, {"parent": f"partitions.{parent}"})
        return [name.removeprefix(f"{parent}_") for name in found]


@pytest.fixture(autouse=True)
def _as_before(database: None) -> Any:
    """Partitions are the database's, which all tests of a worker share."""
    yield
    keep_records(now=datetime.now(UTC))
    for table, periods in PARTITIONED.items():
        for kept in periods:
            for month in partitions(f"{table}_{kept}"):
                if month.startswith("203"):
                    change(f"DROP TABLE partitions.{table}_{kept}_{month}")


def insert(kept: str, at: datetime, name: str = "POST_CREATED") -> None:
    change(
        "INSERT INTO business_events (id, kept, organization_id, name, subject_id, occurred_at,"
        " details) SELECT :id, :kept, id, :name, id, :at, '{}' FROM organizations LIMIT 1",
        id=earliest_id(at),
        kept=kept,
        at=at,
        name=name,
    )


def test_there_is_room_for_the_months_to_come() -> None:
    keep_records(now=NOW)
    for table, periods in PARTITIONED.items():
        for kept in periods:
            found = partitions(f"{table}_{kept}")
            assert {"203103", "203104", "203105", "rest"} <= set(found)
    keep_records(now=NOW)


def test_what_is_old_goes_month_by_month_and_not_a_day_too_early(chief: Account) -> None:
    keep_records(now=NOW)
    insert("two_years", NOW)
    insert("for_good", NOW, "USER_LOGIN")
    last_day = datetime(2031, 4, 1, tzinfo=UTC) + timedelta(days=730) - timedelta(seconds=1)
    keep_records(now=last_day)
    assert len(rows_of("business_events", "occurred_at = :at", at=NOW)) == 2
    assert keep_records(now=last_day + timedelta(seconds=1))["business_events_two_years"] >= 1
    (kept,) = rows_of("business_events", "occurred_at = :at", at=NOW)
    assert (kept.kept, kept.name) == ("for_good", "USER_LOGIN")


def test_what_came_for_a_month_without_room_moves_into_it(chief: Account) -> None:
    late = datetime(2035, 7, 20, tzinfo=UTC)
    insert("two_years", late)
    assert "203507" not in partitions("business_events_two_years")
    keep_records(now=late)
    with engine().connect() as database:
        rest, month = (
            database.scalar(
                text(f"SELECT count(*) FROM partitions.business_events_two_years_{name}")
            )
            for name in ("rest", "203507")
        )
    assert (rest, month) == (0, 1)


def test_periods_are_those_of_the_spec() -> None:
    days = {kept: kept.period.days for kept in Kept if kept.period}
    assert days == {"month": 30, "quarter": 90, "half_year": 180, "year": 365, "two_years": 730}
    assert Kept.FOR_GOOD.period is None


def test_nobody_lets_go_of_what_is_young() -> None:
    with pytest.raises(DBAPIError, match="30 days at least"), engine().begin() as database:
        database.execute(
            text("SELECT partitions.forget('request_logs_month', now() - interval '29 days')")
        )


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("1970-01-01T00:00:00Z", "00000000-0000-0000-0000-000000000000"),
        ("2026-11-01T00:00:00Z", str(earliest_id(datetime(2026, 11, 1, tzinfo=UTC)))),
        ("2026-11-01T00:00:00.999Z", None),
    ],
)
def test_the_database_knows_the_earliest_id_of_a_moment(at: str, first: str | None) -> None:
    moment = datetime.fromisoformat(at)
    with engine().connect() as database:
        told = database.scalar(
            text("SELECT partitions.earliest_id(CAST(:at AS timestamp))"),
            {"at": moment.replace(tzinfo=None)},
        )
    assert str(told) == (first or str(earliest_id(moment)))
