"""A person settles what nobody else can find out."""

from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.publishing.adapters.postgres import begin
from shared.publishing.domain.attempt import Attempt, Ending, conclude
from shared.publishing.domain.outcome import Failure, Outcome, Published, Rejected
from tests.api import ApiAnswer
from tests.author import Author
from tests.functions.publishing.unsettled import leave_unknown
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.simultaneously import simultaneously

LINK = "https://mastodon.example/@ada/1?from=feed#top"
PUBLISHED = {"outcome": "published", "url": LINK}
NOT_PUBLISHED = {"outcome": "not_published"}


def resolve(author: Author, schedule: str, body: Any) -> ApiAnswer:
    return author.api.post(f"/schedules/{schedule}/resolve", body)


@pytest.fixture
def unknown(author: Author, line: Line) -> str:
    schedule = author.scheduled()
    leave_unknown(line, schedule)
    found = author.look(schedule)["schedule"]
    assert (found["status"], found["action_required"]) == ("unknown", "confirm")
    return schedule


def test_what_a_person_found_is_published(author: Author, unknown: str) -> None:
    answer = resolve(author, unknown, PUBLISHED)
    assert answer.status == 200
    schedule, events = answer.json["data"]["schedule"], answer.json["data"]["publish_events"]
    assert (schedule["status"], schedule["external_url"]) == ("success", LINK)
    assert (schedule["external_post_id"], schedule["action_required"]) == (None, None)
    assert (schedule["error_class"], schedule["error_code"], schedule["error_message"]) == (
        (None,) * 3
    )
    *earlier, last = events
    assert [event["status"] for event in earlier] == ["unknown"]
    assert (last["status"], last["external_url"]) == ("success", LINK)
    assert last["resolved_by"] == schedule["created_by"]
    assert (last["error_code"], last["action_required"]) == (None, None)
    post = author.api.get(f"/posts/{schedule['post_id']}").json["data"]
    assert (post["status"], post["published_at"] is not None) == ("published", True)
    variant = author.api.get(f"/variants/{schedule['post_variant_id']}").json["data"]
    assert variant["status"] == "published"
    assert author.look(unknown) == answer.json["data"]


def test_what_nobody_found_has_failed_and_may_be_tried_again(
    author: Author, unknown: str, line: Line, simulator: Simulator
) -> None:
    answer = resolve(author, unknown, NOT_PUBLISHED)
    assert answer.status == 200
    schedule, events = answer.json["data"]["schedule"], answer.json["data"]["publish_events"]
    assert (schedule["status"], schedule["error_code"]) == ("failed", "NOT_PUBLISHED")
    assert schedule["action_required"] is None
    for event in events:
        assert (event["status"], event["error_code"]) == ("failed", "NOT_PUBLISHED")
        assert (event["retry_allowed"], event["action_required"]) == (True, None)
        assert event["resolved_by"] == schedule["created_by"]
    assert author.post_status(schedule["post_id"]) == "failed"
    assert author.api.post(f"/schedules/{unknown}/retry").status == 200
    line.run()
    assert author.status(unknown) == "success"
    assert len(simulator.receipts()) == 1


