"""The relay lets go of what is over: done rows go, given-up ones lose their bodies."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.kernel.ids import earliest_id
from shared.operations.adapters.departures import begin
from shared.operations.application.forget_old import BATCH, BATCHES, forget_old
from shared.operations.domain.outbox import DONE_KEPT, FAILED_KEPT
from tests.outbox import MAIL, Post, letter, rows
from tests.simultaneously import simultaneously

DAY = timedelta(days=1)


def _over(post: Post, state: str, *, ago: timedelta, count: int = 1) -> None:
    """Messages that were asked for, and ended, so long ago."""
    post.ask(MAIL, *([letter()] * count))
    at = utc_now() - ago
    with engine().begin() as connection:
        new = connection.scalars(text("SELECT id FROM outbox_messages WHERE state = 'waiting'"))
        old = [
            {"new": message_id, "old": UUID(int=earliest_id(at).int + place)}
            for place, message_id in enumerate(new)
        ]
        connection.execute(
            text(
                "UPDATE outbox_messages SET id = :old, state = :state, ended_at = :at"
                " WHERE id = :new"
            ),
            [{**each, "state": state, "at": at} for each in old],
        )


def test_what_was_done_is_kept_for_a_week(post: Post) -> None:
    _over(post, "done", ago=DONE_KEPT + DAY)
    _over(post, "done", ago=DONE_KEPT - DAY)
    post.relay()
    (row,) = rows()
    assert row.ended_at > utc_now() - DONE_KEPT


def test_what_was_given_up_stays_without_its_body_after_a_month(post: Post) -> None:
    _over(post, "failed", ago=FAILED_KEPT + DAY)
    _over(post, "failed", ago=FAILED_KEPT - DAY)
    assert forget_old(begin, utc_now) == 1
    kept = {row.ended_at > utc_now() - FAILED_KEPT: bool(row.sealed_body) for row in rows()}
    assert kept == {False: False, True: True}
    assert forget_old(begin, utc_now) == 0


def test_what_waits_stays_however_old_it_is(post: Post) -> None:
    post.write_to("ada@example.com")
    assert forget_old(begin, lambda: utc_now() + 365 * DAY) == 0
    assert post.run()["done"] == 1


def test_what_ended_late_is_kept_from_its_end_on(post: Post) -> None:
    """It was asked for long ago and done today."""
    _over(post, "done", ago=DONE_KEPT + DAY)
    with engine().begin() as connection:
        connection.execute(text("UPDATE outbox_messages SET ended_at = now()"))
    assert forget_old(begin, utc_now) == 0


def test_several_relays_let_go_of_each_once(post: Post) -> None:
    _over(post, "done", ago=DONE_KEPT + DAY, count=2 * BATCH + 50)
    let_go = simultaneously([lambda: forget_old(begin, utc_now)] * 3)
    assert sum(let_go) == 2 * BATCH + 50
    assert rows() == []


def test_what_somebody_holds_is_left_for_the_next_time(post: Post) -> None:
    _over(post, "done", ago=DONE_KEPT + DAY, count=2)
    with engine().begin() as holder:
        holder.execute(text("SELECT id FROM outbox_messages LIMIT 1 FOR UPDATE"))
        assert forget_old(begin, utc_now) == 1
    assert forget_old(begin, utc_now) == 1


def test_one_call_lets_go_of_no_more_than_some(post: Post) -> None:
    """Whoever waits for a mail does not wait for a year's rows."""
    _over(post, "done", ago=DONE_KEPT + DAY, count=BATCH * BATCHES + 1)
    assert forget_old(begin, utc_now) == BATCH * BATCHES
    assert forget_old(begin, utc_now) == 1
