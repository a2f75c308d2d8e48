"""What is sown is there once, however often it is sown, and gone when it is taken back."""

from typing import Any

import pytest
from sqlalchemy import text

from runner.refused import Refused
from runner.seed import PASSWORD, sow, take_back
from shared.infrastructure.database import engine
from tests.accounts import Account, root
from tests.api import Api
from tests.author import Author
from tests.simulator.client import Simulator

COUNTED = ("users", "organizations", "memberships", "posts", "post_variants", "schedules")


def _counts() -> dict[str, Any]:
    with engine().connect() as database:
        return {table: database.scalar(text(f"SELECT count(*) FROM {table}")) for table in COUNTED}


def _quiet(_done: int, _whole: int) -> None:
    """Nobody is watching."""


@pytest.fixture
def chief(api: Api, simulator: Simulator) -> Account:
    chief = root(api)
    Author.of(chief).scheduled()
    return chief


def test_it_is_sown_once_and_taken_back(api: Api, chief: Account) -> None:
    before = _counts()
    told: list[tuple[int, int]] = []
    for _ in ("once", "again"):
        told.clear()
        sow(engine(), users=12, posts=2_500, progress=lambda *each: told.append(each))
        assert told == sorted(told)
        assert told[-1] == (2_512, 2_512)
        more = {name: _counts()[name] - number for name, number in before.items()}
        assert more == {
            "users": 12,
            "organizations": 12,
            "memberships": 12,
            "posts": 2_500,
            "post_variants": 2_500,
            "schedules": 0,
        }
    answer = api.post("/auth/login", {"email": "seed3@example.com", "password": PASSWORD})
    assert answer.status == 200, answer.content
    sown = api.as_user(answer.json["access_token"])
    assert sown.get("/posts").json["pagination"]["total"] == len(range(2, 2_501, 12))
    assert sown.post("/posts", {"description": "One more"}).status == 201
    take_back(engine(), lambda _: None)
    assert _counts() == before


def test_whoever_takes_part_elsewhere_is_not_taken_back(api: Api, chief: Account) -> None:
    sow(engine(), users=2, posts=2, progress=_quiet)
    with engine().begin() as database:
        database.execute(text("UPDATE posts SET created_by = md5('seed user 1')::uuid"))
    sown = _counts()
    with pytest.raises(Refused, match="has a part in something else"):
        take_back(engine(), lambda _: None)
    assert _counts() == sown