@pytest.mark.parametrize("body", [PUBLISHED, NOT_PUBLISHED])
def test_what_is_known_is_not_settled(author: Author, body: Any) -> None:
    schedule = author.scheduled()
    answer = resolve(author, schedule, body)
    assert (answer.status, answer.codes) == (409, ["SCHEDULE_OUTCOME_KNOWN"])
    assert answer.json["errors"][0]["meta"] == {"status": "pending"}
    assert author.status(schedule) == "pending"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["outcome"]),
        ({"outcome": "lost"}, ["outcome"]),
        ({"outcome": None, "url": "x"}, ["outcome", "url"]),
        ({"outcome": "published"}, ["url"]),
        ({"outcome": "published", "url": None}, ["url"]),
        ({"outcome": "published", "url": ""}, ["url"]),
        ({"outcome": "published", "url": 7}, ["url"]),
        ({"outcome": "published", "url": "mastodon.example/1"}, ["url"]),
        ({"outcome": "published", "url": "javascript:alert(1)"}, ["url"]),
        ({"outcome": "published", "url": "ftp://mastodon.example/1"}, ["url"]),
        ({"outcome": "published", "url": "https://"}, ["url"]),
        ({"outcome": "published", "url": "https://mastodon.example/a b"}, ["url"]),
        ({"outcome": "published", "url": "https://mastodon.example/\x00"}, ["url"]),
        ({"outcome": "published", "url": "https://mastodon.example/\ud800"}, ["url"]),
        ({"outcome": "published", "url": "https://mastodon.example\n/1"}, ["url"]),
        ({"outcome": "published", "url": "https://ada:secret@mastodon.example/1"}, ["url"]),
        ({"outcome": "published", "url": "https://mastodon.example/" + "a" * 2000}, ["url"]),
        ({"outcome": "not_published", "url": LINK}, ["url"]),
    ],
)
def test_a_word_that_means_nothing_is_refused(
    author: Author, body: dict[str, Any], fields: list[str]
) -> None:
    answer = resolve(author, str(uuid4()), body)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == fields
    assert set(answer.codes) == {"VALIDATION_ERROR"}


@pytest.mark.parametrize(("body", "status"), [(PUBLISHED, "success"), (NOT_PUBLISHED, "failed")])
def test_it_is_settled_also_where_the_post_has_been_deleted(
    author: Author, unknown: str, body: Any, status: str
) -> None:
    post = author.look(unknown)["schedule"]["post_id"]
    assert author.api.delete(f"/posts/{post}").status == 204
    assert resolve(author, unknown, body).status == 200
    assert author.status(unknown) == status


def test_a_link_is_kept_as_it_was_written(author: Author, unknown: str) -> None:
    link = "http://MASTODON.example:3000/@ädä/1/"
    answer = resolve(author, unknown, {"outcome": "published", "url": link})
    assert answer.json["data"]["schedule"]["external_url"] == link


@pytest.mark.parametrize("schedule_id", ["abc", str(uuid4()), "%00"])
def test_an_unknown_or_malformed_id_is_not_found(author: Author, schedule_id: str) -> None:
    answer = resolve(author, schedule_id, PUBLISHED)
    assert (answer.status, answer.codes) == (404, ["SCHEDULE_NOT_FOUND"])


def test_nobody_settles_for_another_organization(
    author: Author, stranger: Author, unknown: str
) -> None:
    answer = resolve(stranger, unknown, PUBLISHED)
    assert (answer.status, answer.codes) == (403, ["SCHEDULE_ACCESS_DENIED"])
    assert author.status(unknown) == "unknown"


def test_two_who_contradict_each_other_have_one_winner(author: Author, unknown: str) -> None:
    bodies = [PUBLISHED, NOT_PUBLISHED] * 2
    answers = simultaneously([partial(resolve, author, unknown, body) for body in bodies])
    [winner] = [number for number, answer in enumerate(answers) if answer.status == 200]
    others = [answer for answer in answers if answer.status != 200]
    assert {tuple(answer.codes) for answer in others} == {("SCHEDULE_OUTCOME_KNOWN",)}
    expected = "success" if bodies[winner] is PUBLISHED else "failed"
    detail = author.look(unknown)
    assert (detail["schedule"]["status"], detail["publish_events"][-1]["status"]) == (expected,) * 2


def _late_attempt(schedule: str) -> Attempt:
    """What the publisher of the first attempt, thought dead, still has in hand."""
    query = text("""
        SELECT s.id AS schedule_id, s.organization_id, e.fencing_token, e.attempt AS number,
               s.attempts_allowed AS allowed, s.post_id, s.post_variant_id, s.created_by,
               s.channel_connection_id, s.channel, s.run_at AS wanted_at, e.started_at,
               e.started_at AS read_at
        FROM schedules AS s JOIN publish_events AS e ON e.schedule_id = s.id
        WHERE s.id = :id AND e.attempt = 1
    """)
    with engine().connect() as database:
        row = database.execute(query, {"id": schedule}).one()
    return Attempt(**row._mapping, unsettled_since=None)


