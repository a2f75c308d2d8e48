"""Connections are shared out evenly, and none is lost with somebody who takes no more."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from runner.http_server import reserve
from runner.turns import Take, Turns


class Taker:
    def __init__(self) -> None:
        self.callers: list[int] = []

    def __call__(self, connection: socket.socket) -> None:
        with connection:
            self.callers.append(connection.getpeername()[1])


def dead(connection: socket.socket) -> None:
    raise BrokenPipeError


@contextmanager
def shared_out(*takers: Take) -> Iterator[int]:
    """The port of what is shared out; it ends with the block."""
    with reserve(0) as taken:
        turns = Turns(taken, takers)
        turns.start()
        try:
            yield taken.getsockname()[1]
        finally:
            turns.stop()
            begun = time.monotonic()
            turns.join(5)
        assert time.monotonic() - begun < 1


def call(port: int, times: int) -> list[int]:
    """The callers' own ports, once each has seen its connection end."""
    with ExitStack() as stack:
        callers = []
        for _ in range(times):
            callers.append(stack.enter_context(socket.create_connection(("127.0.0.1", port), 5)))
            assert not callers[-1].recv(1)
        return [each.getsockname()[1] for each in callers]


def test_each_gets_the_next() -> None:
    takers = [Taker(), Taker(), Taker()]
    with shared_out(*takers) as port:
        callers = call(port, 9)
    shares = [each.callers for each in takers]
    assert sorted(map(set, shares), key=min) == sorted(
        ({*callers[place::3]} for place in range(3)), key=min
    )


def test_who_takes_none_leaves_them_to_the_others() -> None:
    takers = [Taker(), Taker()]
    with shared_out(takers[0], dead, takers[1]) as port:
        callers = call(port, 6)
    assert sorted(takers[0].callers + takers[1].callers) == sorted(callers)


def test_where_nobody_takes_it_the_caller_is_told() -> None:
    with shared_out(dead, dead) as port:
        call(port, 1)


def test_nobody_is_let_in_after_the_end() -> None:
    with shared_out(Taker()) as port:
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)
