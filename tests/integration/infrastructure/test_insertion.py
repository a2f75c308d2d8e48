"""What is new is stored whole, after what was there before it, and with the commit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from shared.content.adapters.tables import post_variants, posts
from shared.content.domain.post import Post
from shared.content.domain.variant import PostVariant, VariantSource
from shared.infrastructure.database import transaction
from shared.infrastructure.insertion import insert_new
from shared.infrastructure.logging import request_id
from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.adapters.tables import schedules
from shared.publishing.domain.schedule import Schedule
from tests.accounts import Account, root
from tests.api import Api
from tests.author import Author
from tests.benchmarks.counting_wire import CountingWire
from tests.simulator.client import Simulator

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def ada(api: Api) -> Account:
    return root(api)


def post_of(account: Account, **told: Any) -> Post:
    return Post(
        id=new_id(),
        organization_id=OrganizationId(account.organization_id),
        created_by=account.user_id,
        title=told.pop("title", None),
        description="Tea",
        tags=told.pop("tags", []),
        metadata={"campaign": {"name": "spring"}},
        created_at=NOW,
        updated_at=NOW,
        **told,
    )


def variant_of(post: Post) -> PostVariant:
    return PostVariant(
        id=new_id(),
        post_id=post.id,
        organization_id=post.organization_id,
        created_by=post.created_by,
        channel="mastodon",
        content="Tea!",
        media={},
        thread=[{"content": "Cake!", "delay_seconds": 60}],
        tone=None,
        metadata={},
        source=VariantSource.IMPORTED,
        created_at=NOW,
        updated_at=NOW,
    )


def stored(kind: type[Any], key: Any) -> dict[str, Any]:
    with transaction() as session:
        found = vars(session.get_one(kind, key))
    return {name: value for name, value in found.items() if not name.startswith("_sa_")}


def told(aggregate: object) -> dict[str, Any]:
    return {name: each for name, each in vars(aggregate).items() if not name.startswith("_sa_")}


def test_each_attribute_is_stored(ada: Account) -> None:
    post = post_of(ada, title="Half 'n' half 100 %", tags=["tea", "hot, very"], published_at=NOW)
    variant = variant_of(post)
    with transaction() as session:
        insert_new(session, post, variant)
    assert stored(Post, post.id) == told(post)
    assert stored(PostVariant, variant.id) == told(variant)


def test_what_was_added_before_is_stored_before(ada: Account) -> None:
    post = post_of(ada)
    with transaction() as session:
        session.add(post)
        insert_new(session, variant_of(post))
        ids = session.scalars(select(post_variants.c.post_id)).all()
    assert ids == [post.id]


def test_what_is_changed_later_is_not_stored(ada: Account) -> None:
    post = post_of(ada)
    with transaction() as session:
        insert_new(session, post)
        post.description = "Coffee"
        assert session.scalars(select(posts.c.description)).all() == ["Tea"]
    assert stored(Post, post.id)["description"] == "Tea"


@pytest.mark.parametrize("words", ["a NUL: \0", "half a pair: \ud800"])
def test_what_no_column_can_hold_is_refused(ada: Account, words: str) -> None:
    with pytest.raises(RuleViolation), transaction() as session:
        insert_new(session, post_of(ada, title=words))
    with transaction() as session:
        assert session.scalars(select(posts.c.id)).all() == []


def test_columns_that_are_no_attributes_have_their_defaults(
    ada: Account, simulator: Simulator
) -> None:
    author = Author.of(ada)
    post_id, variant_id = author.write()
    schedule = Schedule.plan(
        organization_id=OrganizationId(ada.organization_id),
        created_by=ada.user_id,
        post_id=post_id,  # type: ignore[arg-type]
        post_variant_id=variant_id,  # type: ignore[arg-type]
        channel_connection_id=author.connect(),  # type: ignore[arg-type]
        channel="mastodon",
        run_at=NOW + timedelta(days=1),
        timezone="UTC",
        now=NOW,
    )
    bound = request_id.set("of-this-request")
    try:
        with transaction() as session:
            insert_new(session, schedule)
            found = session.execute(select(schedules.c.request_id, schedules.c.due_at)).one()
    finally:
        request_id.reset(bound)
    assert tuple(found) == ("of-this-request", schedule.run_at)


def test_it_travels_with_the_commit(ada: Account, wired: tuple[Engine, CountingWire]) -> None:
    made, wire = wired
    before = wire.round_trips
    with Session(made) as session, session.begin():
        post = post_of(ada)
        insert_new(session, post, variant_of(post))
    assert wire.round_trips - before == 1
