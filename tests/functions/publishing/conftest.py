import os
from collections.abc import Iterator

import pytest

from runner.template import PATH, Template
from tests.accounts import approved_user
from tests.api import Api
from tests.author import Author
from tests.line import Line
from tests.simulator.client import Simulator


@pytest.fixture
def author(api: Api, simulator: Simulator) -> Author:
    """An active user; every network is simulated."""
    return Author.of(approved_user(api))


@pytest.fixture
def stranger(api: Api, author: Author) -> Author:
    """An active user of another organization."""
    return Author.of(approved_user(api))


@pytest.fixture
def line(database: None, environment: dict[str, str]) -> Iterator[Line]:
    driven = Line(Template(PATH.read_text(), os.environ), environment["BROKER_URL"])
    yield driven
    driven.close()
