"""What a batch takes besides its posts: threads and transactions."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.publishing.adapters.networks import PostgresDelivering, begin_delivering
from shared.publishing.application.delivery_ports import Deliver, Delivery
from shared.publishing.application.publish_due import RECORD_WITHIN
from shared.publishing.domain.attempt import Claim, Ending
from shared.publishing.domain.outcome import Published
from tests.author import Author
from tests.functions.publishing.batches import publish
from tests.line import Line, make_due

_STARTED_TOGETHER = text("""
    SELECT count(*) FROM business_events WHERE name = 'SCHEDULE_PUBLISHING'
    GROUP BY xmin::text::bigint ORDER BY xmin::text::bigint
""")


def due_claims(author: Author, line: Line, number: int) -> list[Claim]:
    for each in range(number):
        make_due(author.scheduled(f"Post {each}"))
    line.scan()
    return line.claims()


def test_what_is_published_asks_the_database_from_one_thread(
    author: Author, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = due_claims(author, line, 20)
    start, begun = threading.Thread.start, []

    def note(thread: threading.Thread) -> None:
        begun.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", note)
    assert publish(claims) == 20
    assert len(begun) == 1


@pytest.mark.parametrize(("in_flight", "together"), [(5, [50, 5]), (54, [54, 1])])
def test_the_first_of_a_batch_are_fifty_or_one_for_each_call(
    author: Author, line: Line, in_flight: int, together: list[int]
) -> None:
    claims = due_claims(author, line, 55)
    assert publish(claims, in_flight=in_flight) == 55
    with engine().connect() as database:
        assert database.scalars(_STARTED_TOGETHER).all() == together


class _BreaksAtLast:
    """Networks of which one call breaks where none may, while others wait to be recorded."""

    def __init__(self, calls: int, broken: threading.Event) -> None:
        self._calls = calls
        self._broken = broken

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Deliver]:
        yield self._deliver

    async def _deliver(self, delivery: Delivery) -> Ending:
        self._calls -= 1
        if self._calls:
            outcome = Published(external_id="1", url="https://there.example/1")
            return Ending(attempt=delivery.attempt, outcome=outcome, took=timedelta())
        await asyncio.sleep(RECORD_WITHIN + 0.2)
        threading.Timer(0.2, self._broken.set).start()
        raise RuntimeError("as asked")


def test_when_a_batch_breaks_nothing_more_is_asked_for_it(author: Author, line: Line) -> None:
    claims = due_claims(author, line, 55)
    broken, asked = threading.Event(), 0

    @contextmanager
    def begin() -> Iterator[PostgresDelivering]:
        nonlocal asked
        asked += 1
        if asked == 2:  # the second chunk is under way, and the record of the first waits
            assert broken.wait(10)
        with begin_delivering() as work:
            yield work

    with pytest.raises(RuntimeError, match="as asked"):
        publish(claims, begin=begin, networks=_BreaksAtLast(50, broken), in_flight=50)
    assert asked == 2