OUT = Published(external_id="1", url="https://mastodon.example/@ada/99")
REFUSED = Rejected(failure=Failure(error_class="content", code="NO", words="no"))


@pytest.mark.parametrize(
    ("body", "outcome", "statuses"),
    [
        (PUBLISHED, REFUSED, ["success", "failed", "success"]),
        (NOT_PUBLISHED, REFUSED, ["failed", "failed", "failed"]),
        (PUBLISHED, OUT, ["success", "success", "success"]),
        (NOT_PUBLISHED, OUT, ["success", "success", "failed"]),
    ],
)
def test_a_publisher_that_comes_back_later_does_not_undo_a_persons_word(
    author: Author, unknown: str, body: Any, outcome: Outcome, statuses: list[str]
) -> None:
    assert resolve(author, unknown, body).status == 200
    with begin() as work:
        ending = Ending(attempt=_late_attempt(unknown), outcome=outcome)
        work.schedules.record([conclude(ending, now=utc_now())])
    detail = author.look(unknown)
    ledger = [event["status"] for event in detail["publish_events"]]
    assert [detail["schedule"]["status"], *ledger] == statuses


def test_a_receipt_that_comes_after_it_was_skipped_counts(
    author: Author, unknown: str, line: Line
) -> None:
    """So nobody can have it sent once more."""
    resolve(author, unknown, NOT_PUBLISHED)
    author.api.post(f"/schedules/{unknown}/retry")
    make_due(unknown, late=timedelta(minutes=61))
    line.run()
    assert author.status(unknown) == "skipped"
    with begin() as work:
        ending = Ending(attempt=_late_attempt(unknown), outcome=OUT)
        work.schedules.record([conclude(ending, now=utc_now())])
    shown = author.look(unknown)["schedule"]
    assert (shown["status"], shown["external_url"]) == ("success", OUT.url)
    assert (shown["error_code"], shown["error_message"]) == (None, None)
    again = author.api.post(f"/schedules/{unknown}/retry")
    assert (again.status, again.codes) == (409, ["SCHEDULE_CANNOT_BE_RETRIED"])


@pytest.fixture
def unknown_root(author: Author, line: Line) -> str:
    """A thread of three whose root nobody knows about."""
    _, variant = author.write(thread=[("Second", 90), ("Third", 5)])
    root = author.schedule(variant, author.connect())
    leave_unknown(line, root)
    return root


def _follow_ups(author: Author) -> list[Any]:
    parts = author.api.get("/schedules").json["data"]
    return sorted((each for each in parts if each["part"]), key=itemgetter("part"))


def test_the_rest_of_a_thread_follows_what_was_found(author: Author, unknown_root: str) -> None:
    before = utc_now()
    assert resolve(author, unknown_root, PUBLISHED).status == 200
    second, third = _follow_ups(author)
    wait = datetime.fromisoformat(second["planned_at"]) - before
    assert timedelta(seconds=90) <= wait <= timedelta(seconds=100)
    assert second["waiting_reason"] is None
    assert (third["waiting_reason"], third["planned_at"]) == ("PREVIOUS_PART", None)


def test_a_thread_waits_until_its_root_is_published_after_all(
    author: Author, unknown_root: str, line: Line
) -> None:
    assert resolve(author, unknown_root, NOT_PUBLISHED).status == 200
    assert [each["waiting_reason"] for each in _follow_ups(author)] == ["PREVIOUS_PART"] * 2
    assert author.api.post(f"/schedules/{unknown_root}/retry").status == 200
    line.run()
    assert author.status(unknown_root) == "success"
    assert [each["waiting_reason"] for each in _follow_ups(author)] == [None, "PREVIOUS_PART"]
