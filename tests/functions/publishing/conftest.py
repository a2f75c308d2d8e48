from collections.abc import Iterator

import pytest
import time_machine

from tests.accounts import Account, approved_user
from tests.api import Api
from tests.author import Author
from tests.functions.publishing.series import NOON
from tests.line import Line
from tests.simulator.client import Simulator


@pytest.fixture
def author(api: Api, chief: Account, simulator: Simulator) -> Author:
    """An active user; every network is simulated."""
    return Author.of(approved_user(api, chief))


@pytest.fixture
def stranger(api: Api, chief: Account, author: Author) -> Author:
    """An active user of another organization."""
    return Author.of(approved_user(api, chief))


@pytest.fixture
def line(database: None, environment: dict[str, str]) -> Iterator[Line]:
    driven = Line(environment["BROKER_URL"])
    yield driven
    driven.close()


@pytest.fixture
def noon(request: pytest.FixtureRequest, database: None) -> Iterator[time_machine.Traveller]:
    """Time stands at noon of a Friday, or at another moment, until the test moves it."""
    with time_machine.travel(getattr(request, "param", NOON), tick=False) as traveller:
        yield traveller
