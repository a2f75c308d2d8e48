"""Schedules among fifty thousand, found by what their posts are: by which way."""

from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from shared.infrastructure.database import engine
from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.author import Author, in_future
from tests.plans import plan_of, statements, steps

ROWS = 50_000

_POSTS = """
    INSERT INTO posts (id, organization_id, created_by, title, description, tags, status,
                       metadata, created_at, updated_at)
    SELECT gen_random_uuid(), organization_id, created_by, 'Post ' || n, 'Words',
           CASE WHEN n % 10000 = 0 THEN '{rare,tea}' ELSE '{tea}' END::varchar[],
           CASE WHEN n % 5000 = 0 THEN 'partial' ELSE 'scheduled' END, '{}', now(), now()
      FROM posts, generate_series(1, :rows) n
""".replace("::", "\\:\\:")
_SCHEDULES = """
    INSERT INTO schedules (id, organization_id, created_by, post_id, post_variant_id, channel,
                           channel_connection_id, run_at, timezone, status, next_attempt_at,
                           attempts_allowed, created_at, updated_at)
    SELECT gen_random_uuid(), post.organization_id, post.created_by, post.id,
           one.post_variant_id, one.channel, one.channel_connection_id,
           now() + make_interval(mins => row_number() OVER ()::int), 'UTC', 'cancelled', now(),
           5, now(), now()
      FROM posts post, schedules one
""".replace("::", "\\:\\:")


@pytest.fixture(scope="module")
def ada(shared_database: None, simulator_url: str, all_routes: list[Any]) -> Account:
    api = Api(all_routes)
    account = approved_user(api, root(api))
    Author.of(account).scheduled()
    with engine().begin() as database:
        database.execute(text("SET LOCAL session_replication_role = replica"))
        database.execute(text(_POSTS), {"rows": ROWS})
        database.execute(text(_SCHEDULES))
    beside = create_engine(engine().url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with beside.connect() as database:
        database.execute(
            text("VACUUM ANALYZE posts, schedules, post_variants, channel_connections")
        )
    return account


@pytest.mark.parametrize("query", [{"tags": "rare"}, {"post_status": "partial"}], ids=str)
@pytest.mark.parametrize("path", ["/schedules", "/schedules/calendar"])
def test_what_is_rare_is_found_by_an_index(ada: Account, path: str, query: dict[str, str]) -> None:
    within = {"from_date": in_future(), "to_date": in_future(days=60)}
    with statements("schedules") as seen:
        answer = ada.api.get(path, **query, **within)
    assert answer.status == 200, answer.content
    assert 3 <= len(answer.json["data"]) <= 12
    assert seen
    for statement in seen:
        looked_at = [step for step in steps(plan_of(statement)) if "Scan" in step["Node Type"]]
        assert max(step["Plan Rows"] for step in looked_at) < ROWS / 100, looked_at


@pytest.mark.parametrize("query", [{}, {"tags": "tea"}, {"post_status": "scheduled"}], ids=str)
def test_a_page_of_many_ends_when_it_is_full(ada: Account, query: dict[str, str]) -> None:
    with statements("schedules") as seen:
        answer = ada.api.get("/schedules", **query)
    assert len(answer.json["data"]) == 50
    page = list(steps(plan_of(seen[-1])))
    assert "Index Scan" in {step["Node Type"] for step in page if "schedules" in step.values()}
    gathered = [step for step in page if step["Node Type"] in {"Sort", "Hash", "Materialize"}]
    assert all(step["Plan Rows"] < ROWS / 100 for step in gathered), gathered
