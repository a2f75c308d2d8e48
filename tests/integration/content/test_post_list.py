"""The list of posts among thousands: how many statements it takes, and by which way."""

from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from shared.infrastructure.database import engine
from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.plans import Statement, plan_of, statements, steps

_POSTS = text("""
    INSERT INTO posts (id, organization_id, created_by, title, description, tags, status,
                       metadata, created_at, updated_at)
    SELECT gen_random_uuid(), :organization_id, :user_id, 'Post ' || number, 'Words', '{tea}',
           CASE WHEN number % 500 = 0 THEN 'scheduled' ELSE 'published' END, '{}',
           now() - make_interval(mins => number),
           now() - make_interval(secs => number * 7919 % 5003)
      FROM generate_series(1, 5000) number
""")
_VARIANTS = text("""
    INSERT INTO post_variants (id, post_id, organization_id, created_by, channel, content, media,
                               source, status, metadata, created_at, updated_at)
    SELECT gen_random_uuid(), id, organization_id, created_by, 'mastodon', 'Words', '{}',
           'manual', 'draft', '{}', created_at, updated_at
      FROM posts
""")


@pytest.fixture(scope="module")
def ada(shared_database: None, all_routes: list[Any]) -> Account:
    """The author of five thousand posts, with a variant each."""
    api = Api(all_routes)
    author = approved_user(api, root(api))  # root sees past the policies
    owner = {"organization_id": author.organization_id, "user_id": author.user_id}
    with engine().begin() as database:
        database.execute(_POSTS, owner)
        database.execute(_VARIANTS)
    beside = create_engine(engine().url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with beside.connect() as database:
        database.execute(text("VACUUM ANALYZE posts, post_variants"))
    return author


def _asked(author: Account, **query: Any) -> tuple[list[Statement], Any]:
    with statements("posts", "post_variants", "schedules") as seen:
        answer = author.api.get("/posts", **query)
    assert answer.status == 200, answer.content
    return seen, answer.json


QUERIES = [
    {},
    {"sortOrder": "asc"},
    {"sortBy": "created_at"},
    {"sortBy": "created_at", "sortOrder": "asc"},
    {"status": "scheduled", "limit": 5},
]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_page_takes_three_statements_and_sorts_nothing(
    ada: Account, query: dict[str, Any]
) -> None:
    seen, answer = _asked(ada, **query)
    assert len(seen) == 3
    _follow_an_index(seen)
    assert len(answer["data"]) == query.get("limit", 50)
    assert {post["variants_count"] for post in answer["data"]} == {1}
    seen, _ = _asked(ada, **query, cursor=answer["pagination"]["next_cursor"])
    assert len(seen) == 3
    _follow_an_index(seen)


def _follow_an_index(seen: list[Statement]) -> None:
    """What finds the page reads no more posts than it shows, and what counts reads none at all.

    The policy is asked once beside it, whether the organization is the one that is seen: `Result`.
    """
    found, counted = (
        [each["Node Type"] for each in steps(step) if each["Node Type"] != "Result"]
        for statement in seen
        for step in steps(plan_of(statement, without=["bitmapscan"]))
        if step["Node Type"] == "Limit"
    )
    assert found == ["Limit", "Index Scan"]
    assert counted == ["Limit", "Index Only Scan"]


def test_only_so_many_are_counted(ada: Account) -> None:
    _, answer = _asked(ada)
    place = answer["pagination"]
    assert (place["total"], place["total_is_exact"]) == (1_001, False)
    _, answer = _asked(ada, offset=4_990)
    place = answer["pagination"]
    assert (place["total"], place["total_is_exact"], place["has_more"]) == (5_000, True, False)


def test_what_is_rare_is_found_by_an_index(ada: Account) -> None:
    body = {"description": "A needle", "tags": ["needle"]}
    needle = ada.api.post("/posts", body).json["data"]["id"]
    for query in ({"search": "needle"}, {"tags": "needle"}, {"tags": "needle", "tags_mode": "all"}):
        seen, answer = _asked(ada, **query)
        assert len(answer["data"]) == 1
        assert len(seen) == 3
        for statement in seen[:2]:
            kinds = {step["Node Type"] for step in steps(plan_of(statement))}
            assert "Bitmap Index Scan" in kinds, kinds
    ada.api.delete(f"/posts/{needle}")
