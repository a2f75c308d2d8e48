"""Every query forgets whose rows it is about, on purpose: strangers are shown nothing all the same.

`within_reach` asks for nothing and `Actor` refuses nothing, in the very functions that serve.
"""

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from runner.gateway import routes
from shared.identity.domain.permissions import PLATFORM
from shared.infrastructure import tenancy
from shared.infrastructure.database import engine
from shared.infrastructure.http import RequestIds
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from tests.access.callers import Caller
from tests.access.house import AccessRoute, access_routes
from tests.access.walk import Walk, codes
from tests.access.world import PEOPLE, PERSONS, World, world
from tests.api import Api, keep_loop
from tests.deployed_functions import functions


@pytest.fixture(scope="module")
def routes_of_all(environment: dict[str, str]) -> list[AccessRoute]:
    keep_loop()  # or Mangum makes one, as functions are loaded, that nobody closes
    return access_routes()


@pytest.fixture(scope="module")
def walk(
    shared_database: None, simulator_url: str, routes_of_all: list[AccessRoute]
) -> Iterator[Walk]:
    made: World = world(Api(routes(functions())))
    walk = Walk(made)
    for route in routes_of_all:  # with all that they import, and each thing there may be
        if route.method == "GET" and not route.is_public:
            walk.meet(route, Caller.OWNER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Actor, "_shares", lambda *_: True)
        for module in list(sys.modules.values()):
            if getattr(module, "within_reach", None) is within_reach:
                patch.setattr(module, "within_reach", lambda *_: [])
        yield walk


def _ours(walk: Walk) -> set[str]:
    tables = text("""
        SELECT id.table_name FROM information_schema.columns id
          JOIN information_schema.columns tenant USING (table_schema, table_name)
         WHERE table_schema = 'public' AND id.column_name = 'id'
           AND tenant.column_name = 'organization_id'
    """)
    with engine().connect() as database:
        found = {
            str(each)
            for table in database.scalars(tables).all()
            for each in database.scalars(
                text(f"SELECT id FROM {table} WHERE organization_id = :ours"),
                {"ours": walk.world.organization_id},
            )
        }
        shared = database.scalars(text("SELECT id FROM ui_presets WHERE scope = 'platform'"))
        return found - set(map(str, shared))


def test_no_list_shows_a_stranger_anything(walk: Walk, routes_of_all: list[AccessRoute]) -> None:
    ours = _ours(walk)
    assert len(ours) > 20
    asked = [each for each in routes_of_all if each.method == "GET" and not each.is_public]
    for route in asked:
        if not route.things:
            shown = walk.meet(route, Caller.STRANGER).answer.content.decode()
            assert not [each for each in ours if each in shown], route.key


def test_no_thing_is_shown_to_a_stranger(walk: Walk, routes_of_all: list[AccessRoute]) -> None:
    """Nor changed, nor taken away; and it is said as if the filter were there."""
    asked = [
        each
        for each in routes_of_all
        if each.things
        and not set(each.things) & (PERSONS | PEOPLE)
        and not each.is_public
        and each.permission not in PLATFORM
    ]
    assert len(asked) > 40
    reached = {}
    for route in asked:
        answer = walk.meet(route, Caller.STRANGER).answer
        if not any(code.endswith("_ACCESS_DENIED") for code in codes(answer)):
            reached[route.key] = (answer.status, answer.content[:200])
    assert not reached


def test_a_request_begins_with_nobodys_rows() -> None:
    seen: list[tenancy.Sight] = []

    async def app(*_: Any) -> None:
        seen.append(tenancy.sight())

    async def nothing(*_: Any) -> Any:
        return {}

    asyncio.run(RequestIds(app)({"type": "http", "headers": []}, nothing, nothing))
    assert seen == [tenancy.NOBODYS]
    assert tenancy.sight() == tenancy.EVERYBODYS
