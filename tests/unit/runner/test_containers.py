"""Containers: one invocation at a time each, several beside one another, and their ends."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from runner.containers import Pool
from runner.template import Function
from tests.unit.runner import invocations

PoolOf = Callable[..., Pool]


@pytest.fixture
def pool_of() -> Iterator[PoolOf]:
    with ExitStack() as stack:

        def build(name: str, **more: Any) -> Pool:
            pool = _pool(name, **more)
            stack.callback(lambda: pool.close(until=time.monotonic() + 10))
            return pool

        yield build


def _pool(name: str, *, size: int = 1, timeout: int = 29, **more: Any) -> Pool:
    function = Function(
        name=name,
        handler=f"{invocations.__name__}.{name}",
        timeout=timeout,
        environment={},
        triggers=(),
    )
    return Pool(function, size=size, **more)


def test_answers_what_the_handler_returns(pool_of: PoolOf) -> None:
    assert pool_of("sees").invoke({"a": 1}) == {"a": 1}


def test_raises_what_the_handler_raises_and_goes_on(pool_of: PoolOf) -> None:
    pool = pool_of("raises")
    for _ in range(2):
        with pytest.raises(ValueError, match="as asked"):
            pool.invoke({})


def test_container_runs_one_invocation_at_a_time(pool_of: PoolOf) -> None:
    pool = pool_of("naps", size=2)
    answers = [each.result() for each in [pool.submit({}) for _ in range(6)]]
    threads = {thread for thread, _, _ in answers}
    assert len(threads) == 2
    for thread in threads:
        turns = sorted((began, ended) for own, began, ended in answers if own == thread)
        assert all(ended <= began for (_, ended), (began, _) in pairwise(turns))


def test_containers_are_made_as_they_are_needed(pool_of: PoolOf) -> None:
    pool = pool_of("naps", size=9)
    assert _containers("naps") == 0
    for _ in range(9):
        pool.invoke({})
    assert _containers("naps") <= 2  # one may be counted as busy a little longer than it is
    for each in [pool.submit({}) for _ in range(20)]:
        each.result()
    assert _containers("naps") == 9


def _containers(name: str) -> int:
    return sum(thread.name == name for thread in threading.enumerate())


def test_handler_sees_how_long_it_may_run(pool_of: PoolOf) -> None:
    assert 28_000 < pool_of("remaining").invoke({}) <= 29_000


def test_running_over_time_is_reported_once(
    pool_of: PoolOf, caplog: pytest.LogCaptureFixture
) -> None:
    pool = pool_of("blocks", timeout=0)
    answer = pool.submit({})
    while not invocations.seen["blocks"]:
        time.sleep(0.001)
    with caplog.at_level(logging.WARNING):
        pool.report_overdue()
        pool.report_overdue()
    invocations.let_go.set()
    answer.result()
    assert [record.message for record in caplog.records] == ["invocation_over_time"]


def test_closing_waits_for_what_runs_but_not_for_ever(pool_of: PoolOf) -> None:
    pool = pool_of("blocks")
    answer = pool.submit({})
    assert pool.close(until=time.monotonic() + 0.05) == 1
    assert not answer.done()
    invocations.let_go.set()
    assert pool.close(until=time.monotonic() + 10) == 0


@pytest.mark.parametrize(("name", "ok"), [("sees", True), ("raises", False)])
def test_every_invocation_is_recorded(pool_of: PoolOf, name: str, ok: bool) -> None:  # noqa: FBT001
    records: list[tuple[datetime, str, dict[str, Any], bool]] = []
    pool = pool_of(name, record=lambda *told: records.append(told))
    pool.submit({"a": 1}).exception()
    assert [record[1:] for record in records] == [(name, {"a": 1}, ok)]
