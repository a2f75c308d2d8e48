"""How often a handler waits for the database or the cache while somebody waits for it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.infrastructure.cache import MemcachedCache
from shared.infrastructure.recording import answer_first
from tests.accounts import approved_user, root
from tests.api import Api, ApiAnswer
from tests.author import Author
from tests.benchmarks.counting_wire import CountingWire, counting_wire
from tests.container import of_its_own
from tests.simulator.client import Simulator


@pytest.fixture
def author(api: Api, simulator: Simulator) -> Author:
    return Author.of(root(api))


@pytest.fixture
def wire(
    author: Author, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[CountingWire]:
    with counting_wire(tmp_path, environment["DATABASE_URL"]) as (url, wire), of_its_own():
        monkeypatch.setenv("DATABASE_URL", url)
        with answer_first():  # what is left to do after an answer is nobody's to wait for
            yield wire
        monkeypatch.undo()


def _waits(wire: CountingWire, ask: Callable[[], ApiAnswer]) -> int:
    """Of a container that is warm."""
    assert ask().status < 300
    before = wire.round_trips
    assert ask().status < 300
    return wire.round_trips - before


def test_a_post_is_written_in_one(author: Author, wire: CountingWire) -> None:
    body = {"description": "Tea at four", "tags": ["tea"]}
    assert _waits(wire, lambda: author.api.post("/posts", body)) == 1


def test_a_schedule_is_made_in_two(author: Author, wire: CountingWire) -> None:
    """What it is about, and the commit with all that is said and asked meanwhile."""
    _, variant = author.write()
    connection = author.connect()
    assert _waits(wire, lambda: author.try_to_schedule(variant, connection)) == 2


def test_a_list_of_posts_is_read_in_three(author: Author, wire: CountingWire) -> None:
    """The page, how many there are, and the commit."""
    for _ in range(2):
        author.write()
    assert _waits(wire, lambda: author.api.get("/posts", limit="1")) == 3


def test_who_calls_and_whether_anything_may_be_changed_is_one_question(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = approved_user(api, root(api))
    asked: list[list[str]] = []
    get_many = MemcachedCache.get_many

    def noted(cache: MemcachedCache, keys: Iterable[str]) -> dict[str, Any]:
        asked.append([*keys])
        return get_many(cache, asked[-1])

    for _ in range(2):
        asked.clear()
        with monkeypatch.context() as patch:
            patch.setattr(MemcachedCache, "get_many", noted)
            assert member.api.post("/posts", {"description": "Tea"}).status == 201
    assert len(asked) == 1
