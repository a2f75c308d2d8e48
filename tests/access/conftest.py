"""Everybody has called everything, once for all tests of this folder."""

from dataclasses import dataclass

import pytest

from runner.gateway import routes
from tests.access.callers import Caller
from tests.access.house import AccessRoute, access_routes
from tests.access.walk import Met, Walk
from tests.access.world import World, world
from tests.api import Api, keep_loop
from tests.deployed_functions import functions


@dataclass(frozen=True, kw_only=True)
class Access:
    """`routes` are all there are, `met` how each caller fared on each."""

    world: World
    routes: list[AccessRoute]
    met: dict[tuple[AccessRoute, Caller], Met]


@pytest.fixture(scope="module")
def access(shared_database: None, simulator_url: str) -> Access:
    keep_loop()
    found = access_routes()
    made = world(Api(routes(functions())))
    met = {(route, caller): each for route, caller, each in Walk(made).all(found)}
    return Access(world=made, routes=found, met=met)
