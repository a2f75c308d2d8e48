"""What has failed is tried again when a person says so."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.publishing.adapters.rabbitmq import WAKE
from tests.api import ApiAnswer
from tests.author import Author, in_future
from tests.functions.publishing.unsettled import leave_unknown
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.simultaneously import simultaneously


def retry(author: Author, schedule: str) -> ApiAnswer:
    return author.api.post(f"/schedules/{schedule}/retry")


@pytest.fixture
def failed(author: Author, line: Line, simulator: Simulator) -> str:
    schedule = author.scheduled()
    simulator.fail("mastodon", "refuse")
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "failed"
    return schedule


def test_it_leaves_at_once(author: Author, failed: str, line: Line, simulator: Simulator) -> None:
    before = author.look(failed)["schedule"]
    line.taken(WAKE)
    answer = retry(author, failed)
    assert answer.status == 200
    data = answer.json["data"]
    assert (data["status"], data["run_at"]) == ("pending", before["run_at"])
    assert (data["error_class"], data["error_code"], data["action_required"]) == (None,) * 3
    wait = datetime.fromisoformat(data["planned_at"]) - datetime.now(UTC)
    assert abs(wait) < timedelta(seconds=10)
    assert len(line.taken(WAKE)) == 1
    assert author.post_status(data["post_id"]) == "scheduled"
    line.run()
    detail = author.look(failed)
    assert detail["schedule"]["status"] == "success"
    assert [event["status"] for event in detail["publish_events"]] == ["failed", "success"]
    assert len(simulator.receipts()) == 1


def test_what_may_have_been_published_must_be_settled_first(author: Author, line: Line) -> None:
    schedule = author.scheduled()
    leave_unknown(line, schedule)
    answer = retry(author, schedule)
    assert (answer.status, answer.codes) == (409, ["SCHEDULE_OUTCOME_UNKNOWN"])
    assert author.status(schedule) == "unknown"


def test_what_has_not_failed_is_not_tried_again(author: Author) -> None:
    schedule = author.scheduled()
    for status in ("pending", "cancelled"):
        answer = retry(author, schedule)
        assert (answer.status, answer.codes) == (409, ["SCHEDULE_CANNOT_BE_RETRIED"])
        assert answer.json["errors"][0]["meta"] == {"status": status}
        author.api.post(f"/schedules/{schedule}/cancel")
    assert author.status(schedule) == "cancelled"


_MOVE = {"run_at": in_future(hours=2)}
_REFUSE = "UPDATE channel_connections SET (status, error_message) = ('error', 'expired')"
_DISCONNECT = """
    UPDATE channel_connections
    SET status = 'disconnected', disconnected_at = now(),
        credentials = NULL, credentials_key_id = NULL
"""


@pytest.mark.parametrize("body", [None, _MOVE])
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (_REFUSE, 400, "CONNECTION_INACTIVE"),
        (_DISCONNECT, 400, "CONNECTION_INACTIVE"),
        ("UPDATE post_variants SET media = '{\"images\": []}'", 400, "MEDIA_NOT_SUPPORTED"),
        ("UPDATE post_variants SET content = repeat('a', 501)", 400, "CONTENT_TOO_LONG"),
        ("UPDATE posts SET deleted_at = now()", 409, "POST_DELETED"),
    ],
)
def test_what_does_not_fit_any_more_stays_failed(
    author: Author, failed: str, body: Any, change: str, status: int, code: str
) -> None:
    """Whether it is tried again at once or moved to another moment."""
    with engine().begin() as database:
        database.execute(text(change))
    answer = author.api.patch(f"/schedules/{failed}", body) if body else retry(author, failed)
    assert (answer.status, answer.codes) == (status, [code])
    assert author.status(failed) == "failed"


@pytest.mark.parametrize("schedule_id", ["abc", str(uuid4()), "%00"])
def test_an_unknown_or_malformed_id_is_not_found(author: Author, schedule_id: str) -> None:
    answer = retry(author, schedule_id)
    assert (answer.status, answer.codes) == (404, ["SCHEDULE_NOT_FOUND"])


def test_nobody_tries_again_for_another_organization(
    author: Author, stranger: Author, failed: str
) -> None:
    answer = retry(stranger, failed)
    assert (answer.status, answer.codes) == (403, ["SCHEDULE_ACCESS_DENIED"])
    assert author.status(failed) == "failed"


def test_of_many_who_try_again_at_once_one_does(
    author: Author, failed: str, line: Line, simulator: Simulator
) -> None:
    answers = simultaneously([lambda: retry(author, failed)] * 4)
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    line.run()
    assert author.status(failed) == "success"
    assert len(simulator.receipts()) == 1
