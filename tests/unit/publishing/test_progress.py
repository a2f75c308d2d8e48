"""What a network works on is asked about again: sooner or later, and not for ever."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.publishing.domain.attempt import Attempt, Conclusion, Ending, conclude
from shared.publishing.domain.outcome import (
    TOOK_TOO_LONG,
    Deferred,
    Failure,
    Outcome,
    Pending,
    Rejected,
    Unsettled,
)
from shared.publishing.domain.progress import Progress
from shared.publishing.domain.schedule import Status
from tests.unit.publishing.test_attempt import BUSY, EXPIRED, NOW, SILENT, attempt

HOUR = timedelta(hours=1)
SPOILT = Failure(error_class="media", code="SPOILT", words="no film")


def pending(
    words: str = "w1",
    *,
    after: timedelta = timedelta(seconds=5),
    under_way: bool = False,
    of: str = "tea",
    patience: timedelta = 2 * HOUR,
) -> Pending:
    return Pending(
        words={"work": words}, of=of, check_after=after, is_under_way=under_way, patience=patience
    )


def concluded(outcome: Outcome, before: Progress | None = None, now: datetime = NOW) -> Conclusion:
    started = replace(attempt(number=7, allowed=11), progress=before, started_at=now)
    return conclude(Ending(attempt=started, outcome=outcome), now=now)


def test_it_stays_in_processing_and_spends_no_attempt() -> None:
    conclusion = concluded(pending())
    assert conclusion.schedule_status is Status.PROCESSING
    assert (conclusion.event_status, conclusion.is_spent) == ("pending", False)
    assert conclusion.looked_at_again == NOW + timedelta(seconds=5)
    assert conclusion.failure is None


def test_what_does_not_move_is_asked_about_less_and_less() -> None:
    now, progress, looks = NOW, None, 0
    while (conclusion := concluded(pending(), progress, now)).event_status == "pending":
        assert conclusion.looked_at_again is not None
        now, progress = conclusion.looked_at_again, conclusion.progress
        looks += 1
    assert conclusion.schedule_status is Status.FAILED
    assert conclusion.failure is not None
    assert conclusion.failure.code == TOOK_TOO_LONG
    assert now - NOW == 2 * HOUR
    assert looks < 70


def test_what_moves_is_gone_on_with_as_soon_as_it_may() -> None:
    began = concluded(pending("first")).progress
    later = NOW + HOUR
    again = concluded(pending("next", after=timedelta(0)), began, later).looked_at_again
    assert again == later + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("patience", "hours"), [(24 * HOUR, 24), (99 * HOUR, 24), (3 * HOUR, 3), (2 * HOUR, 2)]
)
def test_a_network_may_take_its_time_but_not_for_ever(patience: timedelta, hours: int) -> None:
    began = concluded(pending(patience=patience)).progress
    last = NOW + hours * HOUR
    before, after = (
        concluded(pending(patience=patience), began, moment)
        for moment in (last - timedelta(seconds=1), last)
    )
    assert before.looked_at_again == last
    assert after.schedule_status is Status.FAILED


def test_what_is_under_way_for_too_long_is_unknown() -> None:
    began = concluded(pending(under_way=True)).progress
    conclusion = concluded(pending(under_way=True), began, NOW + 2 * HOUR)
    assert conclusion.schedule_status is Status.UNKNOWN
    assert conclusion.action_required == "confirm"


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Deferred(failure=BUSY), Status.PROCESSING),
        (Deferred(failure=BUSY, is_spent=False), Status.PROCESSING),
        (Rejected(failure=EXPIRED), Status.PROCESSING),
        (Rejected(failure=SPOILT), Status.FAILED),
        (Unsettled(failure=SILENT, recoverable=True), Status.PROCESSING),
    ],
)
def test_whoever_could_not_even_ask_does_not_know(outcome: Outcome, status: Status) -> None:
    began = concluded(pending(under_way=True)).progress
    conclusion = concluded(outcome, began)
    assert conclusion.schedule_status is status
    assert conclusion.event_status == ("unknown" if status is Status.PROCESSING else "failed")


@pytest.mark.parametrize(
    "outcome", [Deferred(failure=BUSY), Unsettled(failure=SILENT, recoverable=True)]
)
def test_what_is_at_the_network_outlives_what_is_tried_again(outcome: Outcome) -> None:
    began = concluded(pending()).progress
    assert concluded(outcome, began).progress is not None
    assert concluded(Rejected(failure=SPOILT), began).progress is None


def test_patience_begins_anew_where_something_else_came_between() -> None:
    began = concluded(pending()).progress
    put_off = concluded(Deferred(failure=BUSY), began).progress
    tomorrow = NOW + 24 * HOUR
    conclusion = concluded(pending(), put_off, tomorrow)
    assert conclusion.looked_at_again == tomorrow + timedelta(seconds=5)


def test_another_text_is_another_work() -> None:
    began = concluded(pending(of="tea")).progress
    conclusion = concluded(pending(of="coffee"), began, NOW + 3 * HOUR)
    assert conclusion.schedule_status is Status.PROCESSING


def tried(progress: Progress | None, unsettled_since: datetime | None) -> Attempt:
    return replace(attempt(), progress=progress, unsettled_since=unsettled_since)


@given(
    after=st.timedeltas(timedelta(-1), timedelta(days=400)),
    patience=st.timedeltas(timedelta(0), timedelta(days=400)),
    elapsed=st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_no_wish_of_a_network_holds_a_schedule_for_more_than_a_day(
    after: timedelta, patience: timedelta, elapsed: timedelta
) -> None:
    wish = pending(after=after, patience=patience)
    began = concluded(pending()).progress
    again = concluded(wish, began, NOW + elapsed).looked_at_again
    if again is not None:
        assert NOW + elapsed < again <= NOW + timedelta(hours=24)


def test_what_is_under_way_may_have_been_published_since_it_began() -> None:
    progress = concluded(pending(under_way=True)).progress
    later = replace(tried(progress, NOW + HOUR), started_at=NOW + 2 * HOUR)
    assert later.is_open
    assert later.first_tried_at == NOW
    assert not tried(concluded(pending()).progress, None).is_open
