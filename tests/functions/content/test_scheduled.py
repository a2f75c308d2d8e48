"""Posts and variants that are scheduled, being sent, or out."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.content.api import posts, variants
from shared.infrastructure.database import transaction
from tests.accounts import Account
from tests.author import Author
from tests.simulator.client import Simulator

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def author(ada: Account, simulator: Simulator) -> Author:
    return Author.of(ada)


@pytest.fixture
def scheduled(author: Author) -> tuple[str, str, str]:
    """A post, its variant, and a schedule that waits."""
    post, variant = author.write()
    return post, variant, author.schedule(variant, author.connect())


def _move(schedule: str, status: str) -> None:
    """As the scanner and the publisher move it, without them."""
    with transaction() as session:
        lease = NOW if status == "processing" else None
        session.execute(
            text("UPDATE schedules SET status = :status, lease_expires_at = :lease WHERE id = :id"),
            {"status": status, "id": schedule, "lease": lease},
        )


def _follow(post: str, *statuses: str) -> None:
    with transaction() as session:
        posts.follow_schedules(session, [UUID(post)], lambda _: {UUID(post): statuses}, NOW)


def _status(author: Author, path: str) -> Any:
    return author.api.get(path).json["data"]["status"]


def test_scheduling_shows_on_post_and_variant(
    author: Author, scheduled: tuple[str, str, str]
) -> None:
    post, variant, _ = scheduled
    assert _status(author, f"/posts/{post}") == "scheduled"
    assert _status(author, f"/variants/{variant}") == "ready"


def test_a_scheduled_post_is_deleted_by_force_only(
    author: Author, scheduled: tuple[str, str, str]
) -> None:
    post, _, schedule = scheduled
    refused = author.api.delete(f"/posts/{post}")
    assert (refused.status, refused.codes) == (409, ["CANNOT_DELETE_SCHEDULED_POST"])
    assert refused.json["errors"][0]["meta"] == {"active_schedules": 1}
    assert author.look(schedule)["schedule"]["status"] == "pending"
    assert author.api.delete(f"/posts/{post}", force=True).status == 204
    assert author.api.get(f"/posts/{post}").codes == ["POST_NOT_FOUND"]
    assert author.look(schedule)["schedule"]["status"] == "cancelled"


def test_a_scheduled_variant_is_deleted_by_force_only(
    author: Author, scheduled: tuple[str, str, str]
) -> None:
    post, variant, schedule = scheduled
    refused = author.api.delete(f"/variants/{variant}")
    assert (refused.status, refused.codes) == (409, ["VARIANT_HAS_ACTIVE_SCHEDULES"])
    assert refused.json["errors"][0]["meta"] == {"active_schedules": 1}
    assert _status(author, f"/variants/{variant}") == "ready"
    assert author.look(schedule)["schedule"]["status"] == "pending"
    assert author.api.delete(f"/variants/{variant}", force=True).status == 204
    assert author.look(schedule)["schedule"]["status"] == "cancelled"
    assert _status(author, f"/posts/{post}") == "cancelled"


def test_what_is_being_sent_is_not_deleted_even_by_force(
    author: Author, scheduled: tuple[str, str, str]
) -> None:
    post, variant, schedule = scheduled
    later = author.schedule(variant, author.connect())
    _move(schedule, "processing")
    for path, code in (
        (f"/posts/{post}", "CANNOT_DELETE_SCHEDULED_POST"),
        (f"/variants/{variant}", "VARIANT_HAS_ACTIVE_SCHEDULES"),
    ):
        refused = author.api.delete(path, force=True)
        assert (refused.status, refused.codes) == (409, [code])
        assert author.api.get(path).status == 200
    assert author.look(later)["schedule"]["status"] == "pending", "nothing was half done"


@pytest.mark.parametrize("field", ["content", "tone"])
def test_what_is_being_sent_is_not_edited(
    author: Author, scheduled: tuple[str, str, str], field: str
) -> None:
    post, variant, _ = scheduled
    _follow(post, "processing")
    refused = author.api.patch(f"/variants/{variant}", {field: "New"})
    assert (refused.status, refused.codes) == (409, ["VARIANT_BEING_PUBLISHED"])
    _follow(post, "pending")
    assert author.api.patch(f"/variants/{variant}", {field: "New"}).json["data"][field] == "New"


def test_what_is_out_cannot_be_changed(author: Author, scheduled: tuple[str, str, str]) -> None:
    post, variant, schedule = scheduled
    _move(schedule, "success")
    with transaction() as session:
        variants.record_published(session, [UUID(variant)], NOW)
    _follow(post, "success")
    shown = author.api.get(f"/variants/{variant}").json["data"]
    assert (shown["status"], shown["published_at"]) == ("published", "2027-03-01T09:00:00Z")
    for refused in (
        author.api.patch(f"/variants/{variant}", {"content": "New"}),
        author.api.delete(f"/variants/{variant}"),
        author.api.delete(f"/variants/{variant}", force=True),
    ):
        assert (refused.status, refused.codes) == (409, ["VARIANT_ALREADY_PUBLISHED"])
    refused = author.api.post(f"/variants/{variant}/mark-ready")
    assert (refused.status, refused.codes) == (400, ["VARIANT_NOT_DRAFT"])
    refused = author.api.patch(f"/posts/{post}", {"title": "New"})
    assert (refused.status, refused.codes) == (409, ["CANNOT_UPDATE_PUBLISHED_POST"])
    shown = author.api.get(f"/posts/{post}").json["data"]
    assert (shown["status"], shown["published_at"]) == ("published", "2027-03-01T09:00:00Z")
    assert author.api.delete(f"/posts/{post}").status == 204
