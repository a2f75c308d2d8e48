"""Records are kept as long as they should be: partitions come, and go."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

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

NOW = datetime.now(UTC)


def month_of(at: datetime) -> str:
    return f"{at:%Y%m}"


def month_before(at: datetime) -> datetime:
    return at.replace(day=1) - timedelta(days=1)


def partitions(parent: str) -> list[str]:
    query = text(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
        " WHERE inhparent = CAST(:parent AS regclass) ORDER BY relname"
    )
    with engine().connect() as database:
        found = database.scalars(query, {"parent": f"partitions.{parent}"})
        return [name.removeprefix(f"{parent}_") for name in found]


def make(parent: str, at: datetime) -> None:
    with engine().begin() as database:
        named = {"parent": parent, "month": at.date().replace(day=1)}
        database.execute(text("SELECT partitions.make(:parent, :month)"), named)


@pytest.fixture(autouse=True)
def _as_before(database: None) -> Iterator[None]:
    """Partitions are the database's, which all tests of a worker share."""
    yield
    months = {month_of(NOW + timedelta(days=31 * ahead)) for ahead in range(3)} | {"rest"}
    for table, periods in PARTITIONED.items():
        for kept in periods:
            for month in set(partitions(f"{table}_{kept}")) - months:
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
    first = NOW.replace(day=1)
    months = {month_of(first), month_of(first + timedelta(days=32))}
    keep_records(now=NOW)
    for table, periods in PARTITIONED.items():
        for kept in periods:
            assert months | {"rest"} <= set(partitions(f"{table}_{kept}"))
    assert keep_records(now=NOW) == {}


@pytest.mark.parametrize(
    ("table", "kept"), [(table, kept) for table, periods in PARTITIONED.items() for kept in periods]
)
def test_a_month_goes_when_all_of_it_is_older_than_its_period(table: str, kept: Kept) -> None:
    parent = f"{table}_{kept}"
    assert kept.period is not None
    youngest = NOW - kept.period
    for at in (youngest, month_before(youngest)):
        make(parent, at)
    assert keep_records(now=NOW) == {parent: 1}
    assert month_of(youngest) in partitions(parent)
    assert month_of(month_before(youngest)) not in partitions(parent)


def test_with_it_go_its_records_and_no_others(chief: Account) -> None:
    old = month_before(NOW - timedelta(days=730))
    make("business_events_two_years", old)
    make("business_events_two_years", NOW - timedelta(days=730))
    before = len(rows_of("business_events"))
    for at in (old, NOW - timedelta(days=729)):
        insert("two_years", at)
    insert("for_good", old, "USER_LOGIN")
    keep_records(now=NOW)
    left = rows_of("business_events", "occurred_at < :at", at=NOW - timedelta(days=300))
    assert [(row.kept, row.name) for row in left] == [
        ("for_good", "USER_LOGIN"),
        ("two_years", "POST_CREATED"),
    ]
    assert len(rows_of("business_events")) == before + 2


def test_what_came_for_a_month_without_room_moves_into_it(chief: Account) -> None:
    late = NOW + timedelta(days=400)
    insert("two_years", late)
    assert month_of(late) not in partitions("business_events_two_years")
    make("business_events_two_years", late)
    with engine().connect() as database:
        rest, month = (
            database.scalar(
                text(
                    f"SELECT count(*) FROM partitions.business_events_two_years_{name}"
                    " WHERE occurred_at = :at"
                ),
                {"at": late},
            )
            for name in ("rest", month_of(late))
        )
    assert (rest, month) == (0, 1)


def test_what_is_old_and_has_no_month_goes_as_well(chief: Account) -> None:
    old = NOW - timedelta(days=800)
    insert("two_years", old)
    keep_records(now=NOW)
    assert not rows_of("business_events", "occurred_at = :at", at=old)


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
