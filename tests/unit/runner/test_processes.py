"""Ports for servers that are started beside us."""

import socket
from pathlib import Path

import pytest

from runner.services import processes

_GIVEN_TO_CONNECTIONS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_a_free_port_is_given_to_no_connection() -> None:
    least, most = map(int, _GIVEN_TO_CONNECTIONS.read_text().split())
    assert not {processes.free_port() for _ in range(50)} & {*range(least, most + 1)}


def test_a_port_that_is_taken_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    first = processes.free_port()
    monkeypatch.setattr(processes, "_PORTS", [first, other := processes.free_port()])
    with socket.socket() as server:
        server.bind(("127.0.0.1", first))
        server.listen()
        assert {processes.free_port() for _ in range(20)} == {other}


def test_where_too_many_are_taken_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        monkeypatch.setattr(processes, "_PORTS", [port])
        with pytest.raises(processes.ServiceFailed, match=str(port)):
            processes.free_port()
