"""What content does for other contexts, on a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import NullPool, create_engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from shared.content.adapters.tables import post_variants, posts
from shared.content.api import variants
from shared.content.api.posts import follow_schedules
from shared.infrastructure.database import engine
from shared.infrastructure.pipelining import send_together
from shared.kernel.ids import OrganizationId, new_id
from tests.accounts import Account, root
from tests.api import Api

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def ada(api: Api) -> Account:
    return root(api)


@pytest.fixture
def session(ada: Account) -> Iterator[Session]:
    """A transaction beside the one connection of the functions."""
    with _session() as session:
        yield session


def _session() -> Session:
    made = create_engine(engine().url, poolclass=NullPool)
    send_together(made)
    return Session(made)


def _post(author: Account, title: str = "Tea") -> UUID:
    answer = author.api.post("/posts", {"title": title, "description": "At four"})
    return UUID(answer.json["data"]["id"])


def _variant(author: Account, post_id: UUID, content: str = "Tea!") -> UUID:
    thread = [{"content": "Cake!", "delay_seconds": 60}]
    body = {"channel_id": "bluesky", "content": content, "thread": thread}
    return UUID(author.api.post(f"/posts/{post_id}/variants", body).json["data"]["id"])


def _post_row(session: Session, post_id: UUID) -> tuple[str, datetime | None, datetime]:
    columns = (posts.c.status, posts.c.published_at, posts.c.updated_at)
    status, published_at, updated_at = session.execute(
        select(*columns).where(posts.c.id == post_id)
    ).one()
    return str(status), published_at, updated_at


def _variant_row(session: Session, variant_id: UUID) -> tuple[str, datetime | None]:
    status, published_at = session.execute(
        select(post_variants.c.status, post_variants.c.published_at).where(
            post_variants.c.id == variant_id
        )
    ).one()
    return str(status), published_at


def test_variants_are_seen_with_their_posts(ada: Account, session: Session) -> None:
    post_id = _post(ada)
    variant_id = _variant(ada, post_id)
    assert variants.variants(session, [variant_id, new_id()]) == {
        variant_id: variants.VariantView(
            id=variant_id,
            post_id=post_id,
            organization_id=OrganizationId(ada.organization_id),
            created_by=ada.user_id,
            channel="bluesky",
            content="Tea!",
            thread=(variants.FollowUpView(content="Cake!", delay_seconds=60),),
            media={},
            settings={},
            status="draft",
            post_status="draft",
        )
    }


def test_what_is_deleted_is_not_seen(ada: Account, session: Session) -> None:
    kept, gone = _post(ada), _post(ada)
    ids = [_variant(ada, kept), _variant(ada, kept), _variant(ada, gone)]
    assert variants.variants(session, ids).keys() == set(ids)
    assert ada.api.delete(f"/variants/{ids[1]}").status == 204
    assert ada.api.delete(f"/posts/{gone}").status == 204
    assert variants.variants(session, ids).keys() == {ids[0]}
    assert variants.variants(session, []) == {}


def test_scheduling_makes_a_draft_ready(ada: Account, session: Session) -> None:
    variant_id = _variant(ada, _post(ada))
    for _ in range(2):
        variants.promote_to_ready(session, variant_id, NOW)
        assert _variant_row(session, variant_id) == ("ready", None)
    variants.record_published(session, [variant_id], NOW)
    variants.promote_to_ready(session, variant_id, NOW)
    assert _variant_row(session, variant_id) == ("published", NOW)


def test_the_first_publication_counts(ada: Account, session: Session) -> None:
    post_id = _post(ada)
    first, second = _variant(ada, post_id), _variant(ada, post_id)
    variants.record_published(session, [first], NOW)
    variants.record_published(session, [second, first, first], LATER)
    assert _variant_row(session, first) == ("published", NOW)
    assert _variant_row(session, second) == ("published", LATER)
    variants.record_published(session, [], LATER)


def _follow(session: Session, statuses: dict[UUID, list[str]], now: datetime) -> None:
    follow_schedules(session, statuses, lambda _: statuses, now)


def test_writtenfollow_their_schedules(ada: Account, session: Session) -> None:
    ids = [_post(ada) for _ in range(4)]
    unknown = new_id()
    words = [["pending"], ["success", "failed"], ["pending", "success"], [], ["failed"]]
    _follow(session, dict(zip([*ids, unknown], words, strict=True)), NOW)
    rows = [_post_row(session, post_id) for post_id in ids]
    assert rows[:3] == [
        ("scheduled", None, NOW),
        ("partial", NOW, NOW),
        ("scheduled", NOW, NOW),
    ]
    assert rows[3][:2] == ("draft", None)
    assert rows[3][2] < NOW, "nothing has changed"


def test_the_first_success_dates_a_post(ada: Account, session: Session) -> None:
    post_id = _post(ada)
    for statuses, now, expected in (
        (["processing"], NOW, ("publishing", None, NOW)),
        (["success"], LATER, ("published", LATER, LATER)),
        (["success", "success"], LATER + timedelta(1), ("published", LATER, LATER)),
        (["success", "failed"], LATER + timedelta(2), ("partial", LATER, LATER + timedelta(2))),
        ([], LATER + timedelta(3), ("published", LATER, LATER + timedelta(3))),
    ):
        _follow(session, {post_id: statuses}, now)
        assert _post_row(session, post_id) == expected


def test_held_writtenwait_but_take_schedules(ada: Account, session: Session) -> None:
    """Who adds a schedule shares the key of its post, and must not wait for who holds it."""
    held, free = _post(ada), _post(ada)
    _follow(session, {held: ["pending"]}, NOW)
    query = select(posts.c.id).where(posts.c.id == held)
    with _session() as other:
        _follow(other, {free: ["pending"]}, NOW)
        assert other.scalar(query.with_for_update(read=True, key_share=True, nowait=True)) == held
        with pytest.raises(OperationalError, match="could not obtain lock"):
            other.scalar(query.with_for_update(key_share=True, nowait=True))


@contextmanager
def _statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []
    connection = session.connection()

    def note(_: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("count", [1, 7])
def test_a_set_costs_no_more_statements_than_one(
    ada: Account, session: Session, count: int
) -> None:
    written = [_post(ada) for _ in range(count)]
    ids = [_variant(ada, post_id) for post_id in written]
    with _statements(session) as seen:
        variants.variants(session, ids)
        variants.record_published(session, ids, NOW)
        _follow(session, {post_id: ["success"] for post_id in written}, NOW)
    assert len(seen) == 4
    assert {_post_row(session, post_id) for post_id in written} == {("published", NOW, NOW)}
