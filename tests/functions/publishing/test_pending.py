"""What a network works on is gone on with by later attempts, and published once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.publishing.adapters.networks import begin_delivering
from shared.publishing.application.record_endings import record_endings
from tests.author import Author
from tests.integration.publishing.slow_publisher import prepare, send
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.workshop.works import open_workshop

WORKS = pytest.mark.parametrize("channel", ["workbench", "conveyor"])


@pytest.fixture
def simulator(simulator_url: str) -> Iterator[Simulator]:
    with open_workshop() as url:
        yield Simulator(url)


def ledger(author: Author, schedule: str) -> list[str]:
    return [event["status"] for event in author.look(schedule)["publish_events"]]


def go_on(line: Line, schedule: str, times: int = 1) -> None:
    for _ in range(times):
        make_due(schedule)
        line.run()


@WORKS
def test_it_is_asked_about_until_it_is_out(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    schedule = author.scheduled(channel=channel)
    go_on(line, schedule)
    shown = author.look(schedule)["schedule"]
    assert shown["status"] == "processing"
    assert (shown["error_code"], shown["action_required"]) == (None, None)
    assert ledger(author, schedule) == ["pending"]
    assert author.api.post(f"/schedules/{schedule}/cancel").status == 409
    go_on(line, schedule, 2)
    assert ledger(author, schedule) == ["pending", "pending", "success"]
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


def test_the_scanners_clock_brings_it_back(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled(channel="workbench")
    go_on(line, schedule)
    with engine().connect() as database:
        waits = database.scalar(text("SELECT due_at - now() FROM schedules"))
    assert timedelta(seconds=3) < waits <= timedelta(seconds=5)
    assert line.taken("publishing.wake"), "nobody would look at it in this minute"
    assert line.run() == 0


@WORKS
def test_many_looks_spend_no_attempt(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    simulator._call("POST", f"/{channel}/slowness", {"looks": 12})
    schedule = author.scheduled(channel=channel)
    go_on(line, schedule, 13)
    assert ledger(author, schedule) == ["pending"] * 12 + ["success"]
    assert len(simulator.receipts()) == 1


@WORKS
@pytest.mark.parametrize("dies_after", [1, 2])
def test_a_publisher_that_dies_meanwhile_is_made_up_for(
    author: Author, line: Line, simulator: Simulator, channel: str, dies_after: int
) -> None:
    schedule = author.scheduled(channel=channel)
    go_on(line, schedule, dies_after)
    make_due(schedule)
    line.scan()
    line.start_and_die()
    go_on(line, schedule, 8)
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1
    assert "unknown" not in ledger(author, schedule)[-1:]


def test_a_lost_answer_to_the_last_call_is_found_by_what_was_worked_on(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled(channel="workbench")
    simulator.fail("workbench", "fail_after_accepting")
    go_on(line, schedule, 4)
    assert ledger(author, schedule) == ["pending", "pending", "unknown", "success"]
    assert len(simulator.receipts()) == 1


def test_what_was_refused_for_now_goes_on_from_where_it_was(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled(channel="workbench")
    simulator.fail("workbench", "rate_limit")
    go_on(line, schedule, 3)
    assert ledger(author, schedule) == ["pending", "pending", "retried"]
    assert works() == {"w1"}
    go_on(line, schedule)
    assert ledger(author, schedule)[-1] == "success"
    assert works() == {"w1"}


def test_what_was_rewritten_meanwhile_begins_anew(
    author: Author, line: Line, simulator: Simulator
) -> None:
    _, variant = author.write("Tea", "workbench")
    schedule = author.schedule(variant, author.connect("workbench"))
    simulator.fail("workbench", "rate_limit")
    go_on(line, schedule, 3)
    answer = author.api.patch(f"/variants/{variant}", {"content": "Coffee"})
    assert answer.status == 200, answer.content
    go_on(line, schedule, 3)
    assert [arrived["text"] for arrived in simulator.receipts()] == ["Coffee"]
    assert works() == {"w1", "w2"}


def test_after_it_has_failed_a_person_begins_anew(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled(channel="workbench")
    simulator.fail("workbench", "refuse")
    go_on(line, schedule, 3)
    assert author.status(schedule) == "failed"
    assert author.api.post(f"/schedules/{schedule}/retry").status == 200
    go_on(line, schedule, 3)
    assert author.status(schedule) == "success"
    assert works() == {"w1", "w2"}


@pytest.mark.parametrize(("channel", "status"), [("workbench", "failed"), ("conveyor", "unknown")])
def test_what_takes_too_long_is_given_up(
    author: Author, line: Line, simulator: Simulator, channel: str, status: str
) -> None:
    simulator._call("POST", f"/{channel}/slowness", {"looks": 99})
    schedule = author.scheduled(channel=channel)
    go_on(line, schedule, 2)
    let_it_take_hours(2)
    go_on(line, schedule)
    shown = author.look(schedule)["schedule"]
    assert (shown["status"], shown["error_code"]) == (status, "PROCESSING_TOOK_TOO_LONG")
    assert ledger(author, schedule) == ["pending", "pending", status]


@WORKS
def test_what_left_in_time_is_not_too_late_while_it_is_worked_on(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    schedule = author.scheduled(channel=channel)
    go_on(line, schedule)
    for _ in range(2):
        make_due(schedule, late=timedelta(minutes=90))
        line.run()
    assert author.status(schedule) == "success"


@WORKS
def test_a_late_word_of_whoever_stalled_changes_nothing(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    schedule = author.scheduled(channel=channel)
    make_due(schedule)
    line.scan()
    endings = send(prepare(line.taken()))
    make_due(schedule)
    line.run()
    before = author.look(schedule)
    record_endings(begin_delivering, utc_now, lambda: None, endings=endings)
    assert author.look(schedule) == before


def works() -> set[Any]:
    """Those that the ledger knows of."""
    query = "SELECT progress -> 'words' ->> 'work' FROM publish_events WHERE progress IS NOT NULL"
    with engine().connect() as database:
        return set(database.scalars(text(query)))


def let_it_take_hours(hours: int) -> None:
    with engine().begin() as database:
        database.execute(
            text(
                "UPDATE publish_events SET progress = jsonb_set(progress, '{since}', to_jsonb("
                " to_char(now() - :hours * interval '1 hour', 'YYYY-MM-DD\"T\"HH24:MI:SS+00:00')))"
                " WHERE progress IS NOT NULL"
            ),
            {"hours": hours},
        )
