"""What is known of a connection is told as a budget, and no more is read than can matter."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine, transaction
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.adapters.budgets import PostgresBudgets
from shared.publishing.adapters.connections import ChannelsConnections
from shared.publishing.adapters.postgres import begin
from shared.publishing.domain.budget import Allowance, Budget, Go, Wait, plan
from shared.publishing.domain.schedule import LEASE
from shared.publishing.domain.waiting import WaitingReason
from tests.accounts import root
from tests.api import Api
from tests.author import Author
from tests.simulator.client import Simulator
from tests.simultaneously import simultaneously

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
RATE, CAP, GAP = WaitingReason.RATE_LIMIT, WaitingReason.DAILY_CAP, WaitingReason.MINIMUM_GAP


@pytest.fixture
def author(api: Api, simulator: Simulator) -> Author:
    return Author.of(root(api))


@pytest.fixture
def schedule(author: Author) -> str:
    """One that hangs on the connection whose budget is asked for."""
    return author.scheduled()


@pytest.fixture
def connection(author: Author, schedule: str) -> UUID:
    return connection_of(schedule)


def connection_of(schedule: str) -> UUID:
    query = text("SELECT channel_connection_id FROM schedules WHERE id = :id")
    with engine().connect() as database:
        found: UUID = database.execute(query, {"id": schedule}).scalar_one()
    return found


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def in_(**time: float) -> datetime:
    return NOW + timedelta(**time)


def sent(schedule: str, *instants: datetime, status: str = "success") -> None:
    """Attempts that started then."""
    query = text("""
        INSERT INTO publish_events (id, organization_id, schedule_id, channel_connection_id,
                                    attempt, fencing_token, status, started_at, finished_at)
        SELECT :id, organization_id, id, channel_connection_id, :number, :number, :status,
               :started, :finished
        FROM schedules WHERE id = :schedule
    """)
    with engine().begin() as database:
        first = database.execute(text("SELECT count(*) FROM publish_events")).scalar_one() + 1
        rows = [
            {
                "id": new_id(),
                "number": number,
                "status": status,
                "started": instant,
                "finished": None if status == "started" else instant,
                "schedule": schedule,
            }
            for number, instant in enumerate(instants, start=first)
        ]
        database.execute(query, rows)


def budget(connection: UUID, *schedules: UUID, wanted: int = 1, now: datetime = NOW) -> Budget:
    """For so many, `schedules` being claimed already."""
    return budgets({connection: wanted}, *schedules, now=now)[connection]


def budgets(
    wanted: Mapping[UUID, int], *claimed: UUID, now: datetime = NOW
) -> Mapping[UUID, Budget]:
    with transaction() as session:
        connections = ChannelsConnections(session).connections(wanted).values()
        return PostgresBudgets(session).budgets(connections, wanted, claimed=claimed, now=now)


def planned(connection: UUID, wanted: int, now: datetime = NOW) -> Sequence[Go | Wait]:
    return plan(budget(connection, wanted=wanted, now=now), wanted, now)


def decide(author: Author, connection: UUID, **policy: Any) -> None:
    assert author.api.patch(f"/channels/connections/{connection}", policy).status == 200


def said(remaining: int, observed: datetime, resets: datetime) -> Allowance:
    return Allowance(remaining=remaining, observed_at=observed, resets_at=resets)


def observe(*words: tuple[UUID, Allowance]) -> None:
    with transaction() as session:
        PostgresBudgets(session).observe(
            {connection: (organization(connection), word) for connection, word in words}
        )


def organization(connection: UUID) -> OrganizationId:
    query = text("SELECT organization_id FROM channel_connections WHERE id = :id")
    with engine().connect() as database:
        return OrganizationId(database.execute(query, {"id": connection}).scalar_one())


def known() -> dict[UUID, tuple[int, datetime, datetime]]:
    query = text(
        "SELECT channel_connection_id AS id, remaining, observed_at, resets_at"
        " FROM connection_budgets"
    )
    with engine().connect() as database:
        rows = database.execute(query)
        return {row.id: (row.remaining, row.observed_at, row.resets_at) for row in rows}


def test_nothing_asked_is_nothing_answered(api: Api) -> None:
    observe()
    assert budgets({}) == {}


def test_a_connection_there_is_not_has_no_budget(api: Api) -> None:
    assert budgets({new_id(): 1}) == {}


def test_what_cannot_be_reached_is_not_told(connection: UUID, schedule: str) -> None:
    sent(schedule, ago(minutes=5), ago(minutes=1))
    observe((connection, said(298, ago(minutes=2), in_(hours=1))))
    assert budget(connection, wanted=297) == Budget(sent_at=[])
    assert budget(connection, wanted=298).sent_at


def test_the_networks_quota_counts_its_period_and_no_more(connection: UUID, schedule: str) -> None:
    sent(schedule, *(ago(minutes=170, seconds=-each) for each in range(299)))
    sent(schedule, *[ago(minutes=181)] * 5)
    assert planned(connection, 1) == [Go()]
    assert planned(connection, 3) == [
        Go(),
        Wait(in_(minutes=10), RATE),
        Wait(in_(minutes=10, seconds=1), RATE),
    ]
    assert planned(connection, 2, now=in_(minutes=10)) == [Go(), Go()]


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("started", True),
        ("success", True),
        ("unknown", True),
        ("retried", False),
        ("failed", False),
    ],
)
def test_an_attempt_that_published_nothing_uses_nothing_up(
    author: Author, connection: UUID, schedule: str, status: str, *, counts: bool
) -> None:
    decide(author, connection, daily_cap=1, minimum_gap_seconds=60)
    sent(schedule, ago(seconds=30), status=status)
    later = in_(hours=24, seconds=-30)
    assert planned(connection, 1) == [Wait(later, CAP) if counts else Go()]


def test_the_owners_cap_counts_a_day(author: Author, connection: UUID, schedule: str) -> None:
    decide(author, connection, daily_cap=2)
    sent(schedule, ago(hours=25), ago(hours=23), ago(hours=22))
    assert planned(connection, 2) == [Wait(in_(hours=1), CAP), Wait(in_(hours=2), CAP)]


def test_a_gap_is_kept_from_a_post_no_quota_remembers(
    author: Author, connection: UUID, schedule: str
) -> None:
    decide(author, connection, minimum_gap_seconds=6 * 3600)
    sent(schedule, ago(hours=9), ago(hours=5))
    assert budget(connection).sent_at == [ago(hours=5)]
    assert planned(connection, 2) == [Wait(in_(hours=1), GAP), Wait(in_(hours=7), GAP)]


def test_a_long_gap_is_kept_while_a_quota_is_full(
    author: Author, connection: UUID, schedule: str
) -> None:
    decide(author, connection, minimum_gap_seconds=12 * 3600)
    sent(schedule, ago(hours=5))
    observe((connection, said(0, ago(hours=1), in_(hours=1))))
    assert planned(connection, 2) == [Wait(in_(hours=7), GAP), Wait(in_(hours=19), GAP)]


def test_what_is_queued_counts_as_sent_now_but_for_those_asked_about(
    author: Author, connection: UUID, schedule: str
) -> None:
    decide(author, connection, daily_cap=1)
    with engine().begin() as database:
        database.execute(text("UPDATE schedules SET next_attempt_at = :now"), {"now": NOW})
    with begin() as work:
        (claimed,) = work.schedules.claim_due(now=NOW, lease=LEASE, limit=1, share=1)
    assert str(claimed.claim.schedule_id) == schedule
    assert plan(budget(connection, UUID(schedule)), 1, NOW) == [Go()]
    assert planned(connection, 1) == [Wait(in_(hours=24), CAP)]
    author.api.post(f"/schedules/{schedule}/cancel")
    assert planned(connection, 1) == [Go()]


def test_another_connections_posts_do_not_count(
    author: Author, connection: UUID, schedule: str
) -> None:
    other = author.scheduled("Another word")
    decide(author, connection, daily_cap=1)
    sent(other, ago(minutes=1))
    both = budgets({connection: 1, connection_of(other): 1})
    assert {id_: plan(each, 1, NOW) for id_, each in both.items()} == {
        connection: [Go()],
        connection_of(other): [Go()],
    }


def test_what_waits_for_its_budget_is_planned(author: Author) -> None:
    connection = author.connect()
    waiting = [
        ("RATE_LIMIT", in_(hours=2)),
        ("DAILY_CAP", in_(hours=3)),
        ("MINIMUM_GAP", in_(hours=1)),
        ("MINIMUM_GAP", NOW),
        ("CONNECTION_ERROR", in_(hours=4)),
        ("CREDENTIALS_EXPIRED", in_(hours=4)),
        (None, None),
    ]
    hold = text("UPDATE schedules SET waiting_reason = :reason, held_until = :until WHERE id = :id")
    for reason, until in waiting:
        _, variant = author.write()
        schedule = author.schedule(variant, connection)
        with engine().begin() as database:
            database.execute(hold, {"id": schedule, "reason": reason, "until": until})
    idle = connection_of(author.scheduled())
    both = budgets({UUID(connection): 1, idle: 1})
    assert {
        id_: {(each.until, each.reason) for each in one.planned} for id_, one in both.items()
    } == {
        UUID(connection): {(in_(hours=2), RATE), (in_(hours=3), CAP), (in_(hours=1), GAP)},
        idle: set(),
    }


def test_the_networks_word_counts_what_left_since(connection: UUID, schedule: str) -> None:
    observe((connection, said(3, ago(hours=4), in_(hours=1))))
    sent(schedule, ago(hours=5), ago(hours=3, minutes=30), ago(hours=3))
    assert planned(connection, 2) == [Go(), Wait(in_(hours=1), RATE)]
    assert planned(connection, 2, now=in_(hours=1)) == [Go(), Go()]


OLD, NEW = ago(seconds=9), ago(seconds=5)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (said(9, OLD, in_(hours=1)), said(8, NEW, in_(hours=1)), 8),
        # Told by an answer that came in after a later one.
        (said(8, OLD, in_(hours=1)), said(9, NEW, in_(hours=1)), 8),
        (said(8, NEW, in_(hours=1)), said(7, OLD, in_(hours=1, seconds=1)), 7),
        # A new window, and an old one.
        (said(0, OLD, in_(seconds=9)), said(299, NEW, in_(hours=3)), 299),
        (said(299, NEW, in_(hours=3)), said(0, OLD, in_(seconds=9)), 299),
    ],
)
def test_the_newest_word_is_kept_and_the_least_of_one_window(
    connection: UUID, first: Allowance, second: Allowance, kept: int
) -> None:
    observe((connection, first))
    observe((connection, second))
    word = first if first.remaining == kept else second
    assert known() == {connection: (kept, word.observed_at, word.resets_at)}


def test_the_same_said_again_is_newer(connection: UUID) -> None:
    for observed in (OLD, NEW, OLD):
        observe((connection, said(5, observed, in_(hours=1))))
    assert known()[connection][1] == NEW


def test_publishers_that_observe_the_same_connections_never_block_each_other(
    author: Author,
) -> None:
    connections = [UUID(author.connect()) for _ in range(5)]

    def tell(order: Sequence[UUID], start: int) -> None:
        for left in range(start, 0, -2):
            word = said(left, ago(seconds=left), in_(hours=1))
            observe(*((each, word) for each in order))

    simultaneously([lambda: tell(connections, 40), lambda: tell(connections[::-1], 41)])
    assert known() == {each: (1, ago(seconds=1), in_(hours=1)) for each in connections}
